import { z } from 'zod';
import { revokeKey } from '#identity/store.js';
import { OpsroomError } from '#kit/errors.js';
import { appendAudit } from '#record/audit-store.js';
import { operation } from '../operation.js';
import { keyView, shownKey } from './view.js';

export const revokeKeyOperation = operation({
  name: 'keys.revoke',
  summary: 'End an API key at once. Streams that it holds open are closed within seconds; runs it started go on.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({
    key: z.string().min(1).max(100).describe('The id or the name of the key, not the key itself.'),
  }),
  output: keyView,
  run: ({ key }, room) =>
    room.database.engineTx(async (tx) => {
      const row = await revokeKey(tx, room.org, key, room.by);
      if (!row)
        throw new OpsroomError('NOT_FOUND', {
          what: 'There is no such key in use.',
          mend: 'List them: `opsroom keys list`.',
        });
      const at = room.ports.clock.now().toISOString();
      const data = { keyId: row.id, name: row.name };
      if (row.isNew) await appendAudit(tx, room.org, [{ at, kind: 'key.revoked', actor: room.by, data }]);
      return shownKey(row);
    }),
});
