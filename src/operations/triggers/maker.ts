import { findMaker, type MakerNow } from '#identity/maker-store.js';
import { permissionsOf, type Role } from '#identity/permissions.js';
import type { Principal } from '#identity/principal.js';
import { OpsroomError } from '#kit/errors.js';
import type { Maker, StartRequest } from '#trigger/request.js';
import { authorise } from '../invoke.js';
import type { Room } from '../room.js';

/**
 * Who answers for a trigger that is made or changed now. Nobody lends it more than they have: it will start runs.
 * @throws OpsroomError DENIED
 */
export function makerOf(room: Room, operation: string): Maker {
  authorise({ name: operation, permission: 'run:start' }, room);
  const { person = null, key = null } = room.principal;
  return { madeBy: room.by, person, key };
}

/**
 * The principal as which a trigger asks, with the rights that its maker has now.
 * @throws OpsroomError DENIED when who made it may start nothing any more
 */
export async function principalOf(room: Room, { org, by, agent, maker }: StartRequest): Promise<Principal> {
  const now = await findMaker(room.database.engine, org, maker);
  const { person, key } = maker;
  return {
    kind: 'system',
    by,
    role: roleNow(maker, now),
    agent: now.key?.agent ?? agent,
    ...(person === null ? {} : { person }),
    ...(key === null ? {} : { key }),
  };
}

/** The machine's user counts as an owner, a key of nobody's as an operator. */
function roleNow({ madeBy, person, key }: Maker, now: MakerNow): Role {
  const refuse = (why: string): never => {
    const mend = 'Somebody who may start runs saves it anew, and answers for it from then on.';
    throw new OpsroomError('DENIED', { what: `${madeBy}, who made it, may start nothing any more: ${why}.`, mend });
  };
  if (key !== null) {
    if (now.key === null || now.key.revoked) return refuse('the key was revoked');
    if (now.key.expired) return refuse('the key has expired');
    if (!now.key.scopes.includes('run:start')) return refuse('the key has not the permission run:start');
  }
  if (person === null) return key === null ? 'owner' : 'operator';
  if (now.role === null) return refuse('no member of the organisation');
  return permissionsOf(now.role).has('run:start') ? now.role : refuse(`a ${now.role} starts no runs`);
}
