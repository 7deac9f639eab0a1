import type { JsonValue } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';
import type { RunStatus } from '#ir/state.js';
import type { Held } from '../ports.js';
import type { AttemptStatus, Fault, RunRow, StoredVerdict } from '../records.js';
import type { Sql } from '../sql.js';

/** What doors read. Every function is given a transaction of the ordinary role, confined to one organisation. */

/**
 * Ids of the runs that a short form may mean, at most five.
 *
 * @param part hexadecimal digits of the id without its hyphens; undefined: the newest run
 */
export async function findRunIds(sql: Sql, org: string, part: string | undefined): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(findText(org, part));
  return rows.map(({ id }) => id);
}

/** A whole id is looked up; part of one is searched for in all of them. */
function findText(org: string, part: string | undefined): { text: string; values: string[] } {
  if (part === undefined)
    return {
      text: 'select id from opsroom.runs where org_id = $1 order by created_at desc, id desc limit 1',
      values: [org],
    };
  if (part.length === 32)
    return { text: 'select id from opsroom.runs where org_id = $1 and id = $2::uuid', values: [org, part] };
  return {
    text: `select id from opsroom.runs where org_id = $1 and position($2 in replace(id::text, '-', '')) > 0
      order by created_at desc limit 5`,
    values: [org, part],
  };
}

export type ViewedRun = RunRow & { readonly concurrency_key: string | null; readonly plan: Plan };

export async function viewRun(sql: Sql, org: string, id: string): Promise<ViewedRun | undefined> {
  const { rows } = await sql.query<ViewedRun>(
    `select r.*, p.body as plan from opsroom.runs r join opsroom.plans p on p.org_id = r.org_id and p.digest = r.plan_digest
     where r.org_id = $1 and r.id = $2`,
    [org, id],
  );
  return rows[0];
}

/** One attempt as people read it. */
export interface ViewedAttempt {
  readonly step: string;
  readonly item: number;
  readonly revision: number;
  readonly attempt: number;
  readonly status: AttemptStatus;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  /** Left out when large: a run of ten thousand steps is shown as well. */
  readonly output: JsonValue;
  readonly word: string | null;
  readonly verdicts: readonly StoredVerdict[] | null;
  readonly error: Fault | null;
  readonly isolation: string | null;
  readonly person: { readonly by: string; readonly reason: string } | null;
  readonly wakeAt: Date | null;
  readonly reusedFrom: string | null;
}

/** All attempts of a run, those of one unit in order. */
export async function viewAttempts(sql: Sql, org: string, run: string): Promise<ViewedAttempt[]> {
  const { rows } = await sql.query<ViewedAttempt>(
    `select step_id as step, item, revision, attempt, status, started_at as "startedAt", ended_at as "endedAt",
       case when pg_column_size(output) <= 4096 or status = 'waiting' then output end as output, word, verdicts, error, isolation, person,
       wake_at as "wakeAt", reused_from as "reusedFrom"
     from opsroom.step_attempts where org_id = $1 and run_id = $2 order by started_at, step_id, item, revision, attempt`,
    [org, run],
  );
  return rows;
}

type LatestAttempt = Pick<
  ViewedAttempt,
  'step' | 'item' | 'attempt' | 'status' | 'error' | 'output' | 'startedAt' | 'isolation'
>;

/** The latest attempt of one unit, with its output whatever its size. */
export async function latestAttempt(
  sql: Sql,
  org: string,
  run: string,
  { step, item }: { readonly step: string; readonly item: number },
): Promise<LatestAttempt | undefined> {
  const { rows } = await sql.query<LatestAttempt>(
    `select step_id as step, item, attempt, status, error, output, started_at as "startedAt", isolation from opsroom.step_attempts
     where org_id = $1 and run_id = $2 and step_id = $3 and item = $4 order by revision desc, attempt desc limit 1`,
    [org, run, step, item],
  );
  return rows[0];
}

/** What the step that a run waits for asks of a person, with this run's values; secrets masked. */
export async function waitingInstructions(
  sql: Sql,
  org: string,
  run: string,
  { step, item }: { readonly step: string; readonly item: number },
): Promise<string | undefined> {
  const { rows } = await sql.query<{ text: string | null }>(
    `select args ->> 'instructions' as text from opsroom.step_attempts
     where org_id = $1 and run_id = $2 and step_id = $3 and item = $4 and status = 'waiting' order by revision desc, attempt desc limit 1`,
    [org, run, step, item],
  );
  return rows[0]?.text ?? undefined;
}

/** What may hold a run up that nobody has taken yet. */
export interface QueueFacts {
  readonly laneWidth: number;
  readonly laneUsed: number;
  readonly userCap: number;
  readonly userUsed: number;
  /** The run that holds the same concurrency key. */
  readonly keyHolder: string | null;
  /** Workers that have beaten lately and may take it. */
  readonly workers: number;
}

/** Beats come at least every 40 s even with the longest lease; a worker that is silent for longer is gone or cut off. */
const SILENT = "interval '1 minute'";

