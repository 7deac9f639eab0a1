import { z } from 'zod';
import { type ScheduleRow, updateSchedule } from '#trigger/schedule-store.js';
import { operation } from '../operation.js';
import { compileGiven } from '../plans/input.js';
import type { Room } from '../room.js';
import { jobInput, makeJob, planOf, planWords, requireInputs } from '../triggers/job.js';
import { makerOf } from '../triggers/maker.js';
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
    const {
      plan: _other,
      lane = before.lane,
      session = before.session,
      folder = before.folder,
      ...when
    } = defined(given);
    const now = room.ports.clock.now();
    const { job, plan } = given.plan
      ? await makeJob(room, { plan: given.plan, lane, session, folder: given.folder ?? null })
      : { job: { ...jobOf(before), lane, session, folder }, plan: await planNow(room, before) };
    const after = { ...before, ...when, ...job, ...makerOf(room, 'schedules.update') };
    requireTimes(after, now);
    requireInputs(plan, after.inputs);
    const changed = await changeSchedule(room, before.id, 'schedule.changed', async (tx) => {
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

const jobOf = ({ plan, planTitle, host }: ScheduleRow) => ({ plan, planTitle, host });

async function planNow(room: Room, before: Parameters<typeof planOf>[1]) {
  return (await compileGiven(await planOf(room, before), room.contracts)).plan;
}

/** Without the members that are not given. */
function defined<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
