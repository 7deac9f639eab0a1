import { z } from 'zod';
import { credentialHash } from '#identity/credential.js';
import { lockMembers } from '#identity/members-store.js';
import { keepName } from '#identity/names-store.js';
import { findOwnerLink, type OwnerLink, useOwnerLink } from '#identity/owner-link-store.js';
import { addMember, endSignIns, insertPerson, listOwners, type Member, ownsAll } from '#identity/people-store.js';
import { OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import type { Sql } from '#record/store.js';
import { validated } from '../invoke.js';
import type { Room } from '../room.js';
import { audit } from './audit.js';
import { type Answered, asking, cookiesOf, type Desk, headersOf, type Visitor } from './desk.js';
import { LINK_TOKEN } from './owner-link.js';
import { emailTaken, hashOf, type Profile, profile, saveProfile } from './profile.js';
import { type Asker, requireSayOver } from './vouch.js';

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
 * other sign-in of theirs. Whether the link still holds, the person, their password and the audit entry are one transaction.
 *
 * @throws OpsroomError LINK_REFUSED; USAGE for an e-mail that somebody else has, with the link left as it was
 */
export async function welcome(desk: Desk, input: unknown, visitor: Visitor): Promise<Answered<object>> {
  const { token, ...given } = validated(arrival, input);
  const { org } = await open(desk.room, token); // before the password is hashed, which takes a while
  const room = { ...desk.room, org };
  const hash = await hashOf(given);
  const personId = await asking(() =>
    room.database.engineTx(async (tx) => {
      await lockMembers(tx, room.org);
      const { owner, madeBy } = await open(room, token, tx);
      if (!(await useOwnerLink(tx, credentialHash(token)))) throw refused('The link was used already, or has expired.');
      if (owner) return recover(room, tx, owner, given, hash);
      return claim(room, tx, { given, hash, machine: visitor.here ? madeBy : null });
    }),
  );
  const body = { personId };
  const headers = headersOf(visitor);
  const answer = await asking(async () => (await desk.auth()).api.signInPerson({ body, headers, returnHeaders: true }));
  return { body: {}, cookies: cookiesOf(answer.headers) };
}

interface Opened {
  readonly org: string;
  /** Undefined: the first one is still to come. */
  readonly owner: Member | undefined;
  readonly madeBy: string | null;
}

/** @param sql a transaction that holds the members, for an answer that stays true until it ends */
async function open(room: Room, token: string, sql: Sql = room.database.engine): Promise<Opened> {
  if (!LINK_TOKEN.test(token)) throw refused('The link is not complete: copy the whole of it.');
  const found = await asking(() => findOwnerLink(sql, credentialHash(token)));
  if (found === undefined) throw refused('The link is not known here; a newer one may have taken its place.');
  refuseSpent(found);
  const { personId, madeBy, org } = found;
  const owners = await asking(() => listOwners(sql, org));
  const owner = owners.find(({ id }) => id === personId);
  if (personId !== null && !owner) throw refused('Whom the link was made for is no owner any more.');
  if (personId === null && owners.length > 0)
    throw refused('The link was for the first owner, and the room has one by now.');
  return { org, owner, madeBy };
}

function refuseSpent({ used, expired }: OwnerLink): void {
  if (used) throw refused('The link was used already.');
  if (expired) throw refused('The link has expired.');
}

interface Claim {
  readonly given: Profile;
  readonly hash: string | undefined;
  /** The user who printed the link, where the browser that opens it is on their machine: they are one human. */
  readonly machine: string | null;
}

/** The first owner. */
async function claim(room: Room, tx: Sql, { given, hash, machine }: Claim): Promise<string> {
  const { org } = room;
  const { name, email } = { ...machineUser(room), ...defined(given) };
  const id = uuidv7();
  const person = { org, id, name, email, vouched: await ownsAll(tx, id, org) };
  if (!(await insertPerson(tx, person))) throw emailTaken();
  await saveProfile(tx, person, {}, hash);
  await addMember(tx, { org, id: person.id, role: 'owner' });
  const linked = machine !== null && (await keepName(tx, person.id, machine));
  await audit(room, person, 'owner.came', { name, machine: linked ? machine : null }, tx);
  return person.id;
}

/** An owner who was locked out. */
async function recover(room: Room, tx: Sql, owner: Member, given: Profile, hash: string | undefined): Promise<string> {
  if (given.email !== undefined && given.email !== owner.email) await requireSayOver(tx, itself(owner), owner);
  await saveProfile(tx, { ...owner, vouched: await ownsAll(tx, owner.id) }, given, hash);
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

/** The bearer of a link asks for themselves, and not as the user of the machine who made it. */
const itself = ({ org, id }: Member): Asker => ({ org, principal: { kind: 'person', person: id } });

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
