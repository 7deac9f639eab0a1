import { z } from 'zod';
import { renamePerson } from '#identity/people-store.js';
import { operation } from '../operation.js';
import { auditBy } from '../people/audit.js';
import { emailSchema, emailTaken } from '../people/profile.js';
import { memberReference, memberToChange } from './rules.js';
import { memberView, shownMember } from './view.js';

export const setEmail = operation({
  name: 'members.setEmail',
  summary:
    'Give a member another e-mail, which is believed to be theirs from then on. What they did stays under the old one, which nobody else can take.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({ member: memberReference, email: emailSchema.describe('By which they sign in from now on.') }),
  output: memberView,
  run: ({ member: which, email }, room) =>
    room.database.engineTx(async (tx) => {
      const member = await memberToChange(tx, room, which);
      if (!(await renamePerson(tx, member.id, { email }))) throw emailTaken();
      const data = { personId: member.id, email, before: member.email };
      await auditBy(room, room.org, 'member.email_changed', data, tx);
      return shownMember({ ...member, email, emailVerified: true });
    }),
});
