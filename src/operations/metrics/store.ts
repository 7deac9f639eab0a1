import type pg from 'pg';

/** A transaction of the ordinary role, confined to one organisation. */
type Sql = Pick<pg.ClientBase, 'query'>;

/** Runs that have not ended, and how many a lane lets go at once. */
export async function openRuns(sql: Sql, org: string) {
  const runs = await sql.query<{ lane: string; status: string; runs: number }>(
    `select lane, status, count(*)::int as runs from opsroom.runs
     where org_id = $1 and status in ('queued', 'released', 'running', 'pausing', 'waiting', 'paused') group by 1, 2`,
    [org],
  );
  const lanes = await sql.query<{ lane: string; width: number }>(
    'select lane, width from opsroom.lanes where org_id = $1 order by lane',
    [org],
  );
  return { runs: runs.rows, lanes: lanes.rows };
}

/** So long ago by the database's clock: what ended before it is committed by now. */
export async function settledUntil(sql: Sql, lagMs: number): Promise<Date> {
  const { rows } = await sql.query<{ at: Date }>(
    'select clock_timestamp() - make_interval(secs => $1::float8 / 1000) as at',
    [lagMs],
  );
  return rows[0]?.at ?? new Date(0);
}

/** So many of each are counted at one time of asking; the rest at the next. */
const MOST = 20_000;

/** The runs that ended after one moment and up to another, in the order of their end. */
export async function endedRuns(sql: Sql, org: string, from: Date, to: Date) {
  const { rows } = await sql.query<{ id: string; status: string; seconds: number | null; at: Date }>(
    `select id, status, extract(epoch from ended_at - started_at)::float8 as seconds, ended_at as at from opsroom.runs
     where org_id = $1 and ended_at > $2 and ended_at <= $3 order by ended_at limit ${MOST}`,
    [org, from, to],
  );
  return { rows, whole: rows.length < MOST };
}

/** The attempts of these runs, but for those that a re-run took over. */
export async function stepsOf(sql: Sql, org: string, runs: readonly string[]) {
  const { rows } = await sql.query<{ tool: string; outcome: string; seconds: number }>(
    `with tools as materialized (
       select p.digest, s ->> 'id' as step, s ->> 'tool' as tool from opsroom.plans p cross join lateral jsonb_array_elements(p.body -> 'steps') s
       where p.org_id = $1 and p.digest in (select plan_digest from opsroom.runs where org_id = $1 and id = any ($2)))
     select t.tool, a.status as outcome, extract(epoch from a.ended_at - a.started_at)::float8 as seconds
     from opsroom.runs r join opsroom.step_attempts a on a.org_id = $1 and a.run_id = r.id
     join tools t on t.digest = r.plan_digest and t.step = a.step_id
     where r.org_id = $1 and r.id = any ($2) and t.tool is not null and a.ended_at is not null and a.reused_from is null`,
    [org, runs],
  );
  return rows;
}
