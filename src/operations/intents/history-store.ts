import type pg from 'pg';
import type { JsonObject } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';
import type { RunStatus } from '#ir/state.js';

/** A transaction of the ordinary role, confined to one organisation. */
type Sql = Pick<pg.ClientBase, 'query'>;

export interface EarlierRun {
  readonly id: string;
  readonly status: RunStatus;
  readonly word: string | null;
  readonly requestedBy: string;
  readonly startedAt: Date | null;
  readonly endedAt: Date;
}

/** So many of those that went wrong are looked through: they are few, and have no index by title. */
const MOST_SCANNED = 2000;

/** What is asked for, and the run that came of it. */
interface Asked {
  readonly title: string;
  readonly target: JsonObject;
  /** Null: none has come yet. */
  readonly runId: string | null;
}

/** Of an intent that has run: what came before that, and not it itself or what came later. @param runs the alias of what is looked through */
const before = (runs: string, run: string): string =>
  `${runs}.created_at < coalesce((select created_at from opsroom.runs where org_id = $1 and id = ${run}), 'infinity')`;

/** How runs of this title ended on this target before, the newest first. */
export async function earlierRuns(
  sql: Sql,
  org: string,
  { title, target, runId }: Asked,
  limit: number,
): Promise<EarlierRun[]> {
  const { rows } = await sql.query<EarlierRun>(
    `select id, status, word, requested_by as "requestedBy", started_at as "startedAt", ended_at as "endedAt" from (
       (select * from opsroom.runs e where org_id = $1 and md5(title) = md5($2) and title = $2 and status = 'succeeded' and target = $3
           and ${before('e', '$5')}
         order by created_at desc limit $4)
       union all
       (select * from (select * from opsroom.runs e where org_id = $1 and status in ('failed', 'rolled_back', 'cancelled')
           and ${before('e', '$5')}
           order by created_at desc, id desc limit ${MOST_SCANNED}) t
         where title = $2 and target = $3 order by created_at desc limit $4)) r
     order by created_at desc limit $4`,
    [org, title, JSON.stringify(target), limit, runId],
  );
  return rows;
}

export interface LastRun {
  readonly id: string;
  readonly endedAt: Date;
  readonly plan: Plan;
  readonly inputs: JsonObject;
}

/** The last run of this title that succeeded on this target, with its plan. */
export async function lastSuccess(
  sql: Sql,
  org: string,
  { title, target, runId }: Asked,
): Promise<LastRun | undefined> {
  const { rows } = await sql.query<LastRun>(
    `select r.id, r.ended_at as "endedAt", r.inputs, p.body as plan from opsroom.runs r
     join opsroom.plans p on p.org_id = r.org_id and p.digest = r.plan_digest
     where r.org_id = $1 and md5(r.title) = md5($2) and r.title = $2 and r.status = 'succeeded' and r.target = $3
       and ${before('r', '$4')}
     order by r.created_at desc limit 1`,
    [org, title, JSON.stringify(target), runId],
  );
  return rows[0];
}
