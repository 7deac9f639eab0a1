import { z } from 'zod';
import { setIdeApprovals } from '#identity/ide-store.js';
import { operation } from '../operation.js';
import { auditBy } from '../people/audit.js';

export const allowIdeApprovals = operation({
  name: 'ide.allow',
  summary:
    'Allow the people of the organisation to approve from their editors, or forbid it: then open sessions work no more. Whatever can read an editor’s session can approve as its person.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({ allowed: z.boolean() }),
  output: z.object({ allowed: z.boolean() }),
  run: ({ allowed }, room) =>
    room.database.engineTx(async (tx) => {
      await setIdeApprovals(tx, room.org, allowed);
      await auditBy(room, room.org, 'ide_approvals.changed', { allowed }, tx);
      return { allowed };
    }),
});