export async function queueFacts(sql: Sql, run: ViewedRun): Promise<QueueFacts> {
  const { rows } = await sql.query<QueueFacts>(
    `with active as (
       select lane, requested_by from opsroom.runs where org_id = $1 and status in ('released', 'running', 'pausing') and id <> $2)
     select
       (select width from opsroom.lanes where org_id = $1 and lane = $3) as "laneWidth",
       (select count(*)::int from active where lane = $3) as "laneUsed",
       (select running_per_user from opsroom.organisations where id = $1) as "userCap",
       (select count(*)::int from active where requested_by = $4) as "userUsed",
       (select id from opsroom.runs where org_id = $1 and concurrency_key = $5 and id <> $2
          and status not in ('succeeded', 'failed', 'rolled_back', 'cancelled')
          and (started_at is not null or status in ('released', 'running', 'pausing')) limit 1) as "keyHolder",
       (select count(*)::int from opsroom.workers where takes = 'all' and not draining and ($6::text is null or host = $6)
          and beat_at > clock_timestamp() - ${SILENT}) as workers`,
    [run.org_id, run.id, run.lane, run.requested_by, run.concurrency_key, run.host],
  );
  const facts = rows[0];
  return facts ?? { laneWidth: 0, laneUsed: 0, userCap: 0, userUsed: 0, keyHolder: null, workers: 0 };
}

/** The beats of workers that take every run of a host, by id. */
export async function beatsOf(sql: Sql, host: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql.query<{ id: string; beats: number }>(
    `select id, beats from opsroom.workers where takes = 'all' and not draining and host = $1
       and beat_at > clock_timestamp() - ${SILENT}`,
    [host],
  );
  return new Map(rows.map(({ id, beats }) => [id, beats]));
}

/** One thing that happened in a run. */
export interface RunEvent {
  readonly seq: number;
  readonly type: string;
  readonly step: string | null;
  readonly item: number | null;
  readonly attempt: number | null;
  readonly data: JsonValue;
  readonly at: Date;
}

export async function eventsAfter(sql: Sql, org: string, run: string, seq: number, limit: number): Promise<RunEvent[]> {
  const { rows } = await sql.query<RunEvent>({
    name: 'events_after',
    text: `select seq, type, step_id as step, item, attempt, data, at from opsroom.events
      where org_id = $1 and run_id = $2 and seq > $3 order by seq limit $4`,
    values: [org, run, seq, limit],
  });
  return rows;
}

/** Where a run stands, as a follower needs it. */
export interface Standing {
  readonly status: RunStatus;
  readonly wakeAt: Date | null;
  readonly owner: string | null;
  /** Since its end, by the database's clock. */
  readonly endedForMs: number | null;
  /** A bundle holds the whole chain as it is now. */
  readonly sealed: boolean;
  /** Number of its last event. */
  readonly lastSeq: number;
}

export async function standingOf(sql: Sql, org: string, run: string): Promise<Standing | undefined> {
  const { rows } = await sql.query<Standing>({
    name: 'standing_of',
    text: `select r.status, r.wake_at as "wakeAt", r.owner, (extract(epoch from clock_timestamp() - r.ended_at) * 1000)::float8 as "endedForMs",
        exists (select 1 from opsroom.bundles b where b.org_id = $1 and b.run_id = $2
          and b.head_seq = (select max(p.seq) from opsroom.proofs p where p.org_id = $1 and p.run_id = $2)) as sealed,
        (select coalesce(max(e.seq), 0) from opsroom.events e where e.org_id = $1 and e.run_id = $2) as "lastSeq"
      from opsroom.runs r where r.org_id = $1 and r.id = $2`,
    values: [org, run],
  });
  return rows[0];
}

/** What the run's owner answered to the latest signal of a kind; null while it has not. */
export async function lastOutcome(sql: Sql, org: string, run: string, kind: string): Promise<string | null> {
  const { rows } = await sql.query<{ outcome: string | null }>(
    'select outcome from opsroom.signals where org_id = $1 and run_id = $2 and kind = $3 order by id desc limit 1',
    [org, run, kind],
  );
  return rows[0]?.outcome ?? null;
}

/** The run that began in place of one that failed, when its plan starts failed runs anew. */
export async function restartOf(sql: Sql, org: string, run: string): Promise<string | undefined> {
  const { rows } = await sql.query<{ id: string }>(
    `select c.id from opsroom.runs c join opsroom.runs p on p.org_id = c.org_id and p.id = c.parent_id
     where c.org_id = $1 and c.parent_id = $2 and c.restart = p.restart + 1 order by c.created_at limit 1`,
    [org, run],
  );
  return rows[0]?.id;
}

/** Of steps that run, those whose calls a rate holds back; of one with items, the item that was told of last. */
export async function heldSteps(
  sql: Sql,
  org: string,
  run: string,
  steps: readonly string[],
): Promise<ReadonlyMap<string, Held>> {
  if (steps.length === 0) return new Map();
  const { rows } = await sql.query<{ step: string; held: Held }>(
    `select step, held from (
       select distinct on (step_id, item) step_id as step, type, data as held, seq from opsroom.events
       where org_id = $1 and run_id = $2 and step_id = any($3) and type like 'step.%'
         and exists (select from opsroom.call_rates where org_id = $1)
       order by step_id, item, seq desc) latest
     where type = 'step.held' order by seq`,
    [org, run, steps],
  );
  return new Map(rows.map(({ step, held }) => [step, held]));
}
