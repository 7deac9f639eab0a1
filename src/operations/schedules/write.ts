import type { JsonObject } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { readTimes } from '#trigger/cron.js';
import { nextAfter } from '#trigger/due.js';
import type { Sql } from '#trigger/request.js';
import { findSchedule, type NewSchedule, type ScheduleRow } from '#trigger/schedule-store.js';
import type { Room } from '../room.js';
import { note } from '../triggers/note.js';

/** @throws OpsroomError NOT_FOUND */
export async function requireSchedule(sql: Sql, room: Room, which: string, locked = false): Promise<ScheduleRow> {
  const found = await findSchedule(sql, room.org, which, locked);
  if (found) return found;
  const mend = 'List them: `opsroom schedules`.';
  throw new OpsroomError('NOT_FOUND', { what: 'There is no such schedule.', where: which, mend });
}

/** Reads as a door. @throws OpsroomError NOT_FOUND */
export function readSchedule(room: Room, which: string): Promise<ScheduleRow> {
  return room.database.door(room.org, (tx) => requireSchedule(tx, room, which));
}

/** When it fires next, as things are now. @throws OpsroomError USAGE when nothing comes any more */
export function nextOf(
  schedule: Pick<NewSchedule, 'id' | 'cron' | 'zone' | 'jitterS' | 'catchUp' | 'catchUpMost'>,
  now: Date,
) {
  const { id, cron, zone, jitterS, catchUp, catchUpMost: most } = schedule;
  const next = nextAfter({ id, times: readTimes(cron, zone), jitterS, catchUp, most }, now);
  if (next) return next;
  throw new OpsroomError('USAGE', { what: 'No time of it comes any more.', where: 'cron' });
}

/** Changes a schedule under the lock of its row, with its entry in the audit log. @throws OpsroomError NOT_FOUND */
export async function changeSchedule(
  room: Room,
  which: string,
  kind: string,
  change: (tx: Sql, now: ScheduleRow) => Promise<JsonObject>,
): Promise<ScheduleRow> {
  return room.database.engineTx(async (tx) => {
    const before = await requireSchedule(tx, room, which, true);
    const data = await change(tx, before);
    await note(tx, room, kind, { schedule: before.id, name: before.name, ...data });
    return (await findSchedule(tx, room.org, before.id)) ?? before;
  });
}
