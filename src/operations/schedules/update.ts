import { z } from 'zod';
import { type ScheduleRow, updateSchedule } from '#trigger/schedule-store.js';
import { operation } from '../operation.js';
import { changedJob, jobInput, planWords, requireInputs } from '../triggers/job.js';
import { makerOf } from '../triggers/maker.js';
import { requireUnchanged } from '../triggers/unchanged.js';
import { requireTimes, scheduleReference, whenInput } from './form.js';
import { scheduleView, shownSchedule } from './view.js';
import { changeSchedule, nextOf, readSchedule } from './write.js';

/** What is left out stays as it is. */
const changes = z
  .strictObject({
    cron: whenInput.cron,
    zone: whenInput.zone,
    inputs: whenInput.inputs.unwrap(),
    overlap: whenInput.overlap.unwrap(),
    catchUp: whenInput.catchUp.unwrap(),
    catchUpMost: whenInput.catchUpMost.unwrap(),
    jitterS: whenInput.jitterS.unwrap(),
    plan: jobInput.plan,
    lane: jobInput.lane.unwrap(),
    session: jobInput.session.unwrap(),
    folder: jobInput.folder.unwrap(),
  })
  .partial();

export const updateScheduleOperation = operation({
  name: 'schedules.update',
  summary:
    'Change when a schedule fires or what it starts; what is left out stays. Whoever changes it answers for its runs from then on.',
  permission: 'trigger:manage',
  changes: true,
  consequential: true,
  input: changes.extend({ schedule: scheduleReference }),
  output: scheduleView,
  run: async ({ schedule: which, ...given }, room) => {
    const before = await readSchedule(room, which);
    const now = room.ports.clock.now();
    const { job, plan } = await changedJob(room, before, given);
    const after = { ...before, ...whenOf(before, given), ...job, ...makerOf(room, 'schedules.update') };
    requireTimes(after, now);
    if (plan) requireInputs(plan, after.inputs);
    const changed = await changeSchedule(room, before.id, 'schedule.changed', async (tx, locked) => {
      requireUnchanged(before, locked);
      await updateSchedule(tx, after, nextOf(after, now), now);
      return {
        cron: after.cron,
        zone: after.zone,
        plan: planWords(after.plan),
        before: { cron: before.cron, zone: before.zone },
      };
    });
    return shownSchedule(changed, undefined);
  },
});

/** The times as they are to be from now on. */
function whenOf(before: ScheduleRow, given: z.output<typeof changes>) {
  const { cron = before.cron, zone = before.zone, inputs = before.inputs, overlap = before.overlap } = given;
  const { catchUp = before.catchUp, catchUpMost = before.catchUpMost, jitterS = before.jitterS } = given;
  return { cron, zone, inputs, overlap, catchUp, catchUpMost, jitterS };
}
