import { z } from 'zod';
import { appendAudit } from '#record/audit-store.js';
import { scopeWords } from '#secrets/scope.js';
import { operation } from '../operation.js';
import { noSecret } from './get.js';
import { scopeInput, secretName } from './view.js';

export const removeSecret = operation({
  name: 'secrets.remove',
  summary:
    'Remove a secret of one scope with all its versions. Steps that name it fail from then on, and what still prints it is no longer masked: revoke it first where it belongs. Needs no vault key.',
  permission: 'secret:manage',
  changes: true,
  consequential: true,
  input: z.strictObject({ name: secretName, ...scopeInput }),
  output: z.object({ name: z.string(), removed: z.array(z.int()) }),
  run: async ({ name, environment = '', app = '' }, room) => {
    const { org, by } = room;
    const at = room.ports.clock.now().toISOString();
    const removed = await room.database.engineTx(async (tx) => {
      const versions = await room.vault.remove(tx, { org, name, environment, app });
      if (versions.length === 0) throw noSecret(name, ` for ${scopeWords({ environment, app })}`);
      // Where it may go stays: one that is set again under the name must not go anywhere, unnoticed.
      await appendAudit(tx, org, [{ at, kind: 'secret.removed', actor: by, data: { name, environment, app } }]);
      return versions;
    });
    room.secrets.forget(org);
    return { name, removed };
  },
});
