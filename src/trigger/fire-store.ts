import type { Missed } from './due.js';
import type { Going } from './overlap.js';
import type { Outcome, Sql } from './request.js';

export const FIRE_STATES = ['claimed', 'queued', 'started', 'asked', 'skipped', 'missed', 'refused'] as const;
export type FireState = (typeof FIRE_STATES)[number];
export const FIRE_CAUSES = ['time', 'catch-up', 'now'] as const;
export type FireCause = (typeof FIRE_CAUSES)[number];

/** One time of a schedule: what became of it. */
export interface FireRow {
  readonly dueAt: Date;
  readonly cause: FireCause;
  readonly state: FireState;
  /** Of `missed`: how many times this stands for. */
  readonly times: number;
  readonly code: string | null;
  readonly reason: string | null;
  readonly runId: string | null;
  readonly intentId: string | null;
  readonly askedBy: string | null;
  readonly cameAt: Date;
}

/** One that was claimed, for whoever starts it. */
export interface ClaimedFire {
  readonly org: string;
  readonly scheduleId: string;
  readonly dueAt: Date;
  readonly cause: FireCause;
  readonly askedBy: string | null;
  readonly cameAt: Date;
  readonly tries: number;
}

const ROW = `f.due_at as "dueAt", f.cause, f.state, f.times, f.code, f.reason, f.run_id as "runId", f.intent_id as "intentId",
  f.asked_by as "askedBy", f.came_at as "cameAt"`;
const CLAIMED = `f.org_id as org, f.schedule_id as "scheduleId", f.due_at as "dueAt", f.cause, f.asked_by as "askedBy", f.came_at as "cameAt", f.tries`;

export interface NewFire {
  readonly dueAt: Date;
  readonly cause: FireCause;
  readonly state: 'claimed' | 'queued' | 'skipped';
  readonly reason: string | null;
  readonly askedBy: string | null;
}

/**
 * False when the time has fired before, whoever fired it. One that counted as missed, because a clock was ahead, and comes after
 * all, fires.
 */
export async function insertFire(tx: Sql, org: string, schedule: string, fire: NewFire): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'insert_fire',
    text: `insert into opsroom.schedule_fires as f (org_id, schedule_id, due_at, cause, state, reason, asked_by, settled_at)
      values ($1, $2, $3, $4, $5, $6, $7, case when $5 = 'skipped' then clock_timestamp() end)
      on conflict (org_id, schedule_id, due_at) do update set cause = excluded.cause, state = excluded.state, reason = excluded.reason, times = 1,
        came_at = excluded.came_at, claimed_at = excluded.claimed_at, settled_at = excluded.settled_at
        where f.state = 'missed'`,
    values: [org, schedule, fire.dueAt, fire.cause, fire.state, fire.reason, fire.askedBy],
  });
  return rowCount === 1;
}

/** One row for all of them, at the time of the first. */
export async function insertMissed(
  tx: Sql,
  org: string,
  schedule: string,
  missed: Missed,
  reason: string,
): Promise<void> {
  await tx.query(
    `insert into opsroom.schedule_fires (org_id, schedule_id, due_at, cause, state, times, reason, settled_at)
     values ($1, $2, $3, 'time', 'missed', $4, $5, clock_timestamp()) on conflict do nothing`,
    [org, schedule, missed.from, missed.times, reason],
  );
}

/** More that go on at once are not counted: only those that overlap as they like have as many. */
const LOOKED_AT = 200;
/** Whoever ends a run starts it anew, where its plan says so, in the next moment. */
const ANEW_WITHIN = "interval '10 seconds'";
/** A run and those that it was started anew as, one after the other. */
const TRIES = `with recursive tries as (
    select r.* union all
    select c.* from opsroom.runs c join tries t on c.org_id = t.org_id and c.parent_id = t.id and c.restart = t.restart + 1)`;
