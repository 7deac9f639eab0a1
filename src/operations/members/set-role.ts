import { z } from 'zod';
import { revokeKeysBeyond, saveRole } from '#identity/members-store.js';
import { permissionsOf, ROLES } from '#identity/permissions.js';
import { operation } from '../operation.js';
import { auditBy } from '../people/audit.js';
import { memberReference, memberToChange, requireAnotherOwner, requireReach } from './rules.js';
import { memberView, shownMember } from './view.js';

export const setRole = operation({
  name: 'members.setRole',
  summary: 'Give a member another role, from their next request on. Their keys that may do more are revoked.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({ member: memberReference, role: z.enum(ROLES).describe('What they are from now on.') }),
  output: memberView.extend({ revokedKeys: z.array(z.string()) }),
  run: async ({ member: which, role }, room) => {
    requireReach(room, role, which);
    return room.database.engineTx(async (tx) => {
      const member = await memberToChange(tx, room, which);
      if (role !== 'owner') await requireAnotherOwner(tx, member);
      await saveRole(tx, room.org, member.id, role);
      const left = [...permissionsOf(role)];
      const revokedKeys = await revokeKeysBeyond(tx, { org: room.org, personId: member.id, left, by: room.by });
      const { id, email } = member;
      const data = { personId: id, email, role, before: member.role, revokedKeys };
      await auditBy(room, room.org, 'member.role_changed', data, tx);
      const keys = member.keys.filter((key) => !revokedKeys.includes(key.name));
      return { ...shownMember({ ...member, role, listed: false, keys }, room), revokedKeys };
    });
  },
});
