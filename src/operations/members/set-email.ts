import { z } from 'zod';
import { renamePerson } from '#identity/people-store.js';
import { operation } from '../operation.js';
import { auditBy } from '../people/audit.js';
import { emailSchema, emailTaken } from '../people/profile.js';
import { requireSayOver, vouches } from '../people/vouch.js';
import { memberReference, memberToChange } from './rules.js';
import { memberView, shownMember } from './view.js';

export const setEmail = operation({
  name: 'members.setEmail',
  summary:
    'Give a member another e-mail. An owner may in whose organisations all of theirs are; it is believed to be theirs when who gives it owns every organisation. What they did stays under the old one, which nobody else can take.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({ member: memberReference, email: emailSchema.describe('By which they sign in from now on.') }),
  output: memberView,
  run: ({ member: which, email }, room) =>
    room.database.engineTx(async (tx) => {
      const member = await memberToChange(tx, room, which);
      const orgs = await requireSayOver(tx, room, member);
      const vouched = await vouches(tx, room);
      if (!(await renamePerson(tx, member.id, { email, vouched }))) throw emailTaken();
      const data = { personId: member.id, email, before: member.email };
      for (const org of orgs) await auditBy(room, org, 'member.email_changed', data, tx);
      const emailVerified = email === member.email ? member.emailVerified : vouched;
      return shownMember({ ...member, email, emailVerified }, room);
    }),
});