const RETRIED = `(select (p.body -> 'retry' ->> 'maxAttempts')::int from opsroom.plans p where p.org_id = t.org_id and p.digest = t.plan_digest)`;
const GOES_ON = `(r.ended_at is null or (r.status in ('failed', 'rolled_back') and exists (
    ${TRIES} select 1 from tries t where t.ended_at is null
      or (t.status in ('failed', 'rolled_back') and t.ended_at > clock_timestamp() - ${ANEW_WITHIN} and t.restart < ${RETRIED}))))`;
const PENDING = `(f.state = 'claimed'
  or (f.state = 'started' and exists (select 1 from opsroom.runs r where r.org_id = f.org_id and r.id = f.run_id and ${GOES_ON}))
  or (f.state = 'asked' and exists (select 1 from opsroom.intents i where i.org_id = f.org_id and i.id = f.intent_id and i.ended_at is null)))`;

/** What a schedule has going. Asked under the lock of its row, so that two do not each believe to be alone. */
export async function goingOf(tx: Sql, org: string, schedule: string): Promise<Going> {
  const { rows } = await tx.query<Going>({
    name: 'going_of_schedule',
    text: `select count(*) filter (where ${PENDING})::int as going, count(*) filter (where f.state = 'queued')::int as queued
      from (select * from opsroom.schedule_fires where org_id = $1 and schedule_id = $2 and state in ('claimed', 'queued', 'started', 'asked')
        order by due_at desc limit ${LOOKED_AT}) f`,
    values: [org, schedule],
  });
  return rows[0] ?? { going: 0, queued: 0 };
}

/** What a schedule started, or asked for, before. */
export interface Older {
  readonly runId: string | null;
  readonly intentId: string | null;
}

/** What goes on and is to be cancelled, at most once in half a minute each. */
export async function toCancel(tx: Sql, org: string, schedule: string): Promise<Older[]> {
  const { rows } = await tx.query<Older>(
    `update opsroom.schedule_fires f set cancelled_at = clock_timestamp()
     where f.org_id = $1 and f.schedule_id = $2 and f.state in ('started', 'asked') and ${PENDING}
       and (f.cancelled_at is null or f.cancelled_at < clock_timestamp() - interval '30 seconds')
     returning f.run_id as "runId", f.intent_id as "intentId"`,
    [org, schedule],
  );
  return rows;
}

/** Gives up those that wait. */
export async function skipQueued(tx: Sql, org: string, schedule: string, reason: string): Promise<void> {
  await tx.query(
    `update opsroom.schedule_fires set state = 'skipped', reason = $3, settled_at = clock_timestamp()
     where org_id = $1 and schedule_id = $2 and state = 'queued'`,
    [org, schedule, reason],
  );
}

/** A schedule of an organisation. */
export interface Place {
  readonly org: string;
  readonly id: string;
}

/**
 * Schedules with times that wait for those before them, which `host` may begin; some of them, in the order of their ids, from
 * after the one that was looked at last.
 */
export async function queuedSchedules(
  sql: Sql,
  { host, most, after }: { readonly host: string; readonly most: number; readonly after: Place | undefined },
): Promise<Place[]> {
  const { rows } = await sql.query<Place>({
    name: 'queued_schedules',
    text: `select distinct s.org_id as org, s.id from opsroom.schedule_fires f
      join opsroom.schedules s on s.org_id = f.org_id and s.id = f.schedule_id
      where f.state = 'queued' and s.paused_at is null and (s.host = $2 or s.plan ? 'digest')
        and ($3::uuid is null or (s.org_id, s.id) > ($3, $4::uuid))
      order by 1, 2 limit $1`,
    values: [most, host, after?.org ?? null, after?.id ?? null],
  });
  return rows;
}

