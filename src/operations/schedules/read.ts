import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { readTimes, upcoming } from '#trigger/cron.js';
import { beginsAt } from '#trigger/due.js';
import { latestFires, listFires } from '#trigger/fire-store.js';
import { listSchedules } from '#trigger/schedule-store.js';
import { operation } from '../operation.js';
import { scheduleReference, whenInput } from './form.js';
import { fireView, scheduleView, shownFire, shownSchedule, shownTime, timeOf } from './view.js';
import { readSchedule } from './write.js';

const SHOWN = 10;

export const listSchedulesOperation = operation({
  name: 'schedules.list',
  summary: 'List the schedules by name: what each starts, when it fires next, and what became of its latest time.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({}),
  output: z.object({ schedules: z.array(scheduleView) }),
  run: (_, room) =>
    room.database.door(room.org, async (tx) => {
      const rows = await listSchedules(tx, room.org);
      const last = await latestFires(tx, room.org);
      return { schedules: rows.map((row) => shownSchedule(row, last.get(row.id))) };
    }),
});

export const getSchedule = operation({
  name: 'schedules.get',
  summary: 'Show a schedule with its next ten times, in UTC and in its zone.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ schedule: scheduleReference }),
  output: scheduleView.extend({ upcoming: z.array(shownTime) }),
  run: async ({ schedule }, room) => {
    const row = await readSchedule(room, schedule);
    const [last] = await room.database.door(room.org, (tx) =>
      listFires(tx, room.org, row.id, { limit: 1, before: undefined }),
    );
    const times = upcoming(readTimes(row.cron, row.zone), room.ports.clock.now(), SHOWN);
    return {
      ...shownSchedule(row, last),
      upcoming: times.map((due) => timeOf(beginsAt({ id: row.id, jitterS: row.jitterS }, due), row.zone)),
    };
  },
});

export const previewSchedule = operation({
  name: 'schedules.preview',
  summary: 'Show the next ten times of a cron expression in a time zone, without making a schedule.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ cron: whenInput.cron, zone: whenInput.zone }),
  output: z.object({ upcoming: z.array(shownTime) }),
  run: async ({ cron, zone }, room) => {
    const times = upcoming(readTimes(cron, zone), room.ports.clock.now(), SHOWN);
    return { upcoming: times.map((at) => timeOf(at, zone)) };
  },
});

export const listFiresOperation = operation({
  name: 'schedules.fires',
  summary: 'List the times of a schedule that have come, the latest first, with what became of each and why.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    schedule: scheduleReference,
    limit: z.int().min(1).max(200).default(50),
    before: z.iso.datetime().optional().describe('Only times before this one: the `next` of the page before.'),
  }),
  output: z.object({ fires: z.array(fireView), next: z.string().nullable() }),
  run: async ({ schedule, limit, before }, room) => {
    const { id, zone } = await readSchedule(room, schedule);
    const page = { limit: limit + 1, before: before === undefined ? undefined : new Date(before) };
    const rows = await room.database.door(room.org, (tx) => listFires(tx, room.org, id, page));
    const shown = rows.slice(0, limit);
    return {
      fires: shown.map((row) => shownFire(row, zone)),
      next: rows.length > limit ? (shown.at(-1)?.dueAt.toISOString() ?? null) : null,
    };
  },
});

/** @throws OpsroomError USAGE */
export function requireNot(paused: boolean, was: boolean, name: string): void {
  if (paused !== was) return;
  const what = `The schedule "${name}" is ${paused ? 'paused' : 'not paused'} already.`;
  throw new OpsroomError('NOT_ALLOWED_NOW', { what, mend: 'Nothing needs to be done.' });
}
