import { z } from 'zod';
import { listInvitations } from '#identity/invitations-store.js';
import { operation } from '../operation.js';
import { invitationView, shownInvitation } from './view.js';

export const listInvitationsOperation = operation({
  name: 'invitations.list',
  summary: 'List invitations and what has become of them: those that wait first, then the newest. No link is shown.',
  permission: 'room:admin',
  changes: false,
  consequential: false,
  input: z.strictObject({}),
  output: z.object({ invitations: z.array(invitationView) }),
  run: async (_, room) => {
    const rows = await room.database.door(room.org, (tx) => listInvitations(tx, room.org));
    return { invitations: rows.map(shownInvitation) };
  },
});