/** Claims the oldest that waits; under the lock of the schedule's row. */
export async function claimQueued(tx: Sql, org: string, schedule: string): Promise<ClaimedFire | undefined> {
  const { rows } = await tx.query<ClaimedFire>(
    `update opsroom.schedule_fires f set state = 'claimed', claimed_at = clock_timestamp()
     where f.org_id = $1 and f.schedule_id = $2 and f.state = 'queued'
       and f.due_at = (select min(due_at) from opsroom.schedule_fires where org_id = $1 and schedule_id = $2 and state = 'queued')
     returning ${CLAIMED}`,
    [org, schedule],
  );
  return rows[0];
}

/** Takes over claims whose process did not get to the end of them. */
export async function takeOver(
  tx: Sql,
  { afterMs, host, most }: { readonly afterMs: number; readonly host: string; readonly most: number },
): Promise<ClaimedFire[]> {
  const { rows } = await tx.query<ClaimedFire>({
    name: 'take_over_fires',
    text: `with old as (
        select f.org_id, f.schedule_id, f.due_at from opsroom.schedule_fires f
        join opsroom.schedules s on s.org_id = f.org_id and s.id = f.schedule_id
        where f.state = 'claimed' and f.claimed_at <= clock_timestamp() - make_interval(secs => $1::float8 / 1000)
          and (s.host = $2 or s.plan ? 'digest')
        order by f.claimed_at limit $3 for update of f skip locked)
      update opsroom.schedule_fires f set claimed_at = clock_timestamp(), tries = f.tries + 1 from old
      where f.org_id = old.org_id and f.schedule_id = old.schedule_id and f.due_at = old.due_at
      returning ${CLAIMED}`,
    values: [afterMs, host, most],
  });
  return rows;
}

/** Writes down what became of a claim; one that somebody else has settled meanwhile stays as it is. */
export async function settleFire(
  sql: Sql,
  { org, scheduleId, dueAt }: Pick<ClaimedFire, 'org' | 'scheduleId' | 'dueAt'>,
  outcome: Outcome,
  note: string | null,
): Promise<void> {
  const { state } = outcome;
  await sql.query({
    name: 'settle_fire',
    text: `update opsroom.schedule_fires set state = $4, run_id = $5, intent_id = $6, code = $7, reason = $8, settled_at = clock_timestamp()
      where org_id = $1 and schedule_id = $2 and due_at = $3 and state = 'claimed'`,
    values: [
      org,
      scheduleId,
      dueAt,
      state,
      state === 'started' ? outcome.runId : null,
      state === 'asked' ? outcome.intentId : null,
      state === 'refused' ? outcome.code : null,
      state === 'refused' ? outcome.reason : note,
    ],
  });
}

/** The latest first, from before `before` on. */
export async function listFires(
  sql: Sql,
  org: string,
  schedule: string,
  { limit, before }: { readonly limit: number; readonly before: Date | undefined },
): Promise<FireRow[]> {
  const { rows } = await sql.query<FireRow>(
    `select ${ROW} from opsroom.schedule_fires f where f.org_id = $1 and f.schedule_id = $2 and ($3::timestamptz is null or f.due_at < $3)
     order by f.due_at desc limit $4`,
    [org, schedule, before ?? null, limit],
  );
  return rows;
}

/** The latest of each schedule, by its id. */
export async function latestFires(sql: Sql, org: string): Promise<Map<string, FireRow>> {
  const { rows } = await sql.query<FireRow & { schedule: string }>(
    `select s.id as schedule, x.* from opsroom.schedules s cross join lateral (
       select ${ROW} from opsroom.schedule_fires f where f.org_id = s.org_id and f.schedule_id = s.id order by f.due_at desc limit 1) x
     where s.org_id = $1`,
    [org],
  );
  return new Map(rows.map(({ schedule, ...fire }) => [schedule, fire]));
}

/** Forgets what was settled so many days ago. */
export async function pruneFires(sql: Sql, days: number): Promise<void> {
  await sql.query(
    'delete from opsroom.schedule_fires where settled_at < clock_timestamp() - make_interval(days => $1)',
    [days],
  );
}
