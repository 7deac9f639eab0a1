import { z } from 'zod';
import { credentialHash } from '#identity/credential.js';
import { acceptInvitation, type FoundInvitation, findInvitation } from '#identity/invitations-store.js';
import { lockMembers } from '#identity/members-store.js';
import { addMember, chooseWorkplace, insertPerson } from '#identity/people-store.js';
import type { Role } from '#identity/permissions.js';
import { OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import type { Sql } from '#record/store.js';
import { stateOf } from '../invitations/view.js';
import { validated } from '../invoke.js';
import type { Room, SignedInPerson } from '../room.js';
import { principalOf } from './audit.js';
import { type Answered, asking, cookiesOf, type Desk, headersOf, type Visitor } from './desk.js';
import { noteJoined } from './invited.js';
import { emailTaken, hashOf, type Profile, profile, saveProfile } from './profile.js';
import { enterAsPerson } from './sign-in.js';
import { vouchesFor } from './vouch.js';

/** 256 bits in base64url. */
const TOKEN = /^opsi_[A-Za-z0-9_-]{43}$/;
const link = z.strictObject({ token: z.string().max(100) });
const arrival = z.strictObject({ ...link.shape, ...profile });

/** What the page behind an invitation shows before its button is pressed. */
export interface Invited {
  readonly organisation: string;
  readonly role: Role;
  /** Whom it is for; null: whoever has the link. */
  readonly email: string | null;
  readonly invitedBy: string;
  /** Who has signed in in this browser, and would be the one who accepts. */
  readonly you: { readonly name: string; readonly email: string } | null;
}

/** Looks at an invitation without using it up. @throws OpsroomError LINK_REFUSED */
export async function lookAtInvitation(desk: Desk, input: unknown, visitor: Visitor): Promise<Invited> {
  const { orgName, role, email, createdBy } = await open(desk.room.database.engine, validated(link, input).token);
  const person = await personHere(desk, visitor);
  const you = person ? { name: person.name, email: person.email } : null;
  return { organisation: orgName, role, email, invitedBy: createdBy, you };
}

/**
 * Uses an invitation up: whoever is signed in becomes a member, anybody else is made a person with name and password, and signed
 * in. All of it, with its audit entry, is one transaction.
 *
 * @throws OpsroomError LINK_REFUSED; USAGE for what is missing, and for an e-mail that somebody has, with the link left as it was
 */
export async function acceptByLink(desk: Desk, input: unknown, visitor: Visitor): Promise<Answered<object>> {
  const { room } = desk;
  const { token, ...given } = validated(arrival, input);
  const found = await open(room.database.engine, token); // before the password is hashed, which takes a while
  const person = await personHere(desk, visitor);
  if (person) {
    await asking(() => room.database.engineTx(async (tx) => join(room, tx, await reopen(tx, found, token), person)));
    return { body: {}, cookies: [] };
  }
  const whole = requireWhole(found, given);
  const hash = await hashOf(given);
  const personId = await asking(() =>
    room.database.engineTx(async (tx) => arrive(room, tx, await reopen(tx, found, token), { ...whole, hash })),
  );
  const body = { personId };
  const headers = headersOf(visitor);
  const answer = await asking(async () => (await desk.auth()).api.signInPerson({ body, headers, returnHeaders: true }));
  return { body: {}, cookies: cookiesOf(answer.headers) };
}

/** @throws OpsroomError LINK_REFUSED */
async function open(sql: Sql, token: string): Promise<FoundInvitation> {
  if (!TOKEN.test(token)) throw refused('The link is not complete: copy the whole of it.');
  const found = await asking(() => findInvitation(sql, credentialHash(token)));
  if (found === undefined) throw refused('The invitation is not known here.');
  const state = stateOf(found);
  if (state === 'accepted') throw refused('The invitation was accepted already.');
  if (state === 'revoked') throw refused('The invitation was taken back, or a newer one has taken its place.');
  if (state === 'expired') throw refused('The invitation has expired.');
  return found;
}

/** The same anew, with nobody else coming or leaving until the transaction ends. */
async function reopen(tx: Sql, { org }: FoundInvitation, token: string): Promise<FoundInvitation> {
  await lockMembers(tx, org);
  return open(tx, token);
}

/** Who has signed in in this browser; a cookie that opens nothing is nobody's. */
async function personHere(desk: Desk, { cookie }: Visitor): Promise<SignedInPerson | undefined> {
  if (cookie === undefined) return undefined;
  try {
    return (await enterAsPerson(desk, cookie)).person;
  } catch (error) {
    if (error instanceof OpsroomError && ['UNAUTHENTICATED', 'DENIED'].includes(error.code)) return undefined;
    throw error;
  }
}

async function join(room: Room, tx: Sql, found: FoundInvitation, person: SignedInPerson): Promise<void> {
  if (found.email !== null && found.email !== person.email) {
    const what = `The invitation is for ${found.email}, and you are signed in as ${person.email}.`;
    throw refused(what, 'Sign out first, or ask for an invitation for yourself.');
  }
  await useUp(tx, found, person);
  if (!(await addMember(tx, { org: found.org, id: person.id, role: found.role }))) {
    throw refused(
      `You are a member of ${found.orgName} already.`,
      'An owner gives you another role: Settings, Members.',
    );
  }
  await chooseWorkplace(tx, person.signInId, found.org);
  await noteJoined(room, tx, found, person);
}

interface NewPerson {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** @throws OpsroomError USAGE that names what is missing */
function requireWhole(found: FoundInvitation, { name, email: own, password }: Profile): NewPerson {
  const email = found.email ?? own;
  if (found.email !== null && own !== undefined && own !== found.email)
    throw refused(`The invitation is for ${found.email}.`, 'Ask for one for yourself.');
  if (name === undefined) throw missing('name');
  if (email === undefined) throw missing('email');
  if (password === undefined) throw missing('password');
  return { name, email, password };
}

const missing = (where: string): OpsroomError =>
  new OpsroomError('USAGE', { what: `"${where}" is missing.`, where, mend: 'Give it, or sign in before you accept.' });

/** Somebody new. The e-mail of an invitation is the word of who invited, and counts as theirs does; one that the bearer of a link names is only theirs. */
async function arrive(
  room: Room,
  tx: Sql,
  found: FoundInvitation,
  { name, email, hash }: Omit<NewPerson, 'password'> & { readonly hash: string | undefined },
): Promise<string> {
  const { org, role } = found;
  const person = { org, id: uuidv7(), name, email, vouched: await vouchesFor(tx, found) };
  if (!(await insertPerson(tx, person))) throw found.email === null ? emailTaken() : known(email);
  await saveProfile(tx, person, {}, hash);
  await useUp(tx, found, person);
  await addMember(tx, { org, id: person.id, role });
  await noteJoined(room, tx, found, person);
  return person.id;
}

const known = (email: string): OpsroomError =>
  new OpsroomError('USAGE', {
    what: `${email} has been here before.`,
    mend: 'Sign in as that person, then open the link again.',
  });

async function useUp(tx: Sql, found: FoundInvitation, who: { readonly email: string }): Promise<void> {
  if (!(await acceptInvitation(tx, found, principalOf(who)))) throw refused('The invitation was accepted already.');
}

const refused = (what: string, mend = 'Ask whoever invited you for another one.'): OpsroomError =>
  new OpsroomError('LINK_REFUSED', { what, mend });
