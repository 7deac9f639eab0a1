import { z } from 'zod';
import { operation } from '../operation.js';
import { listCalls, spent } from './store.js';
import { callView, showCall, showSpent, spentView } from './view.js';

export const listModelCalls = operation({
  name: 'models.calls',
  summary: 'List calls of language models, the newest first: model, prompt and its version, tokens, cost, time.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ limit: z.int().min(1).max(200).default(50) }),
  output: z.object({
    configured: z.object({ provider: z.string(), model: z.string() }).nullable(),
    /** Why none is asked; null: one is. */
    why: z.string().nullable(),
    spent: spentView,
    calls: z.array(callView),
  }),
  run: async ({ limit }, room) => {
    const found = await room.models.find(room);
    const named = found.settings;
    return room.database.door(room.org, async (tx) => ({
      configured: named === undefined ? null : { provider: named.provider, model: named.model },
      why: found.model === undefined ? found.why : null,
      spent: showSpent(await spent(tx, room.org, null)),
      calls: (await listCalls(tx, room.org, limit)).map(showCall),
    }));
  },
});
