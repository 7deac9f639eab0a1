import { findMemberIn, type MemberRow } from '#identity/members-store.js';
import { findByName, keepName } from '#identity/names-store.js';
import { OpsroomError } from '#kit/errors.js';
import type { Room } from '../room.js';
import { auditBy } from './audit.js';

/**
 * The room on behalf of the user of this machine, who may be a person who has come: then both are one human, who finds what
 * both asked for and approves neither.
 */
export async function asMachine(room: Room): Promise<Room> {
  const known = await findByName(room.database.engine, room.by);
  if (!known) return room;
  const { id: person, names: aliases } = known;
  return { ...room, principal: { ...room.principal, person, aliases } };
}

/**
 * Says that the user of this machine is a member who has come: what both ask for is one human's from now on. Not an operation:
 * only whoever may read the data directory says so of themselves.
 *
 * @param which the e-mail or the id of the member
 * @throws OpsroomError NOT_FOUND; USAGE when the user is known to be somebody else
 */
export async function linkMachine(room: Room, which: string): Promise<MemberRow> {
  return room.database.engineTx(async (tx) => {
    const member = await findMemberIn(tx, room.org, which);
    if (!member)
      throw new OpsroomError('NOT_FOUND', {
        what: 'There is no such member.',
        where: which,
        mend: 'List them: `opsroom members`.',
      });
    if (!(await keepName(tx, member.id, room.by))) {
      const what = `${room.by} is known to be somebody else.`;
      throw new OpsroomError('USAGE', { what, mend: 'Work as another user of this machine.' });
    }
    const data = { personId: member.id, email: member.email, machine: room.by };
    await auditBy(room, room.org, 'member.machine_linked', data, tx);
    return member;
  });
}
