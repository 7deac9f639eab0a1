import type pg from 'pg';

type Sql = Pick<pg.ClientBase, 'query'>;

export interface StepTime {
  readonly run: string;
  readonly step: string;
  readonly ms: number;
}

/** Whose earlier runs count: those of the same plan, or those of the same title. */
export type Likeness = { readonly planDigest: string } | { readonly title: string };

/**
 * How long each step took in the latest runs that succeeded, from its first attempt to its last, the pauses in between
 * included. What was taken over from another run, and compensations, do not count; a step that was skipped took nothing.
 */
export async function stepTimes(
  sql: Sql,
  org: string,
  like: Likeness,
  { not, runs }: { readonly not: string; readonly runs: number },
): Promise<StepTime[]> {
  const [which, value] =
    'planDigest' in like ? ['plan_digest = $2', like.planDigest] : ['md5(title) = md5($2) and title = $2', like.title];
  const { rows } = await sql.query<StepTime>(
    `with recent as materialized (
       select id from opsroom.runs where org_id = $1 and ${which} and status = 'succeeded' and id <> $3
       order by created_at desc limit $4)
     select a.run_id as run, a.step_id as step, extract(epoch from max(a.ended_at) - min(a.started_at))::float8 * 1000 as ms
     from recent join opsroom.step_attempts a on a.org_id = $1 and a.run_id = recent.id
     where a.ended_at is not null and a.reused_from is null and position('/' in a.step_id) = 0
     group by a.run_id, a.step_id`,
    [org, value, not, runs],
  );
  return rows;
}
