import { z } from 'zod';
import { resolveInputs } from '#compile/inputs.js';
import { submitRun } from '#execute/submit.js';
import { LANES } from '#ir/plan.js';
import { operation } from '../operation.js';
import { unseenProblem } from '../plans/gate.js';
import { compileGiven, folderOf, jsonObject, planInput } from '../plans/input.js';
import { sourceOf } from '../plans/source.js';
import { keepSource } from '../plans/source-store.js';
import type { Room } from '../room.js';
import { placeRun } from '../sessions/write.js';
import { startedOnce } from './once.js';
import { type StartedRun, startedRun } from './started.js';
import { workspaceOf } from './workspace.js';

const startInput = z.strictObject({
  plan: planInput,
  inputs: jsonObject.default({}),
  lane: z.enum(LANES).optional(),
  priority: z.int().min(-1000).max(1000).optional(),
  session: z
    .string()
    .min(1)
    .max(120)
    .optional()
    .describe('The session that it belongs to, by name or id. A name that no open session has makes one.'),
  /** Absolute path of the folder where an `inplace` plan works; without it, the folder of the plan's file. */
  folder: z.string().optional(),
  /** A person has seen the plan of this runbook and wants it run, although the file was never reviewed. */
  seen: z.boolean().default(false),
  idempotencyKey: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'use 1 to 255 visible ASCII characters')
    .optional()
    .describe(
      'Of your own choice. Asking again within a day, with the same key and for the same, starts no second run.',
    ),
});
type Asked = Omit<z.output<typeof startInput>, 'idempotencyKey'>;

export const startRun = operation({
  name: 'runs.start',
  summary:
    'Compile a plan and put it into the queue. Once this answers, the run is acknowledged: it will end, or wait with a reason.',
  permission: 'run:start',
  changes: true,
  consequential: true,
  input: startInput,
  output: startedRun,
  run: ({ idempotencyKey, ...asked }, room) =>
    startedOnce(room, idempotencyKey, asked, (chosen) => start(asked, room, chosen)),
});

/** @param chosen asked last, when nothing is left that could be wrong with the request */
async function start(
  { plan: given, inputs, lane, priority, session, folder, seen }: Asked,
  room: Room,
  chosen: () => Promise<string | undefined>,
): Promise<StartedRun> {
  const compiled = await compileGiven(given, room.contracts);
  const unseen = seen ? undefined : unseenProblem(compiled, given);
  if (unseen) throw unseen;
  const { plan, digest } = compiled;
  const resolved = resolveInputs(plan, inputs);
  const {
    home,
    ports: { planEnv },
  } = room;
  const workspace = await workspaceOf(plan, { home, planEnv, inputs: resolved, folder: folder ?? folderOf(given) });
  const runId = await submitRun(room.database, room.ports, {
    org: room.org,
    id: await placeRun(room, { id: await chosen(), session }),
    plan,
    planDigest: digest,
    inputs: resolved,
    requestedBy: room.by,
    host: room.host,
    workspace,
    lane,
    priority,
  });
  const source = sourceOf(compiled, given);
  // After the run, whose plan it belongs to: lost in a crash between the two, it is only not shown.
  if (source) await room.database.door(room.org, (tx) => keepSource(tx, room.org, digest, source));
  return { runId, planDigest: digest, title: plan.title, steps: plan.steps.length };
}
