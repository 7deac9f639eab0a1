import { z } from 'zod';
import { deleteSchedule, pauseSchedule, resumeSchedule } from '#trigger/schedule-store.js';
import { operation } from '../operation.js';
import { begin } from '../triggers/begin.js';
import { requireHere } from '../triggers/job.js';
import { scheduleReference } from './form.js';
import { requireNot } from './read.js';
import { openScheduler } from './scheduler.js';
import { scheduleView, shownSchedule } from './view.js';
import { changeSchedule, nextOf, readSchedule } from './write.js';

const ofSchedule = z.strictObject({ schedule: scheduleReference });

export const pauseScheduleOperation = operation({
  name: 'schedules.pause',
  summary:
    'Let a schedule fire no more until it is resumed. Runs that it started go on; times that wait begin once it is resumed.',
  permission: 'trigger:manage',
  changes: true,
  consequential: true,
  input: ofSchedule,
  output: scheduleView,
  run: async ({ schedule }, room) =>
    shownSchedule(
      await changeSchedule(room, schedule, 'schedule.paused', async (tx, { id, name, pausedAt }) => {
        requireNot(true, pausedAt !== null, name);
        await pauseSchedule(tx, room.org, id, room.by);
        return {};
      }),
      undefined,
    ),
});

export const resumeScheduleOperation = operation({
  name: 'schedules.resume',
  summary: 'Let a paused schedule fire again, from its next time on; what came meanwhile is not made up for.',
  permission: 'trigger:manage',
  changes: true,
  consequential: true,
  input: ofSchedule,
  output: scheduleView,
  run: async ({ schedule }, room) =>
    shownSchedule(
      await changeSchedule(room, schedule, 'schedule.resumed', async (tx, row) => {
        requireNot(false, row.pausedAt !== null, row.name);
        const now = room.ports.clock.now();
        await resumeSchedule(tx, room.org, row.id, nextOf(row, now), now);
        return {};
      }),
      undefined,
    ),
});

export const removeSchedule = operation({
  name: 'schedules.remove',
  summary: 'Remove a schedule and the list of its times. Its runs and the audit log stay.',
  permission: 'trigger:manage',
  changes: true,
  consequential: true,
  input: ofSchedule,
  output: scheduleView,
  run: async ({ schedule }, room) =>
    shownSchedule(
      await changeSchedule(room, schedule, 'schedule.removed', async (tx, { id, cron, zone }) => {
        await deleteSchedule(tx, room.org, id);
        return { cron, zone };
      }),
      undefined,
    ),
});

export const fireSchedule = operation({
  name: 'schedules.fire',
  summary:
    'Start now what a schedule starts, on behalf of whoever asks, whatever its times are and whether or not it is paused.',
  permission: 'run:start',
  changes: true,
  consequential: true,
  input: ofSchedule,
  output: z.object({
    dueAt: z.string(),
    state: z.enum(['started', 'asked', 'refused']),
    runId: z.string().nullable(),
    intentId: z.string().nullable(),
    code: z.string().nullable(),
    reason: z.string().nullable(),
  }),
  run: async ({ schedule }, room) => {
    const row = await readSchedule(room, schedule);
    requireHere(room, row);
    const { dueAt, outcome } = await openScheduler(room).fireNow(row, room.by, (request) => begin(room, request, room));
    const none = { runId: null, intentId: null, code: null, reason: null };
    return { dueAt: dueAt.toISOString(), ...none, ...outcome };
  },
});
