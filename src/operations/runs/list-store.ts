import type pg from 'pg';
import type { Parked } from '#execute/records.js';
import type { JsonObject } from '#ir/json.js';
import type { RunStatus } from '#ir/state.js';
import { asksPerson } from './asking-store.js';
import type { ResolvedFilter } from './filter.js';

/** A transaction of the ordinary role, confined to one organisation. */
type Sql = Pick<pg.ClientBase, 'query'>;

/** A run as a list shows it. */
export interface RunSummaryRow {
  readonly id: string;
  readonly title: string;
  readonly status: RunStatus;
  readonly mode: string;
  readonly word: string | null;
  readonly parked: Parked | null;
  readonly wakeAt: Date | null;
  readonly planDigest: string;
  readonly target: JsonObject;
  readonly lane: string;
  readonly priority: number;
  readonly requestedBy: string;
  readonly parent: string | null;
  readonly sessionId: string | null;
  readonly sessionName: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly archived: boolean;
  /** Its rollback left something as it was. */
  readonly notUndone: boolean;
  /** A person is asked something, at rest or beside what goes on, or has to look what was left. */
  readonly needsPerson: boolean;
  readonly undoesOnCancel: boolean;
  readonly done: number;
  readonly total: number;
  readonly proven: number;
  readonly holds: number;
  readonly exitCodeOnly: number;
  readonly failed: number;
}

/** So many runs are looked at for one page: a filter that fits few of 100,000 answers as fast as one that fits many. */
export const MOST_SCANNED = 10_000;
const MOST_SCANNED_FOR_COUNT = 4_000;
/** What is counted; beyond it, "1000+". */
export const MOST_COUNTED = 1_000;

/** What a rollback left as it was stays somebody's business until the run is put away; standing fault of a run that failed, as `fault.ts` has it. */
const notUndone = (run: string) =>
  `coalesce(${run}.status = 'failed' and ${run}.error ->> 'code' = 'ROLLBACK_INCOMPLETE', false)`;

/** What waits for a person, as the Runboard shows it. */
const needsPerson = (run: string) => `(${asksPerson(run)} or ${notUndone(run)})`;

/** One run's steps, each by its last attempt, those of compensations and of single items left out. */
const TALLY = `select count(*) filter (where s.status in ('done', 'skipped'))::int as done,
    count(*) filter (where s.word = 'proven')::int as proven,
    count(*) filter (where s.word = 'holds, not proven by this step')::int as holds,
    count(*) filter (where s.word = 'exit code only')::int as "exitCodeOnly",
    count(*) filter (where s.word = 'failed' or s.status = 'failed')::int as failed
  from (select distinct on (a.step_id) a.status, a.word from opsroom.step_attempts a
    where a.org_id = $1 and a.run_id = r.id and a.item < 0 and position('/' in a.step_id) = 0
    order by a.step_id, a.revision desc, a.attempt desc) s`;

const SUMMARY = `r.id, r.title, r.status, r.mode, r.word, r.parked, r.wake_at as "wakeAt", r.plan_digest as "planDigest", r.target, r.lane,
  r.priority, r.requested_by as "requestedBy", r.parent_id as parent, n.id as "sessionId", n.name as "sessionName", r.created_at as "createdAt",
  r.started_at as "startedAt", r.ended_at as "endedAt", coalesce(r.archived_at >= r.ended_at, false) as archived,
  ${notUndone('r')} as "notUndone", ${needsPerson('r')} as "needsPerson", coalesce(p.step_count, 0) as total, t.*`;

const JOINS = `join opsroom.plans p on p.org_id = $1 and p.digest = r.plan_digest
  left join opsroom.session_runs l on l.org_id = $1 and l.run_id = r.id
  left join opsroom.sessions n on n.org_id = $1 and n.id = l.session_id
  cross join lateral (${TALLY}) t`;

const MAY_NEED_A_PERSON: readonly RunStatus[] = ['waiting', 'running', 'failed'];

