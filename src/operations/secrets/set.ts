import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { operation } from '../operation.js';
import { keepSecrets, MOST_KEPT, USUALLY_KEPT } from './keep.js';
import { hostsInput, scopeInput, secretName, secretView } from './view.js';

export const keepInput = z
  .int()
  .min(0)
  .max(MOST_KEPT)
  .default(USUALLY_KEPT)
  .describe('How many earlier versions stay, so that what still prints them is masked.');

export const setSecret = operation({
  name: 'secrets.set',
  summary:
    'Set a secret, or its next version, for every run or for those on an environment or app. Its value is encrypted, given to the steps that name it, masked wherever it comes out, and shown to nobody again.',
  permission: 'secret:manage',
  changes: true,
  consequential: true,
  secretInput: true,
  input: z.strictObject({
    name: secretName,
    value: z.string().max(65_536).describe('Text of 4 to 65536 characters.'),
    ...scopeInput,
    hosts: hostsInput.optional(),
    keep: keepInput,
  }),
  output: secretView,
  run: async ({ name, value, environment = '', app = '', hosts, keep }, room) => {
    const [made] = await keepSecrets(room, [{ name, value, environment, app, hosts }], keep);
    if (!made) throw new OpsroomError('INTERNAL', { what: 'The secret that was set is not there.', where: name });
    return made;
  },
});
