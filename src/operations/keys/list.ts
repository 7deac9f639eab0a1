import { z } from 'zod';
import { listKeys } from '#identity/store.js';
import { operation } from '../operation.js';
import { keyView, shownKey } from './view.js';

export const listKeysOperation = operation({
  name: 'keys.list',
  summary: 'List the API keys, the newest first, with what they may do and when they were last used. No key is shown.',
  permission: 'room:admin',
  changes: false,
  consequential: false,
  input: z.strictObject({}),
  output: z.object({ keys: z.array(keyView) }),
  run: async (_, room) => {
    const rows = await room.database.door(room.org, (tx) => listKeys(tx, room.org));
    return { keys: rows.map(shownKey) };
  },
});