interface Statement {
  readonly values: unknown[];
  /** Those of `values` that `base` refers to: the server refuses others beside them. */
  readonly baseValues: unknown[];
  readonly base: (limit: number) => string;
  readonly conditions: string;
}

export interface Page {
  readonly rows: RunSummaryRow[];
  /** The run after which the next page begins; a page may be empty and have one. */
  readonly next: string | null;
}

/** The newest first, after the run `cursor`. */
export async function listRuns(
  sql: Sql,
  org: string,
  filter: ResolvedFilter,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page> {
  const { values, baseValues, base, conditions } = statement(org, filter, cursor);
  await keepOrder(sql);
  const { rows } = await sql.query<RunSummaryRow>(
    `select ${SUMMARY}, false as "undoesOnCancel"
     from (select * from (${base(MOST_SCANNED)}) w where ${conditions} order by w.at desc, w.id desc limit ${limit + 1}) r
     ${JOINS} order by r.at desc, r.id desc`,
    values,
  );
  if (rows.length > limit) return { rows: rows.slice(0, limit), next: rows[limit - 1]?.id ?? null };
  return { rows, next: await beyond(sql, baseValues, base(MOST_SCANNED), MOST_SCANNED) };
}

/** How many runs fit: exact, unless there are `more`. */
export async function countRuns(
  sql: Sql,
  org: string,
  filter: ResolvedFilter,
): Promise<{ readonly count: number; readonly more: boolean }> {
  const { values, baseValues, base, conditions } = statement(org, filter, undefined);
  await keepOrder(sql);
  const { rows } = await sql.query<{ count: number }>(
    `select count(*)::int as count from (select 1 from (${base(MOST_SCANNED_FOR_COUNT)}) w where ${conditions} limit ${MOST_COUNTED + 1}) c`,
    values,
  );
  const count = rows[0]?.count ?? 0;
  if (count > MOST_COUNTED) return { count: MOST_COUNTED, more: true };
  const last = await beyond(sql, baseValues, base(MOST_SCANNED_FOR_COUNT), MOST_SCANNED_FOR_COUNT);
  return { count, more: last !== null };
}

/**
 * For the rest of the transaction. The planner sees the inner limit and not the outer one, so it would rather fetch and sort
 * the runs of several states than merge them in the order of their index (48 ms against 3 ms of 100,000 runs).
 */
async function keepOrder(sql: Sql): Promise<void> {
  await sql.query('set local enable_bitmapscan to off; set local enable_sort to off');
}

/** The last of the runs that were looked at, when that were as many as may be. */
async function beyond(sql: Sql, values: unknown[], base: string, scanned: number): Promise<string | null> {
  const { rows } = await sql.query<{ id: string }>(`select id from (${base}) w offset ${scanned - 1} limit 1`, values);
  return rows[0]?.id ?? null;
}

/** These runs, in the order of their creation, the newest first. */
export async function runsByIds(sql: Sql, org: string, ids: readonly string[]): Promise<RunSummaryRow[]> {
  const { rows } = await sql.query<RunSummaryRow>(
    `select ${SUMMARY}, coalesce(p.body ->> 'onCancel' = 'rollback', false) as "undoesOnCancel"
     from opsroom.runs r ${JOINS} where r.org_id = $1 and r.id = any ($2) order by r.created_at desc, r.id desc`,
    [org, ids],
  );
  return rows;
}

/**
 * The runs of an organisation in order, narrowed by what an index serves (`base`), and by the rest (`conditions`). The
 * limit lies between the two, and both keep the order: a page is found without sorting, and no page looks at more.
 */
function statement(org: string, filter: ResolvedFilter, cursor: string | undefined): Statement {
  const values: unknown[] = [org];
  const put = (value: unknown): string => `$${values.push(value)}`;
  const indexed =
    filter.sessionId === undefined ? newest(filter, cursor, put) : ofSession(filter.sessionId, cursor, put);
  const base = (limit: number) => `${indexed} order by at desc, id desc limit ${limit}`;
  const baseValues = [...values];
  return { values, baseValues, base, conditions: conditionsOf(filter, put).join(' and ') };
}

/** One branch for each status, so that each is read in order from its index. */
function newest(
  { status, from, to, archived, needsPerson: needed }: ResolvedFilter,
  cursor: string | undefined,
  put: Put,
): string {
  const after = cursor === undefined ? undefined : put(cursor);
  const common = [
    'org_id = $1',
    ...(from === undefined ? [] : [`created_at >= ${put(from)}`]),
    ...(to === undefined ? [] : [`created_at < ${put(to)}`]),
    ...(archived === 'only' ? ['archived_at is not null'] : []),
    ...(after === undefined
      ? []
      : [
          `(created_at, id) < ((select created_at from opsroom.runs where org_id = $1 and id = ${after}), ${after}::uuid)`,
        ]),
  ].join(' and ');
  const of = (more: string) => `select *, created_at as at from opsroom.runs where ${common}${more}`;
  const wanted = [...new Set(status ?? (needed ? MAY_NEED_A_PERSON : []))];
  // Written out, from our own list: the planner sees that the partial index serves only by a constant.
  const branches = wanted.map((one) => of(` and status = '${one}'`));
  const ordered = (branch: string) => `(${branch} order by created_at desc, id desc limit ${MOST_SCANNED})`;
  return branches.length > 1 ? branches.map(ordered).join(' union all ') : (branches[0] ?? of(''));
}

function ofSession(session: string | null, cursor: string | undefined, put: Put): string {
  const after = cursor === undefined ? undefined : put(cursor);
  const later =
    after === undefined
      ? ''
      : ` and (l.at, l.run_id) < ((select at from opsroom.session_runs where org_id = $1 and run_id = ${after}), ${after}::uuid)`;
  return `select r.*, l.at from opsroom.session_runs l join opsroom.runs r on r.org_id = $1 and r.id = l.run_id
    where l.org_id = $1 and l.session_id = ${put(session)}${later}`;
}

type Put = (value: unknown) => string;

function conditionsOf(filter: ResolvedFilter, put: Put): string[] {
  const { status, lane, plan, text, requestedBy, target = [], from, to, archived = 'no', needsPerson: needed } = filter;
  const conditions = ['true'];
  const add = (condition: string) => conditions.push(condition);
  if (filter.sessionId !== undefined) {
    if (status) add(`w.status = any (${put(status)})`);
    if (from) add(`w.created_at >= ${put(from)}`);
    if (to) add(`w.created_at < ${put(to)}`);
  }
  if (archived === 'no') add('(w.archived_at is null or w.ended_at is null or w.archived_at < w.ended_at)');
  if (archived === 'only') add('w.archived_at >= w.ended_at');
  if (lane) add(`w.lane = any (${put(lane)})`);
  if (requestedBy) add(`w.requested_by = any (${put(requestedBy)})`);
  if (needed) add(needsPerson('w'));
  if (plan !== undefined) add(planCondition(plan, put));
  if (text !== undefined && text !== '') add(textCondition(text, put));
  for (const one of target) {
    const at = one.indexOf('=');
    add(`w.target ->> ${put(one.slice(0, at))}::text = ${put(one.slice(at + 1))}`);
  }
  return conditions;
}

function planCondition(plan: string, put: Put): string {
  const digest = /^(?:sha256:)?([0-9a-f]{8,64})$/.exec(plan)?.[1];
  if (digest !== undefined) return `starts_with(w.plan_digest, ${put(digest)})`;
  return `w.plan_digest in (select digest from opsroom.plans where org_id = $1 and position(lower(${put(plan)}) in lower(title)) > 0)`;
}

function textCondition(text: string, put: Put): string {
  const title = `position(lower(${put(text)}) in lower(w.title)) > 0`;
  const id = /^[0-9a-f-]{4,36}$/i.test(text) ? text.toLowerCase().replaceAll('-', '') : undefined;
  return id === undefined ? title : `(${title} or position(${put(id)} in replace(w.id::text, '-', '')) > 0)`;
}
