import { z } from 'zod';
import { hashPassword, PASSWORD_LENGTH } from '#identity/password.js';
import { renamePerson, savePassword } from '#identity/people-store.js';
import { OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import type { Sql } from '#record/store.js';

/** An e-mail, in the form in which it is kept. */
export const emailSchema = z.string().trim().max(320).toLowerCase().pipe(z.email('this is no e-mail address'));

/** What people say of themselves. */
export const profile = {
  name: z.string().trim().min(1).max(200).optional(),
  email: emailSchema.optional(),
  password: z
    .string()
    .min(PASSWORD_LENGTH.min, `use at least ${PASSWORD_LENGTH.min} characters; a few words are easy to keep`)
    .max(PASSWORD_LENGTH.max)
    .optional(),
};

export interface Profile {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly password?: string | undefined;
}

/** Hashed before a transaction begins: it takes a tenth of a second. */
export const hashOf = async ({ password }: Profile): Promise<string | undefined> =>
  password === undefined ? undefined : hashPassword(password);

/**
 * Changes what is given and leaves the rest.
 *
 * @param who `vouched`: whether somebody whose word counts says that a new e-mail is theirs (`vouch.ts`)
 * @throws OpsroomError USAGE when the e-mail is, or was, somebody else's
 */
export async function saveProfile(
  tx: Sql,
  who: { readonly org: string; readonly id: string; readonly vouched: boolean },
  { name, email }: Profile,
  hash: string | undefined,
): Promise<void> {
  if (!(await renamePerson(tx, who.id, { name, email, vouched: who.vouched }))) throw emailTaken();
  if (hash !== undefined) await savePassword(tx, { org: who.org, id: uuidv7(), personId: who.id, hash });
}

export const emailTaken = (): OpsroomError =>
  new OpsroomError('USAGE', {
    what: 'Somebody else has this e-mail, or had it.',
    where: 'email',
    mend: 'Give another one.',
  });

/** The address that a person has who came by a link and gave none: it names the machine, and nobody signs in by it. */
export const canSignInBy = (email: string): boolean => z.email().safeParse(email).success;
