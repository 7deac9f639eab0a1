import { z } from 'zod';
import { countOwners, findMemberIn, lockMembers, type MemberRow } from '#identity/members-store.js';
import { permissionsOf, type Role } from '#identity/permissions.js';
import { OpsroomError } from '#kit/errors.js';
import type { Sql } from '#record/store.js';
import type { Room } from '../room.js';

export const memberReference = z.string().min(1).max(320).describe('The e-mail or the id of a member.');

/**
 * Nobody gives more than they have, or takes it from who has more: otherwise a key for administration would make an owner.
 * @throws OpsroomError DENIED that names the permission
 */
export function requireReach({ permissions, by }: Pick<Room, 'permissions' | 'by'>, role: Role, where: string): void {
  const more = [...permissionsOf(role)].find((permission) => permissions?.has(permission) === false);
  if (more === undefined) return;
  const what = `${by} has not the permission ${more}, so it has no say about who is ${role}.`;
  throw new OpsroomError('DENIED', { what, where });
}

/**
 * The member that is meant, with nobody else coming or leaving until the transaction ends.
 * @throws OpsroomError NOT_FOUND; DENIED when the member may do more than who asks
 */
export async function memberToChange(tx: Sql, room: Room, which: string): Promise<MemberRow> {
  await lockMembers(tx, room.org);
  const member = await findMemberIn(tx, room.org, which);
  if (!member) {
    const mend = 'List them: `opsroom members`.';
    throw new OpsroomError('NOT_FOUND', { what: 'There is no such member.', where: which, mend });
  }
  requireReach(room, member.role, which);
  return member;
}

/** Without an owner nobody could make one again. @throws OpsroomError LAST_OWNER */
export async function requireAnotherOwner(tx: Sql, { org, role, email }: MemberRow): Promise<void> {
  if (role === 'owner' && (await countOwners(tx, org)) === 1) throw new OpsroomError('LAST_OWNER', { where: email });
}
