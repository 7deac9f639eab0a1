import { z } from 'zod';
import { revokeInvitation } from '#identity/invitations-store.js';
import { OpsroomError } from '#kit/errors.js';
import { operation } from '../operation.js';
import { auditBy } from '../people/audit.js';
import { invitationView, shownInvitation } from './view.js';

export const revokeInvitationOperation = operation({
  name: 'invitations.revoke',
  summary: 'Have the link of an invitation open nothing any more. Whoever came by it stays: take them out as a member.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({
    invitation: z.string().min(1).max(320).describe('Its id, or the e-mail that it waits for.'),
  }),
  output: invitationView,
  run: ({ invitation }, room) =>
    room.database.engineTx(async (tx) => {
      const row = await revokeInvitation(tx, room.org, invitation, room.by);
      if (!row) {
        const mend = 'List them: `opsroom invite --list`.';
        throw new OpsroomError('NOT_FOUND', { what: 'There is no such invitation.', where: invitation, mend });
      }
      const data = { invitationId: row.id, email: row.email };
      if (row.isNew) await auditBy(room, room.org, 'invitation.revoked', data, tx);
      return shownInvitation(row);
    }),
});
