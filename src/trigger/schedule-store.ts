import type { JsonObject } from '#ir/json.js';
import type { CatchUp, Next } from './due.js';
import type { Overlap } from './overlap.js';
import type { Job, Maker, Sql } from './request.js';

export interface ScheduleRow extends Job, Maker {
  readonly org: string;
  readonly id: string;
  readonly name: string;
  readonly cron: string;
  readonly zone: string;
  readonly inputs: JsonObject;
  readonly overlap: Overlap;
  readonly catchUp: CatchUp;
  readonly catchUpMost: number;
  readonly jitterS: number;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly pausedAt: Date | null;
  readonly pausedBy: string | null;
  readonly nextDue: Date;
  readonly nextAt: Date;
}

const ROW = `s.org_id as org, s.id, s.name, s.cron, s.zone, s.plan, s.plan_title as "planTitle", s.inputs, s.lane, s.session, s.host, s.folder,
  s.overlap, s.catch_up as "catchUp", s.catch_up_most as "catchUpMost", s.jitter_s as "jitterS", s.made_by as "madeBy", s.person_id as person,
  s.key_id as key, s.created_at as "createdAt", s.changed_at as "changedAt", s.paused_at as "pausedAt", s.paused_by as "pausedBy",
  s.next_due as "nextDue", s.next_at as "nextAt"`;

export type NewSchedule = Omit<ScheduleRow, 'createdAt' | 'changedAt' | 'pausedAt' | 'pausedBy' | 'nextDue' | 'nextAt'>;

function values(schedule: NewSchedule, next: Next, now: Date): unknown[] {
  return [
    schedule.org,
    schedule.id,
    schedule.name,
    schedule.cron,
    schedule.zone,
    JSON.stringify(schedule.plan),
    schedule.planTitle,
    JSON.stringify(schedule.inputs),
    schedule.lane,
    schedule.session,
    schedule.host,
    schedule.folder,
    schedule.overlap,
    schedule.catchUp,
    schedule.catchUpMost,
    schedule.jitterS,
    schedule.madeBy,
    schedule.person,
    schedule.key,
    next.due,
    next.at,
    now,
  ];
}

/** False when there is one of that name. */
export async function insertSchedule(tx: Sql, schedule: NewSchedule, next: Next, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into opsroom.schedules (org_id, id, name, cron, zone, plan, plan_title, inputs, lane, session, host, folder, overlap, catch_up,
       catch_up_most, jitter_s, made_by, person_id, key_id, next_due, next_at, looked_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
     on conflict (org_id, name) do nothing`,
    values(schedule, next, now),
  );
  return rowCount === 1;
}

/** Writes all that may change; its maker is whoever changed it. */
export async function updateSchedule(tx: Sql, schedule: NewSchedule, next: Next, now: Date): Promise<void> {
  await tx.query(
    `update opsroom.schedules set name = $3, cron = $4, zone = $5, plan = $6, plan_title = $7, inputs = $8, lane = $9, session = $10, host = $11,
       folder = $12, overlap = $13, catch_up = $14, catch_up_most = $15, jitter_s = $16, made_by = $17, person_id = $18, key_id = $19,
       next_due = $20, next_at = $21, looked_at = $22, changed_at = clock_timestamp()
     where org_id = $1 and id = $2`,
    values(schedule, next, now),
  );
}

/** By its id or its name. `locked`: until the transaction ends. */
export async function findSchedule(
  sql: Sql,
  org: string,
  which: string,
  locked = false,
): Promise<ScheduleRow | undefined> {
  const { rows } = await sql.query<ScheduleRow>(
    `select ${ROW} from opsroom.schedules s where s.org_id = $1 and (s.id::text = $2 or s.name = $2)
     order by s.id::text = $2 desc limit 1 ${locked ? 'for update' : ''}`,
    [org, which],
  );
  return rows[0];
}

export async function listSchedules(sql: Sql, org: string): Promise<ScheduleRow[]> {
  const { rows } = await sql.query<ScheduleRow>(
    `select ${ROW} from opsroom.schedules s where s.org_id = $1 order by s.name`,
    [org],
  );
  return rows;
}

/** With what was fired; its runs stay. */
export async function deleteSchedule(tx: Sql, org: string, id: string): Promise<void> {
  await tx.query('delete from opsroom.schedules where org_id = $1 and id = $2', [org, id]);
}

export async function pauseSchedule(tx: Sql, org: string, id: string, by: string): Promise<void> {
  await tx.query(
    'update opsroom.schedules set paused_at = clock_timestamp(), paused_by = $3 where org_id = $1 and id = $2 and paused_at is null',
    [org, id, by],
  );
}

/** Goes on with the next time; those that came meanwhile are not made up for. */
export async function resumeSchedule(tx: Sql, org: string, id: string, next: Next, now: Date): Promise<void> {
  await tx.query(
    `update opsroom.schedules set paused_at = null, paused_by = null, next_due = $3, next_at = $4, looked_at = $5
     where org_id = $1 and id = $2`,
    [org, id, next.due, next.at, now],
  );
}

/** How far the clocks of two machines may differ before one counts as having gone back. */
const SKEW = "interval '2 seconds'";

/** $1: now, $2: the host. */
const DUE = `s.paused_at is null and (s.next_at <= $1 or s.looked_at > $1::timestamptz + ${SKEW}) and (s.host = $2 or s.plan ? 'digest')`;

/** Whether there may be anything to begin: asked every second, mostly for nothing, and so in one statement without a lock. */
export async function somethingWaits(
  sql: Sql,
  { now, host }: { readonly now: Date; readonly host: string },
): Promise<{ readonly due: boolean; readonly queued: boolean }> {
  const { rows } = await sql.query<{ due: boolean; queued: boolean }>({
    name: 'schedules_wait',
    text: `select exists (select from opsroom.schedules s where ${DUE}) as due,
      exists (select from opsroom.schedule_fires f where f.state = 'queued') as queued`,
    values: [now, host],
  });
  return rows[0] ?? { due: false, queued: false };
}

/**
 * Schedules with a time that has come, and those that were looked at when a clock was ahead; locked, and past those that
 * another process holds. What follows a file is its own machine's.
 */
export async function dueSchedules(
  tx: Sql,
  { now, host, most }: { readonly now: Date; readonly host: string; readonly most: number },
): Promise<ScheduleRow[]> {
  const { rows } = await tx.query<ScheduleRow>({
    name: 'due_schedules',
    text: `select ${ROW} from opsroom.schedules s
      where ${DUE}
      order by s.next_at limit $3 for update skip locked`,
    values: [now, host, most],
  });
  return rows;
}

/** What comes next; null: nothing any more, so the schedule is paused. */
export async function moveOn(tx: Sql, org: string, id: string, next: Next | null, now: Date): Promise<void> {
  await tx.query({
    name: 'move_schedule_on',
    text: `update opsroom.schedules set next_due = coalesce($3, next_due), next_at = coalesce($4, next_at), looked_at = $5,
        paused_at = case when $3::timestamptz is null then clock_timestamp() end,
        paused_by = case when $3::timestamptz is null then 'the calendar, which has no further time' end
      where org_id = $1 and id = $2`,
    values: [org, id, next?.due ?? null, next?.at ?? null, now],
  });
}
