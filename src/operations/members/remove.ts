import { z } from 'zod';
import { revokeInvitationsOf } from '#identity/invitations-store.js';
import { deleteMember, revokeKeysBeyond } from '#identity/members-store.js';
import { endStraySignIns } from '#identity/people-store.js';
import { operation } from '../operation.js';
import { auditBy } from '../people/audit.js';
import { memberReference, memberToChange, requireAnotherOwner } from './rules.js';
import { memberView, shownMember } from './view.js';

export const removeMember = operation({
  name: 'members.remove',
  summary:
    'Take somebody out of the organisation: their sign-ins end at once, their keys and the invitations they made are revoked. Runs that they started go on.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({ member: memberReference }),
  output: memberView.extend({ revokedKeys: z.array(z.string()), endedSignIns: z.int() }),
  run: ({ member: which }, room) =>
    room.database.engineTx(async (tx) => {
      const { org, by } = room;
      const member = await memberToChange(tx, room, which);
      await requireAnotherOwner(tx, member);
      await deleteMember(tx, org, member.id);
      const endedSignIns = await endStraySignIns(tx, member.id);
      const revokedKeys = await revokeKeysBeyond(tx, { org, personId: member.id, left: [], by });
      const revokedInvitations = await revokeInvitationsOf(tx, org, member.id, by);
      const { id, email, role } = member;
      const data = { personId: id, email, role, endedSignIns, revokedKeys, revokedInvitations };
      await auditBy(room, org, 'member.removed', data, tx);
      return { ...shownMember({ ...member, keys: [] }, room), revokedKeys, endedSignIns };
    }),
});
