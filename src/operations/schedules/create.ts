import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import { insertSchedule, type NewSchedule } from '#trigger/schedule-store.js';
import { operation } from '../operation.js';
import { jobInput, makeJob, planWords, requireInputs } from '../triggers/job.js';
import { makerOf } from '../triggers/maker.js';
import { note } from '../triggers/note.js';
import { requireTimes, triggerName, whenInput } from './form.js';
import { scheduleView, shownSchedule } from './view.js';
import { nextOf, readSchedule } from './write.js';

export const createSchedule = operation({
  name: 'schedules.create',
  summary:
    'Start a plan again and again at the times of a cron expression in a time zone. Whoever makes it answers for its runs.',
  permission: 'trigger:manage',
  changes: true,
  consequential: true,
  input: z.strictObject({ name: triggerName, ...whenInput, ...jobInput }),
  output: scheduleView,
  run: async ({ name, plan: given, lane, session, folder, ...when }, room) => {
    const now = room.ports.clock.now();
    requireTimes(when, now);
    const maker = makerOf(room, 'schedules.create');
    const { job, plan } = await makeJob(room, { plan: given, lane, session, folder });
    requireInputs(plan, when.inputs);
    const made: NewSchedule = { org: room.org, id: uuidv7(now.getTime()), name, ...when, ...job, ...maker };
    await room.database.engineTx(async (tx) => {
      if (!(await insertSchedule(tx, made, nextOf(made, now), now))) refuseName(name);
      await note(tx, room, 'schedule.created', {
        schedule: made.id,
        name,
        cron: when.cron,
        zone: when.zone,
        plan: planWords(job.plan),
      });
    });
    return shownSchedule(await readSchedule(room, made.id), undefined);
  },
});

function refuseName(name: string): never {
  const mend = 'Choose another name, or change that one: `opsroom schedules change`.';
  throw new OpsroomError('USAGE', { what: `There is a schedule "${name}" already.`, mend });
}
