import { z } from 'zod';
import { listSecrets } from '#secrets/store.js';
import { operation } from '../operation.js';
import { elsewhereOf } from './elsewhere.js';
import { elsewhereView, secretView, shownSecret } from './view.js';

export const listSecretsOperation = operation({
  name: 'secrets.list',
  summary:
    'List the secrets by name and where they count, with who set them and which step used them last. No value is shown. `elsewhere` names those of the environment, which win, and of secrets.env, which yield.',
  permission: 'secret:manage',
  changes: false,
  consequential: false,
  input: z.strictObject({}),
  output: z.object({ secrets: z.array(secretView), elsewhere: z.array(elsewhereView) }),
  run: async (_, room) => {
    const rows = await room.database.door(room.org, (tx) => listSecrets(tx, room.org));
    return { secrets: rows.map(shownSecret), elsewhere: await elsewhereOf(room) };
  },
});
