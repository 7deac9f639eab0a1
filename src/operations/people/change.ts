import { z } from 'zod';
import { passwordMatches } from '#identity/password.js';
import { endSignIns, findPassword } from '#identity/people-store.js';
import { OpsroomError } from '#kit/errors.js';
import { validated } from '../invoke.js';
import type { Room, SignedInPerson } from '../room.js';
import { audit } from './audit.js';
import { asking } from './desk.js';
import { canSignInBy, hashOf, profile, saveProfile } from './profile.js';
import { requireSayOver, vouches } from './vouch.js';

const change = z.strictObject({ ...profile, current: z.string().max(1000).optional() });

/**
 * Changes name, e-mail or password of whoever asks. A password is asked for before e-mail or password change, where there is
 * one; a new one ends every other sign-in. Runs and the audit log name people by their e-mail, so nobody but an owner gives
 * themselves one.
 *
 * @throws OpsroomError USAGE; DENIED when it is no person who asks, and for an e-mail that only an owner can give
 */
export async function changeProfile(room: Room, input: unknown): Promise<object> {
  const { current, ...given } = validated(change, input);
  const person = personOf(room);
  if (given.email !== undefined && given.email !== person.email) requireOwner(person);
  if (given.email !== undefined || given.password !== undefined) await requireCurrent(room, person, current);
  if (given.password !== undefined && !canSignInBy(given.email ?? person.email)) {
    throw new OpsroomError('USAGE', { what: 'A password needs an e-mail to sign in with.', where: 'email' });
  }
  const hash = await hashOf(given);
  await asking(() =>
    room.database.engineTx(async (tx) => {
      const renames = given.email !== undefined && given.email !== person.email;
      const orgs = renames ? await requireSayOver(tx, room, person) : [person.org];
      await saveProfile(tx, { ...person, vouched: await vouches(tx, room) }, given, hash);
      if (hash !== undefined) await endSignIns(tx, person.id, { allBut: person.signInId });
      const changed = Object.keys(given).filter((name) => given[name as keyof typeof given] !== undefined);
      // What they do from now on stands under the new one.
      const renamed = renames ? { email: given.email ?? '', before: person.email } : {};
      for (const org of orgs) await audit(room, { ...person, org }, 'person.changed', { changed, ...renamed }, tx);
    }),
  );
  return {};
}

/** @throws OpsroomError DENIED */
export function personOf({ person, by }: Room): SignedInPerson {
  if (person) return person;
  throw new OpsroomError('DENIED', {
    what: `${by} is no person who has signed in.`,
    mend: 'Sign in, and do it there.',
  });
}

function requireOwner({ role, email }: SignedInPerson): void {
  if (role === 'owner') return;
  throw new OpsroomError('DENIED', {
    what: 'Runs and the audit log know you by your e-mail, so an owner changes it.',
    where: 'email',
    mend: `Ask one: Settings, Members, or \`opsroom members email ${email} NEW\`.`,
  });
}

async function requireCurrent(room: Room, { id }: SignedInPerson, current: string | undefined): Promise<void> {
  const kept = await asking(() => findPassword(room.database.engine, id));
  if (kept === undefined) return;
  if (current !== undefined && (await passwordMatches(kept, current))) return;
  const what = current === undefined ? 'The current password is missing.' : 'The current password is wrong.';
  throw new OpsroomError('USAGE', { what, where: 'current', mend: 'Give the password that you sign in with now.' });
}
