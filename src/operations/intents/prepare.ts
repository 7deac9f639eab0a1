import type { IntentQueue, IntentSource } from '#authorise/intents/records.js';
import { mayPass, OpsroomError } from '#kit/errors.js';
import { compileGiven, type PlanGiven } from '../plans/input.js';
import type { Room } from '../room.js';
import { type Prepared, prepareGiven } from '../runs/prepare.js';
import { prepareRerun } from '../runs/rerun.js';
import { requireTemplate } from '../templates/find.js';
import type { IntentAsked } from './asked.js';
import { planByConvention } from './convention.js';
import { readNamed } from './named-plan.js';
import { projectName } from './project-files.js';

/**
 * The run that an intent asks for, looked at as if it were to start now.
 * @throws OpsroomError NOT_FOUND, USAGE; as `prepareGiven` and `prepareRerun`
 */
export async function prepareIntent(asked: IntentAsked, room: Room): Promise<Prepared> {
  const { plan, inputs, lane, priority, session, tools, folder, seen } = asked;
  const queue: IntentQueue = { lane, priority, session, tools, folder };
  if (plan === undefined) return byWords(asked, queue, room);
  if ('run' in plan) {
    if (tools !== undefined)
      throw new OpsroomError('USAGE', { what: 'A re-run keeps the list of tools of its run.', where: 'tools' });
    const given = Object.keys(inputs).length > 0 ? { inputs } : {};
    return prepareRerun({ ...plan, ...given, lane, priority, session }, room);
  }
  if ('template' in plan) {
    const { given, source } = await requireTemplate(room.project, plan.template);
    return prepareGiven({ given, source, inputs, queue, seen }, room);
  }
  if ('name' in plan) {
    const named = await readNamed(room.project, plan);
    if (!named)
      throw new OpsroomError('NOT_FOUND', {
        what: 'There is no such plan file.',
        where: plan.name,
        mend: 'Name a file of the project folder by its path from there, such as ops/deploy.yaml.',
      });
    return prepareGiven({ ...named, inputs, queue, seen }, room);
  }
  const prepared = await prepareGiven({ given: plan, inputs, queue, seen }, room);
  const source = await fileOf(plan, prepared.planDigest, room);
  return source ? { ...prepared, source } : prepared;
}

function byWords({ intent, target, inputs, seen }: IntentAsked, queue: IntentQueue, room: Room): Promise<Prepared> {
  if (intent !== undefined) return planByConvention({ intent, target, inputs, queue, seen }, room);
  throw new OpsroomError('USAGE', {
    what: 'The intent names no plan.',
    mend: 'Give `plan`, or an `intent` that has one, such as `deploy` for ops/deploy.yaml.',
  });
}

/**
 * A text that says which file it is of is bound to that file when the file says the same: who edits it afterwards makes the intent
 * void. Otherwise it is bound to itself.
 */
async function fileOf(given: PlanGiven, digest: string, room: Room): Promise<IntentSource | undefined> {
  const path = 'file' in given && given.file.startsWith('/') ? given.file : undefined;
  const name = path === undefined ? undefined : projectName(room.project, path);
  if (name === undefined || !('text' in given)) return undefined;
  const found = await readNamed(room.project, { name, section: given.section }).catch(() => undefined);
  const compiled = found && (await compileGiven(found.given, room.contracts).catch(unlessItPasses));
  return compiled?.digest === digest ? found?.source : undefined;
}

/** What is not known for the moment alone must not leave an intent unbound. */
function unlessItPasses(error: unknown): undefined {
  if (error instanceof OpsroomError && mayPass(error)) throw error;
}
