import { z } from 'zod';
import { resolveInputs } from '#compile/inputs.js';
import { submitRun } from '#execute/submit.js';
import { LANES } from '#ir/plan.js';
import { operation } from '../operation.js';
import { unseenProblem } from '../plans/gate.js';
import { compileGiven, folderOf, jsonObject, planInput } from '../plans/input.js';
import { workspaceOf } from './workspace.js';

export const startedRun = z.object({ runId: z.string(), planDigest: z.string(), title: z.string(), steps: z.int() });

export const startRun = operation({
  name: 'runs.start',
  summary:
    'Compile a plan and put it into the queue. Once this answers, the run is acknowledged: it will end, or wait with a reason.',
  permission: 'run:start',
  consequential: true,
  input: z.strictObject({
    plan: planInput,
    inputs: jsonObject.default({}),
    lane: z.enum(LANES).optional(),
    priority: z.int().min(-1000).max(1000).optional(),
    /** Absolute path of the folder where an `inplace` plan works; without it, the folder of the plan's file. */
    folder: z.string().optional(),
    /** A person has seen the plan of this runbook and wants it run, although the file was never reviewed. */
    seen: z.boolean().default(false),
  }),
  output: startedRun,
  run: async ({ plan: given, inputs, lane, priority, folder, seen }, room) => {
    const compiled = await compileGiven(given, room.contracts);
    const unseen = seen ? undefined : unseenProblem(compiled, given);
    if (unseen) throw unseen;
    const { plan, digest } = compiled;
    const resolved = resolveInputs(plan, inputs);
    const {
      home,
      ports: { planEnv },
    } = room;
    const runId = await submitRun(room.database, room.ports, {
      org: room.org,
      plan,
      planDigest: digest,
      inputs: resolved,
      requestedBy: room.by,
      host: room.host,
      workspace: await workspaceOf(plan, { home, planEnv, inputs: resolved, folder: folder ?? folderOf(given) }),
      lane,
      priority,
    });
    return { runId, planDigest: digest, title: plan.title, steps: plan.steps.length };
  },
});
