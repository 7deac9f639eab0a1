import type pg from 'pg';
import type { Lane } from '#ir/plan.js';

type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

export interface StoredRate {
  readonly perSecond: number;
  /** So many at once, when nothing was asked for a while. */
  readonly burst: number;
}

export interface LaneWidth {
  readonly lane: Lane;
  readonly width: number;
}

export async function readRunning(sql: Sql, org: string): Promise<{ runningPerUser: number; lanes: LaneWidth[] }> {
  const { rows } = await sql.query<{ n: number }>(
    'select running_per_user as n from opsroom.organisations where id = $1',
    [org],
  );
  const lanes = await sql.query<LaneWidth>('select lane, width from opsroom.lanes where org_id = $1 order by lane', [
    org,
  ]);
  return { runningPerUser: rows[0]?.n ?? 10, lanes: lanes.rows };
}

export async function setRunningPerUser(tx: Sql, org: string, n: number): Promise<void> {
  await tx.query('update opsroom.organisations set running_per_user = $2 where id = $1', [org, n]);
}

export async function setLane(tx: Sql, org: string, { lane, width }: LaneWidth): Promise<void> {
  await tx.query(
    'insert into opsroom.lanes (org_id, lane, width) values ($1, $2, $3) on conflict (org_id, lane) do update set width = excluded.width',
    [org, lane, width],
  );
}

/** @param usd US dollars a day; null: no limit */
export async function setModelUsd(tx: Sql, org: string, usd: number | null): Promise<void> {
  await tx.query('update opsroom.organisations set model_usd_per_day = $2 where id = $1', [org, usd]);
}

/** A concurrency key that a run holds, and how many wait for it. */
export interface HeldKey {
  readonly key: string;
  readonly runId: string;
  readonly title: string;
  readonly waiting: number;
}

const MOST_KEYS = 100;

export async function heldKeys(sql: Sql, org: string): Promise<HeldKey[]> {
  const { rows } = await sql.query<HeldKey>(
    `select r.concurrency_key as key, r.id as "runId", r.title, (select count(*)::int from opsroom.runs q where q.org_id = r.org_id
         and q.concurrency_key = r.concurrency_key and q.id <> r.id and q.status = 'queued') as waiting
     from opsroom.runs r where r.org_id = $1 and r.concurrency_key is not null
       and r.status not in ('succeeded', 'failed', 'rolled_back', 'cancelled')
       and (r.started_at is not null or r.status in ('released', 'running', 'pausing'))
     order by r.created_at limit ${MOST_KEYS}`,
    [org],
  );
  return rows;
}

export interface CallRate extends StoredRate {
  /** `tool:http`. */
  readonly name: string;
  readonly changedBy: string;
  readonly changedAt: Date;
}

export async function readCallRates(sql: Sql, org: string): Promise<CallRate[]> {
  const { rows } = await sql.query<CallRate>(
    `select name, per_second as "perSecond", burst, changed_by as "changedBy", changed_at as "changedAt" from opsroom.call_rates
     where org_id = $1 order by name`,
    [org],
  );
  return rows;
}

/** Of every organisation; asked as the tables' owner. */
export async function allCallRates(owner: Sql): Promise<(StoredRate & { org: string; name: string })[]> {
  const { rows } = await owner.query<StoredRate & { org: string; name: string }>({
    name: 'all_call_rates',
    text: 'select org_id as org, name, per_second as "perSecond", burst from opsroom.call_rates',
  });
  return rows;
}

/** Null: no limit any more. */
export async function setCallRate(
  tx: Sql,
  org: string,
  name: string,
  rate: StoredRate | null,
  by: string,
): Promise<void> {
  if (rate === null) {
    await tx.query('delete from opsroom.call_rates where org_id = $1 and name = $2', [org, name]);
    return;
  }
  await tx.query(
    `insert into opsroom.call_rates (org_id, name, per_second, burst, changed_by) values ($1, $2, $3, $4, $5)
     on conflict (org_id, name) do update set per_second = excluded.per_second, burst = excluded.burst, changed_by = excluded.changed_by,
       changed_at = clock_timestamp()`,
    [org, name, rate.perSecond, rate.burst, by],
  );
}

/** What was set for whoever opens the room (`key`) and whoever does not (`stranger`). */
export async function readApiRates(sql: Sql): Promise<Map<string, StoredRate>> {
  const { rows } = await sql.query<StoredRate & { who: string }>(
    'select who, per_second as "perSecond", burst from opsroom.api_rates',
  );
  return new Map(rows.map(({ who, ...rate }) => [who, rate]));
}

export async function setApiRate(tx: Sql, who: string, rate: StoredRate, by: string): Promise<void> {
  await tx.query(
    `insert into opsroom.api_rates (who, per_second, burst, changed_by) values ($1, $2, $3, $4)
     on conflict (who) do update set per_second = excluded.per_second, burst = excluded.burst, changed_by = excluded.changed_by,
       changed_at = clock_timestamp()`,
    [who, rate.perSecond, rate.burst, by],
  );
}

export interface Taken {
  readonly taken: number;
  readonly waitMs: number;
}

/** Up to `most` tokens of a bucket that all processes share; when there are none, after how long there is one. */
export async function takeTokens(
  owner: Sql,
  name: string,
  most: number,
  { perSecond, burst }: StoredRate,
): Promise<Taken> {
  const { rows } = await owner.query<Taken>({
    name: 'take_tokens',
    text: 'select taken, wait_ms as "waitMs" from opsroom.take_tokens($1, $2, $3, $4)',
    values: [name, most, perSecond, burst],
  });
  return rows[0] ?? { taken: 0, waitMs: 1000 };
}

/** Buckets that nobody asked for longest are full again: they are forgotten. */
export async function pruneBuckets(owner: Sql): Promise<void> {
  await owner.query("delete from opsroom.rate_buckets where at < clock_timestamp() - interval '1 day'");
}
