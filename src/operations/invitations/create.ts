import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { credentialHash } from '#identity/credential.js';
import { insertInvitation } from '#identity/invitations-store.js';
import { findMemberIn } from '#identity/members-store.js';
import { ROLES } from '#identity/permissions.js';
import { OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import type { Sql } from '#record/store.js';
import { requireReach } from '../members/rules.js';
import { operation } from '../operation.js';
import { auditBy } from '../people/audit.js';
import { emailSchema } from '../people/profile.js';
import type { Room } from '../room.js';
import { invitationView, shownInvitation } from './view.js';

const PREFIX = 'opsi_';
const DAY_HOURS = 24;

export const createInvitation = operation({
  name: 'invitations.create',
  summary:
    'Invite somebody into the organisation with a role. The answer is the only place where the link is shown; with an e-mail it is for that person alone, and takes the place of an earlier one.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({
    email: emailSchema.optional().describe('Whom it is for. Left out: whoever has the link.'),
    role: z.enum(ROLES).describe('What they will be; nobody gives more than they have.'),
    days: z.int().min(1).max(30).default(7).describe('After how many days the link opens nothing any more.'),
  }),
  output: invitationView.extend({ url: z.string() }),
  run: async ({ email = null, role, days }, room) => {
    requireReach(room, role, 'invitations.create');
    const token = `${PREFIX}${randomBytes(32).toString('base64url')}`;
    const made = await room.database.engineTx(async (tx) => {
      if (email !== null) await refuseMember(tx, room, email);
      const id = uuidv7(room.ports.clock.now().getTime());
      const person = room.principal.person ?? null;
      const hours = days * DAY_HOURS;
      const { org, by } = room;
      const row = await insertInvitation(tx, { org, id, hash: credentialHash(token), email, role, by, person, hours });
      if (!row) throw new OpsroomError('INTERNAL', { what: 'The invitation was not kept.' });
      const data = { invitationId: id, email, role, expiresAt: row.expiresAt.toISOString() };
      await auditBy(room, org, 'invitation.created', data, tx);
      return row;
    });
    // Behind "#", a browser keeps it to itself: it is in no request, no log of a proxy and no Referer.
    return { ...shownInvitation(made), url: `${room.url()}/join#token=${token}` };
  },
});

async function refuseMember(tx: Sql, { org }: Room, email: string): Promise<void> {
  const member = await findMemberIn(tx, org, email);
  if (!member) return;
  const what = `${email} is a member already: ${member.role}.`;
  throw new OpsroomError('USAGE', { what, where: 'email', mend: 'Give them another role: `opsroom members role`.' });
}
