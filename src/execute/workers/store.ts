import type { Parked } from '../records.js';
import type { Sql } from '../sql.js';
import type { Beat } from './beat.js';
import type { Hint } from './dispatch.js';

export interface Released {
  /** How many runs left the queue. */
  readonly released: number;
  /** Those of them for which no job was written: the caller's worker is to take them. */
  readonly near: readonly Hint[];
}

/** @param near the caller's own worker, and how many runs it would take */
export async function releaseRuns(sql: Sql, near?: { worker: string; room: number }): Promise<Released> {
  const { rows } = await sql.query<Released>({
    name: 'release_runs',
    text: 'select released, near from opsroom.release_runs($1, $2)',
    values: [near?.worker ?? null, near?.room ?? 0],
  });
  return rows[0] ?? { released: 0, near: [] };
}

export interface WorkerRow {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly poolId: string | null;
  readonly takes: 'all' | 'own';
  /** How many runs it takes at once. */
  readonly runs: number;
}

/**
 * A worker must be in the ledger before it takes anything.
 *
 * @returns what the database's clock showed, ms since the epoch
 */
export async function insertWorker(sql: Sql, w: WorkerRow): Promise<number> {
  const { rows } = await sql.query<{ now: number }>({
    text: `insert into opsroom.workers (id, host, pid, pool_id, takes, runs) values ($1, $2, $3, $4, $5, $6)
      returning (extract(epoch from clock_timestamp()) * 1000)::float8 as now`,
    values: [w.id, w.host, w.pid, w.poolId, w.takes, w.runs],
  });
  return rows[0]?.now ?? Number.NaN;
}

export async function updateWorker(
  sql: Sql,
  id: string,
  change: { poolId?: string; draining?: boolean },
): Promise<void> {
  await sql.query({
    text: 'update opsroom.workers set pool_id = coalesce($2, pool_id), draining = coalesce($3, draining) where id = $1',
    values: [id, change.poolId ?? null, change.draining ?? null],
  });
}

export async function deleteWorker(sql: Sql, id: string): Promise<void> {
  await sql.query({ text: 'delete from opsroom.workers where id = $1', values: [id] });
}

/** How many workers of one process have beaten within `withinMs`, by the database's clock. */
export async function countBeatingWorkers(sql: Sql, host: string, pid: number, withinMs: number): Promise<number> {
  const { rows } = await sql.query<{ n: number }>({
    text: `select count(*)::int as n from opsroom.workers
      where host = $1 and pid = $2 and beat_at > clock_timestamp() - make_interval(secs => $3::float8 / 1000)`,
    values: [host, pid, withinMs],
  });
  return rows[0]?.n ?? 0;
}

/** The process whose worker owns a run at this moment; undefined when nobody does. */
export async function ownerPid(sql: Sql, org: string, run: string): Promise<number | undefined> {
  const { rows } = await sql.query<{ pid: number }>({
    text: 'select w.pid from opsroom.runs r join opsroom.workers w on w.id = r.owner where r.org_id = $1 and r.id = $2',
    values: [org, run],
  });
  return rows[0]?.pid;
}

export async function beat(sql: Sql, worker: string): Promise<Beat | null> {
  const { rows } = await sql.query<{ beat: Beat | null }>({
    name: 'beat',
    text: 'select opsroom.beat($1) as beat',
    values: [worker],
  });
  return rows[0]?.beat ?? null;
}

export async function sweep(sql: Sql): Promise<void> {
  await sql.query({ name: 'sweep', text: 'select opsroom.sweep()' });
}

/** @returns how many runs the dead worker held */
export async function depose(sql: Sql, worker: string, beats: number, parked: Parked): Promise<number> {
  const { rows } = await sql.query<{ n: number }>({
    text: 'select opsroom.depose($1, $2, $3) as n',
    values: [worker, beats, JSON.stringify(parked)],
  });
  return rows[0]?.n ?? 0;
}

/** Gives up some runs (null: all) of a worker, in a new epoch. */
export async function giveUpRuns(sql: Sql, worker: string, runs: readonly string[] | null): Promise<void> {
  await sql.query({ text: 'select opsroom.give_up_runs($1, $2, false, null)', values: [worker, runs] });
}

/** Tells who follows which runs changed. Outside the step's commit: a notification there would serialise all commits. */
export async function notifyChanged(sql: Sql, runs: readonly string[]): Promise<void> {
  const text = "select set_config('synchronous_commit', 'off', true), pg_notify('opsroom_runs', $1)";
  await sql.query({ name: 'notify_changed', text, values: [runs.join(',')] });
}

/**
 * Of the runs that the ledger knows: whether they and all that were started again from them ended more than `days` ago.
 * A run that was started again works in the folder of the first.
 */
export async function endedFamilies(
  sql: Sql,
  runs: readonly string[],
  days: number,
): Promise<ReadonlyMap<string, boolean>> {
  const { rows } = await sql.query<{ root: string; over: boolean }>({
    text: `with recursive family as (
        select org_id, id, id as root, ended_at from opsroom.runs where id = any ($1::uuid[])
        union all
        select c.org_id, c.id, f.root, c.ended_at from family f
        join opsroom.runs c on c.org_id = f.org_id and c.parent_id = f.id)
      select root, bool_and(ended_at is not null and ended_at < clock_timestamp() - make_interval(days => $2)) as over
      from family group by root`,
    values: [runs, days],
  });
  return new Map(rows.map(({ root, over }) => [root, over]));
}

/** Of these runs, those that have ended, that another worker has, or that the ledger does not know. */
export async function notOurs(sql: Sql, runs: readonly string[], worker: string): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>({
    text: `select asked.id from unnest($1::uuid[]) as asked (id)
      left join opsroom.runs r on r.id = asked.id
      where r.id is null or r.ended_at is not null or r.owner <> $2::uuid`,
    values: [runs, worker],
  });
  return rows.map(({ id }) => id);
}
