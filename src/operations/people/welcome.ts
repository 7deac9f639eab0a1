import { z } from 'zod';
import { credentialHash } from '#identity/credential.js';
import { findOwnerLink, type OwnerLink, useOwnerLink } from '#identity/owner-link-store.js';
import { addMember, endSignIns, findMember, insertPerson, type Member } from '#identity/people-store.js';
import { OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import type { Sql } from '#record/store.js';
import { validated } from '../invoke.js';
import type { Room } from '../room.js';
import { audit } from './audit.js';
import { type Answered, asking, cookiesOf, type Desk, headersOf, type Visitor } from './desk.js';
import { hasOwner, LINK_TOKEN } from './owner-link.js';
import { emailTaken, hashOf, type Profile, profile, saveProfile } from './profile.js';

const link = z.strictObject({ token: z.string().max(100) });
const arrival = z.strictObject({ ...link.shape, ...profile });

/** What the page behind an owner link shows before its button is pressed. */
export interface Welcome {
  /** True: the room has no owner yet, and whoever comes becomes it. */
  readonly first: boolean;
  readonly name: string;
  /** Null: none was given yet. */
  readonly email: string | null;
}

/** Looks at a link without using it up. @throws OpsroomError LINK_REFUSED */
export async function lookAtLink({ room }: Desk, input: unknown): Promise<Welcome> {
  const { owner } = await open(room, validated(link, input).token);
  return { first: owner === undefined, name: owner?.name ?? machineUser(room).name, email: owner?.email ?? null };
}

/**
 * Uses a link up and signs its owner in: the first one, who is made here, or one who was locked out. A new password ends every
 * other sign-in of theirs. The person, their password and the audit entry are one transaction.
 *
 * @throws OpsroomError LINK_REFUSED; USAGE for an e-mail that somebody else has, with the link left as it was
 */
export async function welcome(desk: Desk, input: unknown, visitor: Visitor): Promise<Answered<object>> {
  const { room } = desk;
  const { token, ...given } = validated(arrival, input);
  const { owner } = await open(room, token);
  const hash = await hashOf(given);
  const personId = await asking(() =>
    room.database.engineTx(async (tx) => {
      if (!(await useOwnerLink(tx, credentialHash(token)))) throw refused('The link was used already, or has expired.');
      return owner ? recover(room, tx, owner, given, hash) : claim(room, tx, given, hash);
    }),
  );
  const body = { personId };
  const headers = headersOf(visitor);
  const answer = await asking(async () => (await desk.auth()).api.signInPerson({ body, headers, returnHeaders: true }));
  return { body: {}, cookies: cookiesOf(answer.headers) };
}

async function open(room: Room, token: string): Promise<{ owner: Member | undefined }> {
  if (!LINK_TOKEN.test(token)) throw refused('The link is not complete: copy the whole of it.');
  const { engine } = room.database;
  const found = await asking(() => findOwnerLink(engine, credentialHash(token)));
  if (found === undefined) throw refused('The link is not known here; a newer one may have taken its place.');
  refuseSpent(found);
  if (found.personId === null) {
    if (await asking(() => hasOwner(room)))
      throw refused('The link was for the first owner, and the room has one by now.');
    return { owner: undefined };
  }
  const { personId } = found;
  const owner = await asking(() => findMember(engine, personId));
  if (owner?.role !== 'owner') throw refused('Whom the link was made for is no owner any more.');
  return { owner };
}

function refuseSpent({ used, expired }: OwnerLink): void {
  if (used) throw refused('The link was used already.');
  if (expired) throw refused('The link has expired.');
}

/** The first owner. */
async function claim(room: Room, tx: Sql, given: Profile, hash: string | undefined): Promise<string> {
  const { name, email } = { ...machineUser(room), ...defined(given) };
  const person = { org: room.org, id: uuidv7(), name, email };
  if (!(await insertPerson(tx, person))) throw emailTaken();
  await saveProfile(tx, { ...person, role: 'owner' }, {}, hash);
  await addMember(tx, room.org, person.id, 'owner');
  await audit(room, person, 'owner.came', { name }, tx);
  return person.id;
}

/** An owner who was locked out. */
async function recover(room: Room, tx: Sql, owner: Member, given: Profile, hash: string | undefined): Promise<string> {
  await saveProfile(tx, owner, given, hash);
  if (hash !== undefined) await endSignIns(tx, owner.id, { allBut: null });
  await audit(
    room,
    { ...owner, email: given.email ?? owner.email },
    'owner.recovered',
    { password: hash !== undefined },
    tx,
  );
  return owner.id;
}

/** Whose link it is when they do not say: the user of this machine, named as on the command line. */
function machineUser({ by }: Room): { name: string; email: string } {
  const email = by.replace(/^user:/, '').toLowerCase();
  return { name: email.split('@')[0] || 'owner', email };
}

const defined = ({ name, email }: Profile): { name?: string; email?: string } => ({
  ...(name === undefined ? {} : { name }),
  ...(email === undefined ? {} : { email }),
});

const refused = (what: string): OpsroomError => new OpsroomError('LINK_REFUSED', { what });
