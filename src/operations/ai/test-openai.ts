import { z } from 'zod';
import { operation } from '../operation.js';

export const aiTestOpenai = operation({
  name: 'ai.testOpenai',
  summary:
    'Try the connection to the model provider. This version of the room uses no models, and says so: `ok` is never told without an answer of one.',
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
  run: () =>
    Promise.resolve({
      ok: false,
      configured: false,
      provider: null,
      model: null,
      latencyMs: null,
      what: 'No model provider is configured: this version of the room calls no models.',
    }),
});
