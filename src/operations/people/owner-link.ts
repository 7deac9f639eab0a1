import { randomBytes } from 'node:crypto';
import { credentialHash } from '#identity/credential.js';
import { insertOwnerLink } from '#identity/owner-link-store.js';
import { listOwners, type Member } from '#identity/people-store.js';
import { OpsroomError } from '#kit/errors.js';
import { appendAudit } from '#record/audit-store.js';
import type { Sql } from '#record/store.js';
import type { Room } from '../room.js';

/** So long does a link let somebody in. */
export const LINK_HOURS = 24;
const PREFIX = 'opso_';
/** 256 bits in base64url. */
export const LINK_TOKEN = /^opso_[A-Za-z0-9_-]{43}$/;

/**
 * Whether the room has an owner, so that people sign in instead of coming by a link.
 * @param sql a transaction, to ask within it
 */
export async function hasOwner({ database, org }: Room, sql: Sql = database.engine): Promise<boolean> {
  return (await listOwners(sql, org)).length > 0;
}

/**
 * Makes the address that lets an owner in, once, within a day; those made before and not used open nothing any more. Not an
 * operation: only whoever may read the data directory makes one.
 *
 * @param url where browsers reach the room
 * @param email which owner, where there are several; the first unless given
 * @throws OpsroomError NOT_FOUND when no owner has this e-mail
 */
export async function makeOwnerLink(room: Room, url: string, email?: string): Promise<string> {
  const token = `${PREFIX}${randomBytes(32).toString('base64url')}`;
  const owners = await listOwners(room.database.engine, room.org);
  const owner = email === undefined ? owners[0] : named(owners, email);
  const at = room.ports.clock.now().toISOString();
  await room.database.engineTx(async (tx) => {
    const hash = credentialHash(token);
    await insertOwnerLink(tx, { org: room.org, hash, personId: owner?.id ?? null, madeBy: room.by, hours: LINK_HOURS });
    const data = owner ? { personId: owner.id, email: owner.email } : {};
    await appendAudit(tx, room.org, [{ at, kind: 'owner_link.made', actor: room.by, data }]);
  });
  // Behind "#", a browser keeps it to itself: it is in no request, no log of a proxy and no Referer.
  return `${url}/welcome#token=${token}`;
}

function named(owners: readonly Member[], email: string): Member {
  const found = owners.find((owner) => owner.email === email.toLowerCase());
  if (found) return found;
  const mend = owners.length === 0 ? 'Leave the e-mail out.' : `Owners: ${owners.map((one) => one.email).join(', ')}.`;
  throw new OpsroomError('NOT_FOUND', { what: 'No owner has this e-mail.', where: email, mend });
}
