import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { credentialHash, credentialKind, sameHash } from '#identity/credential.js';
import { LOCAL_TOKEN_FILE, type LocalCredential, makeLocalCredential, removeLocalCredential } from '#identity/local.js';
import { PERMISSIONS } from '#identity/permissions.js';
import type { Principal } from '#identity/principal.js';
import { type FoundKey, findKey } from '#identity/store.js';
import { OpsroomError } from '#kit/errors.js';
import { asking } from './people/desk.js';
import { asMachine } from './people/machine.js';
import type { People } from './people/people.js';
import type { Room } from './room.js';

/** By what a request says whose it is, as it came in its headers. */
export interface Presented {
  readonly credential?: string | undefined;
  readonly cookie?: string | undefined;
}

/** Where requests come in: who may, and on whose behalf. */
export interface Entrance {
  /** The file that holds the credential of this machine, for whoever may read the data directory. */
  readonly file: string;
  /**
   * The room on behalf of whoever presents this: the credential of this machine stands for its user, with every permission; an
   * API key for what it was made for; a cookie for a person who has signed in, and the session of their editor for that person's looking
   * and deciding. A credential wins over a cookie.
   *
   * @throws OpsroomError UNAUTHENTICATED, KEY_REFUSED (unknown, expired, revoked), KEY_FOREIGN, DENIED, DATABASE_UNREACHABLE
   */
  enter(presented: Presented): Promise<Room>;
  /** Takes the credential of this machine away. */
  close(): Promise<void>;
}

/** Opens the entrance of a room that serves, and makes the credential of this machine anew. */
export async function openEntrance(room: Room, people: Pick<People, 'enter' | 'enterAsEditor'>): Promise<Entrance> {
  const local = await makeLocalCredential(room.home);
  return {
    file: local.file,
    enter: async ({ credential, cookie }) => {
      if (credential !== undefined) return byCredential(room, local, people, credential);
      if (cookie !== undefined) return people.enter(cookie);
      throw new OpsroomError('UNAUTHENTICATED');
    },
    close: () => removeLocalCredential(local),
  };
}

/** The credential of this machine for the room that serves a data directory, for whoever may read it. */
export async function localCredential(home: string): Promise<string> {
  return (await readFile(join(home, LOCAL_TOKEN_FILE), 'utf8')).trim();
}

async function byCredential(
  room: Room,
  local: LocalCredential,
  people: Pick<People, 'enterAsEditor'>,
  credential: string,
): Promise<Room> {
  const hash = credentialHash(credential);
  const kind = credentialKind(credential);
  if (kind === 'ide') return people.enterAsEditor(hash);
  return kind === 'local' ? ofThisMachine(room, local, hash) : ofKey(room, hash);
}

async function ofThisMachine(room: Room, local: LocalCredential, hash: Buffer): Promise<Room> {
  if (sameHash(hash, local.hash)) {
    // Looked up each time: its user may have come as a person a moment ago.
    const { principal } = await asking(() => asMachine(room));
    return { ...room, principal, permissions: new Set(PERMISSIONS), origin: { door: 'http' } };
  }
  const what = 'That is not the credential of this start of the room.';
  throw new OpsroomError('KEY_REFUSED', { what, mend: 'Read it anew from `local.token` in the data directory.' });
}

async function ofKey(room: Room, hash: Buffer): Promise<Room> {
  const key = await asking(() => findKey(room.database.engine, hash));
  return roomOf(room, key);
}

function roomOf(room: Room, key: FoundKey | undefined): Room {
  if (key === undefined) throw new OpsroomError('KEY_REFUSED', { what: 'The key is not known here.' });
  const { id, name, agent, person, revokedAt, expiresAt, expired } = key;
  if (revokedAt) refuse(`The key "${name}" was revoked at ${revokedAt.toISOString()}.`);
  if (expired) refuse(`The key "${name}" has expired, at ${expiresAt?.toISOString()}.`);
  const by = `key:${name}`;
  const principal: Principal = {
    kind: agent === null ? 'key' : 'agent',
    by,
    key: id,
    ...(agent === null ? {} : { agent }),
    ...(person === null ? {} : { person }),
  };
  return { ...room, org: key.org, by, principal, origin: { door: 'http' }, permissions: new Set(key.scopes) };
}

function refuse(what: string): never {
  throw new OpsroomError('KEY_REFUSED', { what });
}
