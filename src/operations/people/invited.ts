import { acceptInvitation, type FoundInvitation, invitationsFor } from '#identity/invitations-store.js';
import { lockMembers } from '#identity/members-store.js';
import { addMember } from '#identity/people-store.js';
import type { Sql } from '#record/store.js';
import type { Room } from '../room.js';
import { audit, principalOf } from './audit.js';
import { vouchesFor } from './vouch.js';

/** Whether somebody waits for this e-mail, so that its person may come by a provider. */
export const isInvited = async ({ database }: Pick<Room, 'database'>, email: string): Promise<boolean> =>
  (await invitationsFor(database.engine, email)).length > 0;

/** Accepts what waits for somebody whose e-mail is proven to be theirs. */
export async function acceptWaiting(
  room: Room,
  { id, email }: { readonly id: string; readonly email: string },
): Promise<void> {
  for (const found of await invitationsFor(room.database.engine, email)) {
    await room.database.engineTx(async (tx) => {
      await lockMembers(tx, found.org);
      if (!(await acceptInvitation(tx, found, principalOf({ email })))) return;
      if (!(await addMember(tx, { org: found.org, id, role: found.role }))) return;
      await noteJoined(room, tx, found, { id, email });
    });
  }
}

/** The entry of the audit log about somebody who came by an invitation. */
export async function noteJoined(
  room: Room,
  tx: Sql,
  found: FoundInvitation,
  { id, email }: { readonly id: string; readonly email: string },
): Promise<void> {
  const { org, id: invitationId, role, createdBy } = found;
  const emailVouched = await vouchesFor(tx, found);
  const data = { invitationId, role, invitedBy: createdBy, emailVouched };
  await audit(room, { org, id, email }, 'invitation.accepted', data, tx);
}
