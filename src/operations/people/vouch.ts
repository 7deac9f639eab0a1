import type { FoundInvitation } from '#identity/invitations-store.js';
import { findMemberships, type Member, ownsAll } from '#identity/people-store.js';
import type { Principal } from '#identity/principal.js';
import { OpsroomError } from '#kit/errors.js';
import type { Sql } from '#record/store.js';
import type { Room } from '../room.js';

/**
 * Who may say whose an e-mail is. People belong to the installation: an e-mail that is taken for theirs joins them with the
 * account of a provider, and opens every invitation that waits for it, in whichever organisation. So the word of those who own
 * one organisation does not count; that of the machine's user does, and of a person who owns all of them.
 */
export async function vouches(tx: Sql, { principal: { kind, person } }: Pick<Room, 'principal'>): Promise<boolean> {
  if (kind === 'machine') return true;
  return kind === 'person' && person !== undefined && ownsAll(tx, person);
}

/** The same of whoever made an invitation that names an e-mail. Of keys it is not: they may be given less than their maker has. */
export async function vouchesFor(tx: Sql, { email, createdBy, personId }: FoundInvitation): Promise<boolean> {
  if (email === null) return false;
  if (createdBy.startsWith('user:')) return true;
  return createdBy.startsWith('person:') && personId !== null && ownsAll(tx, personId);
}

/** Whoever wants to change an e-mail, and where. */
export interface Asker {
  readonly org: string;
  readonly principal: Pick<Principal, 'kind' | 'person'>;
}

/**
 * Runs and the audit log of every organisation know a person by the e-mail, so whoever changes it needs a say in each of them.
 * @returns the organisations of that person, in the order in which their audit logs are written
 * @throws OpsroomError DENIED
 */
export async function requireSayOver(
  tx: Sql,
  { org, principal }: Asker,
  person: Pick<Member, 'id' | 'email'>,
): Promise<string[]> {
  const orgs = (await findMemberships(tx, person.id)).map((membership) => membership.org).sort();
  const own = await owned(tx, principal);
  if (principal.kind === 'machine' || orgs.every((theirs) => theirs === org || own.has(theirs))) return orgs;
  throw new OpsroomError('DENIED', {
    what: 'An e-mail is changed by who is an owner in each organisation of that person, and this one has more.',
    where: person.email,
    mend: `On the machine of the room: \`opsroom members email ${person.email} NEW\`.`,
  });
}

/** A key counts in its own organisation only, whosever it is. */
async function owned(tx: Sql, { kind, person }: Asker['principal']): Promise<ReadonlySet<string>> {
  if (kind !== 'person' || person === undefined) return new Set();
  const memberships = await findMemberships(tx, person);
  return new Set(memberships.filter(({ role }) => role === 'owner').map(({ org }) => org));
}
