import { hkdfSync } from 'node:crypto';
import { ADDRESS_HEADER } from '#identity/address-header.js';
import { allowedRole } from '#identity/allowed.js';
import type { Auth } from '#identity/auth.js';
import { authError } from '#identity/auth-error.js';
import { addMember, findMemberships, findPerson, sweepSignIns } from '#identity/people-store.js';
import type { SignInConfig } from '#kit/sign-in-config.js';
import { ledgerError } from '../ledger-error.js';
import type { Room } from '../room.js';
import { audit } from './audit.js';
import { acceptWaiting, isInvited } from './invited.js';
import { holds, workplace } from './workplace.js';

/** Where people sign in: what its tasks work with. */
export interface Desk {
  readonly room: Room;
  readonly signIn: SignInConfig;
  /** The origin at which browsers reach the room. */
  readonly url: () => string;
  /** Loaded when it is first asked for: it takes a third of a second, and most commands need none. */
  readonly auth: () => Promise<Auth>;
  /** Makes `auth` anew: a provider that did not answer when it was made is not in it. */
  readonly reopen: () => void;
}

/** What a request brings besides its body. */
export interface Visitor {
  /** As the header has them. */
  readonly cookie?: string | undefined;
  /** As its browser names itself. */
  readonly agent?: string | undefined;
  /** Of the connection; empty where there is none. */
  readonly address: string;
  /** Whether the connection begins on this machine, and not at a proxy on it. */
  readonly here?: boolean | undefined;
}

/** An answer, and the cookies that go with it, as `Set-Cookie` has them. */
export interface Answered<T> {
  readonly body: T;
  readonly cookies: readonly string[];
}

/** Few: a flood of sign-ins must not take the connections that runs need. */
const CONNECTIONS = 4;

/** @param url known only once the room listens */
export function openDesk(room: Room, signIn: SignInConfig, url: () => string): Desk {
  const pool = room.database.pool({ name: 'sign-in', max: CONNECTIONS });
  const secret = cookieSecret(room);
  const admit = (personId: string) => admitted(room, signIn, personId);
  const signedIn = (personId: string, signInId: string) => noteSignIn(room, signIn, { personId, signInId });
  const refuse = async (email: string, isNew: boolean) => {
    const may = !isNew || allowedRole(signIn.allow, email) !== undefined || (await isInvited(room, email));
    return may ? undefined : 'not_allowed';
  };
  const note = (level: string, message: string) => room.log.info({ level }, `sign-in: ${message}`);
  const make = async (): Promise<Auth> => {
    const { createAuth } = await import('#identity/auth.js');
    return createAuth({ pool, secret, url: url(), providers: signIn.providers, refuse, admit, signedIn, note });
  };
  let auth: Promise<Auth> | undefined;
  return {
    room,
    signIn,
    url,
    auth: () => (auth ??= make()),
    reopen: () => {
      auth = undefined;
    },
  };
}

/** Whoever may read the data directory holds the signing key already, so this is one secret less to keep. */
function cookieSecret({ key }: Room): string {
  const material = key.privateKey.export({ type: 'pkcs8', format: 'der' });
  return Buffer.from(hkdfSync('sha256', material, '', 'opsroom sign-in cookies', 32)).toString('base64url');
}

/**
 * Members may come in. Whoever is listed or invited, by an e-mail that is theirs, becomes a member by coming; whoever was taken
 * off the list is none any more where they came by it.
 */
async function admitted(room: Room, { allow }: SignInConfig, personId: string): Promise<boolean> {
  const { engine } = room.database;
  const person = await findPerson(engine, personId);
  if (person?.emailVerified) await acceptWaiting(room, { id: personId, ...person });
  const memberships = await findMemberships(engine, personId);
  if (memberships.some((member) => holds(member, allow))) return true;
  const role = person?.emailVerified ? allowedRole(allow, person.email) : undefined;
  if (role !== undefined) await addMember(engine, { org: room.org, id: personId, role, listed: true });
  return role !== undefined;
}

/** Whoever signs in takes away what has expired: as much goes as comes, and no clock is needed for it. */
async function noteSignIn(
  room: Room,
  { allow }: SignInConfig,
  { personId, signInId }: { readonly personId: string; readonly signInId: string },
): Promise<void> {
  const { engine } = room.database;
  const memberships = await findMemberships(engine, personId);
  const member = workplace({ memberships, chosen: room.org, names: [] }, allow);
  if (member) await audit(room, member, 'person.signed_in', { signInId });
  await sweepSignIns(engine);
}

/** Asks better-auth; what it refuses, and a database that is away, become errors of the catalogue. */
export async function asking<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw ledgerError(authError(error));
  }
}

const MOST_OF_AGENT = 300;

/** The headers that better-auth looks at, and no other that a request may bring. */
export function headersOf({ cookie, agent, address }: Visitor): Headers {
  const headers = new Headers({ 'user-agent': (agent ?? '').slice(0, MOST_OF_AGENT) });
  if (cookie !== undefined) headers.set('cookie', cookie);
  if (address !== '') headers.set(ADDRESS_HEADER, address);
  return headers;
}

/** The cookies that better-auth wants to be set. */
export const cookiesOf = (headers: Headers | null | undefined): string[] => headers?.getSetCookie() ?? [];
