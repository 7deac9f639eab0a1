import { z } from 'zod';
import { resolveInputs } from '#compile/inputs.js';
import type { WorkspaceRef } from '#execute/records.js';
import type { ViewedRun } from '#execute/views/store.js';
import { changedInputs, stepsReading } from '#ir/input-readers.js';
import type { JsonObject } from '#ir/json.js';
import { LANES, type Lane } from '#ir/plan.js';
import { whyNot } from '#ir/state.js';
import { OpsroomError } from '#kit/errors.js';
import { admitRun } from '../authority/gate.js';
import { operation } from '../operation.js';
import { jsonObject } from '../plans/input.js';
import type { Room } from '../room.js';
import { type Prepared, renderedNames, submitPrepared } from './prepare.js';
import { readRun, runReference } from './reference.js';
import { startedRun } from './started.js';
import { movedWorkspace } from './workspace.js';

const rerunInput = z.strictObject({
  run: runReference,
  /** This step and all that follow run again; without it, what was not done. */
  from: z.string().optional(),
  /** Override those of the earlier run. Without `from` nothing is taken over; with it, what reads none of those that changed. */
  inputs: jsonObject.optional(),
  /** Start one like this: the same plan from its beginning, also while the other goes on. Nothing is taken over. */
  fresh: z.boolean().default(false),
  lane: z.enum(LANES).optional(),
  priority: z.int().min(-1000).max(1000).optional(),
  /** Another session than that of the earlier run, by name or id. */
  session: z.string().min(1).max(120).optional(),
});

export const rerun = operation({
  name: 'runs.rerun',
  summary:
    'Start a run again as a new one: from a step on, only what failed, with other inputs, or from its beginning. What was done before is taken over with its proofs.',
  permission: 'run:start',
  changes: true,
  consequential: true,
  input: rerunInput,
  output: startedRun,
  run: async (asked, room) => {
    const prepared = await prepareRerun(asked, room);
    await admitRun(room, prepared);
    return submitPrepared(room, prepared, { requestedBy: room.by });
  },
});

export type RerunAsked = Omit<z.output<typeof rerunInput>, 'fresh'> & { readonly fresh: boolean };

/**
 * A re-run as it would be submitted.
 * @param keepsDone without `from`, other inputs let run again only what reads them, beside what was not done
 * @throws OpsroomError NOT_FOUND, USAGE, NOT_ALLOWED_NOW, INPUT_INVALID
 */
export async function prepareRerun(
  { run: reference, from, inputs, fresh, lane, priority, session }: RerunAsked,
  room: Room,
  keepsDone = false,
): Promise<Prepared> {
  const parent = await readRun(room, reference);
  refuse(parent, { from, fresh });
  const { plan, plan_digest: planDigest } = parent;
  const resolved = resolveInputs(plan, { ...parent.inputs, ...inputs });
  const whole = fresh || (inputs !== undefined && from === undefined && !keepsDone);
  return {
    plan,
    planDigest,
    inputs: resolved,
    ...renderedNames(plan, resolved),
    host: parent.host,
    workspace: await workspaceFor(parent, resolved, whole, room),
    queue: {
      lane: lane ?? (parent.lane as Lane),
      priority: priority ?? parent.priority,
      session,
      tools: toolsOf(parent),
    },
    fork: whole ? undefined : { parent: parent.id, from, again: rereading(parent, resolved) },
    parent: parent.id,
    source: { kind: 'run', run: parent.id, from, fresh: whole },
    warnings: [],
  };
}

/** What was not allowed to the earlier run is not to this one. */
const toolsOf = ({ allowed_tools: lists }: ViewedRun): readonly string[] | undefined =>
  lists?.find(({ of }) => of === 'run')?.tools;

/** @throws OpsroomError USAGE, NOT_ALLOWED_NOW */
function refuse(parent: ViewedRun, { from, fresh }: { from: string | undefined; fresh: boolean }): void {
  if (fresh && from !== undefined) {
    const what = 'A run from its beginning takes nothing over, so `fresh` and `from` exclude each other.';
    throw new OpsroomError('USAGE', { what, mend: 'Give one of them.' });
  }
  const why = fresh ? undefined : whyNot('rerun', parent.status);
  if (why) throw new OpsroomError('NOT_ALLOWED_NOW', { what: why, where: `run ${parent.id}` });
}

/** What read an input that is another now must not be taken over. */
function rereading({ plan, inputs }: ViewedRun, now: JsonObject): string[] {
  return stepsReading(plan, changedInputs(inputs, now));
}

/** What is taken over may have left files in the folder of the earlier run. */
async function workspaceFor(parent: ViewedRun, inputs: JsonObject, whole: boolean, room: Room): Promise<WorkspaceRef> {
  const { plan, workspace } = parent;
  const stays = whole ? false : workspace.kind === 'temp' || changedInputs(parent.inputs, inputs).length === 0;
  return stays ? workspace : movedWorkspace(plan, parent, { home: room.home, planEnv: room.ports.planEnv, inputs });
}
