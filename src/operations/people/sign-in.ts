import { z } from 'zod';
import { findMemberships, findWorkplaces } from '#identity/people-store.js';
import { permissionsOf } from '#identity/permissions.js';
import { OpsroomError } from '#kit/errors.js';
import { validated } from '../invoke.js';
import type { Room } from '../room.js';
import { audit, principalOf } from './audit.js';
import { type Answered, asking, cookiesOf, type Desk, headersOf, type Visitor } from './desk.js';
import { hasOwner } from './owner-link.js';
import { workplace } from './workplace.js';

/** What the sign-in page needs to know before anybody is signed in. */
export interface SignInState {
  /** Whether an owner has come; until then there is nobody who could sign in. */
  readonly owner: boolean;
  readonly signedIn: boolean;
  readonly providers: readonly { readonly id: string; readonly name: string }[];
}

/** Says how things stand, and prolongs the sign-in of whoever has one. */
export async function signInState(desk: Desk, visitor: Visitor): Promise<Answered<SignInState>> {
  const { room } = desk;
  const headers = headersOf(visitor);
  const owner = await asking(() => hasOwner(room));
  const found = await asking(async () => (await desk.auth()).api.getSession({ headers, returnHeaders: true }));
  const providers = desk.signIn.providers.map(({ id, name }) => ({ id, name }));
  return {
    body: { owner, signedIn: found.response !== null, providers },
    cookies: cookiesOf(found.headers),
  };
}

/**
 * The room on behalf of whoever these cookies are of.
 * @throws OpsroomError UNAUTHENTICATED, DENIED for somebody who is no member any more, DATABASE_UNREACHABLE
 */
export async function enterAsPerson(desk: Desk, cookie: string): Promise<Room> {
  const headers = new Headers({ cookie });
  const found = await asking(async () =>
    (await desk.auth()).api.getSession({ headers, query: { disableRefresh: true } }),
  );
  if (found === null)
    throw new OpsroomError('UNAUTHENTICATED', { what: 'The sign-in has ended.', mend: 'Sign in again.' });
  const places = await asking(() => findWorkplaces(desk.room.database.engine, found.session.id));
  const member = places && workplace(places, desk.signIn.allow);
  if (!member) throw new OpsroomError('DENIED', { what: `${found.user.email} is no member of this room.` });
  const person = { ...member, signInId: found.session.id };
  const by = principalOf(member);
  return {
    ...desk.room,
    org: member.org,
    by,
    principal: { kind: 'person', by, person: member.id, role: member.role, aliases: places.names },
    origin: { door: 'http' },
    person,
    permissions: permissionsOf(member.role),
  };
}

const credentials = z.strictObject({ email: z.string().min(1).max(320), password: z.string().min(1).max(1000) });

/** @throws OpsroomError SIGN_IN_REFUSED, without saying whether there is such a person */
export async function signInByPassword(desk: Desk, input: unknown, visitor: Visitor): Promise<Answered<object>> {
  const { email, password } = validated(credentials, input);
  const body = { email: email.trim(), password };
  const headers = headersOf(visitor);
  const answer = await asking(async () => (await desk.auth()).api.signInEmail({ body, headers, returnHeaders: true }));
  return { body: {}, cookies: cookiesOf(answer.headers) };
}

/** Ends this sign-in; whoever has none is told the same. */
export async function signOut(desk: Desk, visitor: Visitor): Promise<Answered<object>> {
  const headers = headersOf(visitor);
  const found = await asking(async () =>
    (await desk.auth()).api.getSession({ headers, query: { disableRefresh: true } }),
  );
  const left = found && (await asking(() => findMemberships(desk.room.database.engine, found.user.id)))[0];
  const answer = await asking(async () => (await desk.auth()).api.signOut({ headers, returnHeaders: true }));
  if (found && left) await audit(desk.room, left, 'person.signed_out', { signInId: found.session.id });
  return { body: {}, cookies: cookiesOf(answer.headers) };
}
