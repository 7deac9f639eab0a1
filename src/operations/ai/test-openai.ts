import { z } from 'zod';
import { asOpsroomError } from '#kit/errors.js';
import type { LanguageModel } from '#models/model.js';
import { metered } from '../models/metered.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';

const LIMIT_MS = 30_000;
const PING = {
  name: 'test-connection',
  version: 1,
  system: 'Answer with {"ok": true} and nothing else.',
  user: 'Are you there?',
};

export const aiTestOpenai = operation({
  name: 'ai.testOpenai',
  summary:
    'Try the connection to the model provider by one short question. `ok` is never told without an answer; without a model it says why there is none.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({}),
  output: z.object({
    ok: z.boolean(),
    configured: z.boolean(),
    provider: z.string().nullable(),
    model: z.string().nullable(),
    latencyMs: z.number().nullable(),
    what: z.string(),
  }),
  run: async (_, room) => {
    const found = await room.models.find(room);
    if (found.model) return tried(room, metered(room, found.model));
    const { settings, why } = found;
    const named = { provider: settings?.provider ?? null, model: settings?.model ?? null };
    return { ok: false, configured: false, ...named, latencyMs: null, what: why };
  },
});

async function tried({ ports }: Room, model: LanguageModel) {
  const named = { configured: true, provider: model.provider, model: model.model };
  const began = ports.clock.monotonicMs();
  try {
    const schema = z.object({ ok: z.boolean() });
    await model.ask({ prompt: PING, schema, schemaName: 'answer', signal: AbortSignal.timeout(LIMIT_MS) });
    const latencyMs = Math.round(ports.clock.monotonicMs() - began);
    return { ok: true, ...named, latencyMs, what: 'The model answers.' };
  } catch (error) {
    return { ok: false, ...named, latencyMs: null, what: asOpsroomError(error).message };
  }
}
