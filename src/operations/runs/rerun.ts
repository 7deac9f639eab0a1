import { z } from 'zod';
import { resolveInputs } from '#compile/inputs.js';
import { submitRun } from '#execute/submit.js';
import { LANES } from '#ir/plan.js';
import { whyNot } from '#ir/state.js';
import { OpsroomError } from '#kit/errors.js';
import { operation } from '../operation.js';
import { jsonObject } from '../plans/input.js';
import { readRun, runReference } from './reference.js';
import { startedRun } from './started.js';
import { movedWorkspace } from './workspace.js';

export const rerun = operation({
  name: 'runs.rerun',
  summary:
    'Start a run again as a new one: from a step on, or only what failed, or with other inputs. What was done before is taken over with its proofs.',
  permission: 'run:start',
  consequential: true,
  input: z.strictObject({
    run: runReference,
    /** This step and all that follow run again; without it, what was not done. */
    from: z.string().optional(),
    /** Override those of the earlier run. Other inputs mean that nothing is taken over. */
    inputs: jsonObject.optional(),
    lane: z.enum(LANES).optional(),
    priority: z.int().min(-1000).max(1000).optional(),
  }),
  output: startedRun,
  run: async ({ run: reference, from, inputs, lane, priority }, room) => {
    const parent = await readRun(room, reference);
    const why = whyNot('rerun', parent.status);
    if (why) throw new OpsroomError('NOT_ALLOWED_NOW', { what: why, where: `run ${parent.id}` });
    const { plan, plan_digest: planDigest } = parent;
    if (from !== undefined && inputs !== undefined) {
      const what = 'With other inputs nothing can be taken over, so `from` and `inputs` exclude each other.';
      throw new OpsroomError('USAGE', { what, mend: 'Give one of them.' });
    }
    const edited = inputs !== undefined;
    const resolved = resolveInputs(plan, { ...parent.inputs, ...inputs });
    const ground = { home: room.home, planEnv: room.ports.planEnv, inputs: resolved };
    const runId = await submitRun(room.database, room.ports, {
      org: room.org,
      plan,
      planDigest,
      inputs: resolved,
      requestedBy: room.by,
      host: parent.host,
      workspace: edited ? await movedWorkspace(plan, parent, ground) : parent.workspace,
      lane: lane ?? parent.lane,
      priority: priority ?? parent.priority,
      fork: edited ? undefined : { parent: parent.id, from },
    });
    return { runId, planDigest, title: plan.title, steps: plan.steps.length };
  },
});
