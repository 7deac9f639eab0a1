import type { Pool, PoolClient } from 'pg';
import type { AttemptId } from '#ir/calls.js';
import type { Encoded } from './block.js';

/** Whatever runs a statement: a pool, or a transaction of a door. */
export type Queryable = Pick<Pool | PoolClient, 'query'>;

export interface ChunkKey {
  readonly id: AttemptId;
  readonly seq: number;
  /** The UTC day it is filed under, YYYY-MM-DD. */
  readonly day: string;
}

export interface ChunkRow extends ChunkKey, Encoded {
  readonly firstLine: number;
  readonly lines: number;
  readonly at: Date;
}

export type StoredChunk = Encoded & { readonly seq: number; readonly first_line: number; readonly lines: number };

const keyColumns = (keys: readonly ChunkKey[]): unknown[] => [
  keys.map(({ id }) => id.org),
  keys.map(({ id }) => id.runId),
  keys.map(({ id }) => id.stepId),
  keys.map(({ id }) => id.item),
  keys.map(({ id }) => id.revision),
  keys.map(({ id }) => id.attempt),
  keys.map(({ seq }) => seq),
  keys.map(({ day }) => day),
];

/** Chunks of any number of attempts in one commit. Repeating a statement whose outcome is unknown does no harm. */
export async function insertChunks(sql: Queryable, rows: readonly ChunkRow[]): Promise<void> {
  const columns = [rows.map((r) => r.firstLine), rows.map((r) => r.lines), rows.map((r) => r.codec)];
  await sql.query({
    name: 'insert-log-chunks',
    text: `insert into opsroom.step_log_chunks
        (org_id, run_id, step_id, item, revision, attempt, seq, day, first_line, lines, codec, body, at)
      select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::int[], $6::int[], $7::int[], $8::date[],
        $9::bigint[], $10::int[], $11::smallint[], $12::bytea[], $13::timestamptz[])
      on conflict do nothing`,
    values: [...keyColumns(rows), ...columns, rows.map((r) => r.body), rows.map((r) => r.at)],
  });
}

export async function deleteChunks(sql: Queryable, keys: readonly ChunkKey[]): Promise<void> {
  await sql.query({
    name: 'delete-log-chunks',
    text: `delete from opsroom.step_log_chunks c
      using unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::int[], $6::int[], $7::int[], $8::date[])
        as k (org_id, run_id, step_id, item, revision, attempt, seq, day)
      where (c.org_id, c.run_id, c.step_id, c.item, c.revision, c.attempt, c.seq, c.day)
          = (k.org_id, k.run_id, k.step_id, k.item, k.revision, k.attempt, k.seq, k.day)`,
    values: keyColumns(keys),
  });
}

/** Makes the partitions of these days (YYYY-MM-DD) where they are missing. */
export async function preparePartitions(sql: Queryable, from: string, to: string): Promise<void> {
  await sql.query('select opsroom.prepare_log_partitions($1, $2)', [from, to]);
}

/** Drops the logs of days before the one given (YYYY-MM-DD); returns how many days went. Fails with 55P03 while somebody reads. */
export async function prunePartitions(sql: Queryable, before: string): Promise<number> {
  const { rows } = await sql.query<{ n: number }>('select opsroom.prune_log_partitions($1) as n', [before]);
  return rows[0]?.n ?? 0;
}

const OF_ATTEMPT = `org_id = $1 and run_id = $2 and step_id = $3 and item = $4 and revision = $5 and attempt = $6`;
const ofAttempt = (id: AttemptId): unknown[] => [id.org, id.runId, id.stepId, id.item, id.revision, id.attempt];

/** Up to `limit` chunks after `seq` that hold line `fromLine` or later ones, in order. */
export async function chunksAfter(
  sql: Queryable,
  id: AttemptId,
  { seq, fromLine, limit }: { readonly seq: number; readonly fromLine: number; readonly limit: number },
): Promise<StoredChunk[]> {
  const { rows } = await sql.query<StoredChunk>(
    `select seq, first_line, lines, codec, body from opsroom.step_log_chunks
     where ${OF_ATTEMPT} and seq > $7 and first_line + lines > $8 order by seq limit $9`,
    [...ofAttempt(id), seq, fromLine, limit],
  );
  return rows;
}

/** The number of the first of the last `count` lines. */
export async function tailStart(sql: Queryable, id: AttemptId, count: number): Promise<number> {
  const { rows } = await sql.query<{ start: number }>(
    `select greatest(1, coalesce(max(first_line + lines), 1) - $7)::bigint as start
     from opsroom.step_log_chunks where ${OF_ATTEMPT}`,
    [...ofAttempt(id), count],
  );
  return rows[0]?.start ?? 1;
}

export interface LogOf {
  readonly id: AttemptId;
  /** How many lines the attempt wrote, dropped ones included. */
  readonly lines: number;
  readonly at: Date;
}

/** The attempts of a run, or of one of its steps, that have a log, in the order in which they began to write. */
export async function logsOf(sql: Queryable, run: { org: string; runId: string; stepId?: string }): Promise<LogOf[]> {
  const { rows } = await sql.query<Omit<AttemptId, 'org' | 'runId'> & { lines: number; at: Date }>(
    `select step_id as "stepId", item, revision, attempt, max(first_line + lines) - 1 as lines, min(at) as at
     from opsroom.step_log_chunks where org_id = $1 and run_id = $2 and ($3::text is null or step_id = $3)
     group by step_id, item, revision, attempt order by min(at), step_id, item, revision, attempt`,
    [run.org, run.runId, run.stepId ?? null],
  );
  return rows.map(({ lines, at, ...key }) => ({ id: { org: run.org, runId: run.runId, ...key }, lines, at }));
}
