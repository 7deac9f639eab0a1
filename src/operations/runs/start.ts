import { z } from 'zod';
import { toolPatternsSchema } from '#ir/allowlist.js';
import { LANES } from '#ir/plan.js';
import { admitRun } from '../authority/gate.js';
import { operation } from '../operation.js';
import { jsonObject, planInput } from '../plans/input.js';
import type { Room } from '../room.js';
import { planAsked } from '../templates/find.js';
import { idempotencyKey, startedOnce } from './once.js';
import { prepareGiven, submitPrepared } from './prepare.js';
import { type StartedRun, startedRun } from './started.js';

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
  tools: toolPatternsSchema
    .optional()
    .describe(
      'What the run may call, and nothing else: `shell`, `mcp:github:*`. Beside it, the lists of the plan and of the session hold.',
    ),
  /** Absolute path of the folder where an `inplace` plan works; without it, the folder of the plan's file. */
  folder: z.string().optional(),
  /** A person has seen the plan of this runbook and wants it run, although the file was never reviewed. */
  seen: z.boolean().default(false),
  idempotencyKey: idempotencyKey('run'),
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
  run: ({ idempotencyKey: key, ...asked }, room) =>
    startedOnce(room, key, isTrigger(room) ? {} : asked, (chosen) => start(asked, room, chosen)),
});

/** Its keys name one time or one event: what that starts is the same also when a file says otherwise by now. */
const isTrigger = ({ principal }: Room): boolean => principal.kind === 'system';

/** @param chosen asked last, when nothing is left that could be wrong with the request */
async function start(
  { plan, inputs, lane, priority, session, tools, folder, seen }: Asked,
  room: Room,
  chosen: () => Promise<string | undefined>,
): Promise<StartedRun> {
  const given = await planAsked(plan, room.project);
  const prepared = await prepareGiven({ given, inputs, queue: { lane, priority, session, tools, folder }, seen }, room);
  await admitRun(room, prepared);
  return submitPrepared(room, prepared, { id: await chosen(), requestedBy: room.by });
}
