import { findIdeSession } from '#identity/ide-store.js';
import { type Permission, permissionsOf } from '#identity/permissions.js';
import { OpsroomError } from '#kit/errors.js';
import type { Room } from '../room.js';
import { principalOf } from './audit.js';
import { asking, type Desk } from './desk.js';
import { holds } from './workplace.js';

/** What an editor needs for its person to decide, and no more of what they may. */
const FOR_EDITORS: readonly Permission[] = ['run:read', 'approval:give'];

/**
 * The room on behalf of the person whose editor this session is of, as far as an editor may. Looked up for each request, so that it
 * ends with the membership, and with what the organisation allows.
 * @throws OpsroomError KEY_REFUSED (unknown, expired, ended, not allowed any more), DENIED for somebody who is no member any more
 */
export async function enterAsEditor({ room, signIn }: Desk, hash: Buffer): Promise<Room> {
  const session = await asking(() => findIdeSession(room.database.engine, hash));
  if (session === undefined) throw refused('The session is not known here.');
  const { id, name, member, names, expiresAt, endedAt } = session;
  if (endedAt) throw refused(`The session "${name}" was ended at ${endedAt.toISOString()}.`);
  if (session.expired) throw refused(`The session "${name}" has expired, at ${expiresAt.toISOString()}.`);
  if (!session.allowed) throw refused('The organisation does not allow approving from editors any more.');
  if (member === null || !holds(member, signIn.allow))
    throw new OpsroomError('DENIED', { what: `Whoever opened the session "${name}" is no member of this room.` });
  const may = permissionsOf(member.role);
  const by = principalOf(member);
  return {
    ...room,
    org: session.org,
    by,
    principal: { kind: 'person', by, person: member.id, role: member.role, aliases: names, ide: id },
    origin: { door: 'http', client: `ide:${name}` },
    permissions: new Set(FOR_EDITORS.filter((permission) => may.has(permission))),
  };
}

const refused = (what: string): OpsroomError =>
  new OpsroomError('KEY_REFUSED', { what, mend: 'Open another in the room: Settings, Editors.' });
