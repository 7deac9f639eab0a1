import { z } from 'zod';
import { listServers } from '#catalog/mcp/server-store.js';
import { fillLanes } from '#execute/workers/release.js';
import { LANES } from '#ir/plan.js';
import { didYouMean } from '#ir/suggest.js';
import { OpsroomError } from '#kit/errors.js';
import { DEAREST } from '#models/prices.js';
import { modelBudget } from '../models/store.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { note } from '../triggers/note.js';
import { USUAL_RATES } from './api-rates.js';
import {
  heldKeys,
  readApiRates,
  readCallRates,
  readRunning,
  setApiRate,
  setCallRate,
  setLane,
  setModelUsd,
  setRunningPerUser,
} from './store.js';

const rate = z.strictObject({
  perSecond: z.number().gt(0).max(10_000),
  burst: z.int().min(1).max(100_000).describe('So many at once, when nothing was asked for a while.'),
});

const view = z.object({
  /** At most so many runs of one asker at once: a person, a key, a schedule or a webhook each. */
  runningPerUser: z.int(),
  lanes: z.array(z.object({ lane: z.enum(LANES), width: z.int() })),
  /**
   * What language models may cost in a day, and have cost since 00:00 UTC, in US dollars; limit null: there is none. `unpriced` calls are
   * not in it: nobody knows what they cost.
   */
  modelUsd: z.object({ limit: z.number().nullable(), today: z.number(), unpriced: z.int() }),
  /** Tools whose calls are limited, over all workers together. */
  calls: z.array(rate.extend({ name: z.string(), changedBy: z.string(), changedAt: z.string() })),
  /** Requests to the API, over all servers together: of whoever opens the room, and of an address that does not. */
  api: z.object({ key: rate, stranger: rate }),
  /** Concurrency keys that runs hold now. */
  keys: z.array(z.object({ key: z.string(), runId: z.string(), title: z.string(), waiting: z.int() })),
});

function readLimits(room: Room): Promise<z.infer<typeof view>> {
  return room.database.door(room.org, async (tx) => {
    const calls = await readCallRates(tx, room.org);
    const api = await readApiRates(tx);
    return {
      ...(await readRunning(tx, room.org)),
      modelUsd: { ...(await modelBudget(tx, room.org, DEAREST)) },
      calls: calls.map((one) => ({ ...one, changedAt: one.changedAt.toISOString() })),
      api: { key: api.get('key') ?? USUAL_RATES.key, stranger: api.get('stranger') ?? USUAL_RATES.stranger },
      keys: await heldKeys(tx, room.org),
    };
  });
}

export const getLimits = operation({
  name: 'limits.get',
  summary:
    'Show what holds back: runs at once per asker and lane, rates of tools and of the API, and the concurrency keys that are held.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({}),
  output: view,
  run: (_, room) => readLimits(room),
});

const changes = z.strictObject({
  runningPerUser: z.int().min(1).max(10_000).optional(),
  lanes: z
    .partialRecord(z.enum(LANES), z.int().min(1).max(10_000))
    .optional()
    .describe('Lane → how many runs at once.'),
  calls: z
    .record(z.string().max(80), rate.nullable())
    .optional()
    .describe('`tool:NAME` or `mcp:SERVER` → how often it may be called; null: no limit any more.'),
  modelUsdPerDay: z
    .number()
    .min(0)
    .max(1_000_000)
    .nullable()
    .optional()
    .describe('US dollars that calls of language models may cost in a day (UTC); null: no limit.'),
  api: z.strictObject({ key: rate.optional(), stranger: rate.optional() }).optional(),
});
type Changes = z.output<typeof changes>;

export const updateLimits = operation({
  name: 'limits.update',
  summary:
    'Change what holds back; what is left out stays. Runs that go on go on: the limits count for what begins from now on.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: changes,
  output: view,
  run: async (wanted, room) => {
    refuse(wanted, room, await serverNames(room));
    await room.database.engineTx(async (tx) => {
      const { runningPerUser, modelUsdPerDay, lanes = {}, calls = {}, api = {} } = wanted;
      if (runningPerUser !== undefined) await setRunningPerUser(tx, room.org, runningPerUser);
      if (modelUsdPerDay !== undefined) await setModelUsd(tx, room.org, modelUsdPerDay);
      for (const [lane, width] of Object.entries(lanes))
        if (width !== undefined) await setLane(tx, room.org, { lane: lane as (typeof LANES)[number], width });
      for (const [name, one] of Object.entries(calls)) await setCallRate(tx, room.org, name, one, room.by);
      for (const [who, one] of Object.entries(api)) if (one) await setApiRate(tx, who, one, room.by);
      await note(tx, room, 'limits.changed', JSON.parse(JSON.stringify(wanted)) as Record<string, never>);
    });
    await fillLanes(room.database.engine);
    return readLimits(room);
  },
});

const serverNames = (room: Room): Promise<string[]> =>
  room.database.door(room.org, async (tx) => (await listServers(tx, room.org)).map(({ name }) => name));

/** @throws OpsroomError USAGE for a tool that there is not; DENIED for what is of the whole installation */
function refuse({ calls = {}, api }: Changes, { principal, by, ports }: Room, servers: readonly string[]): void {
  const known = [...[...ports.tools.keys()].map((tool) => `tool:${tool}`), ...servers.map((name) => `mcp:${name}`)];
  const strange = Object.keys(calls).find((name) => !known.includes(name));
  if (strange !== undefined) {
    throw new OpsroomError('USAGE', {
      what: `There is no tool or MCP server "${strange}".`,
      where: 'calls',
      mend: didYouMean(strange, known),
    });
  }
  if (api === undefined || principal.kind === 'machine') return;
  const what = `${by} may not change the rates of the API, which are of the whole installation; only this machine’s user may.`;
  throw new OpsroomError('DENIED', { what, where: 'api' });
}
