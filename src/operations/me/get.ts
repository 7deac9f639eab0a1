import { z } from 'zod';
import { findOrganisation } from '#identity/organisations-store.js';
import { findPassword } from '#identity/people-store.js';
import { PERMISSIONS, ROLES } from '#identity/permissions.js';
import { operation } from '../operation.js';
import { organisationView } from '../organisations/view.js';
import { canSignInBy } from '../people/profile.js';
import type { Room } from '../room.js';

const person = z.object({
  name: z.string(),
  /** Null: none was given yet, so there is no signing in by password. */
  email: z.string().nullable(),
  role: z.enum(ROLES),
  hasPassword: z.boolean(),
});

export const getMe = operation({
  name: 'me.get',
  summary: 'Who asks, as runs and the audit log name them, and what they may do here.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({}),
  output: z.object({
    by: z.string(),
    permissions: z.array(z.enum(PERMISSIONS)),
    /** Null for a program and for the user of the machine. */
    person: person.nullable(),
    /** In which they work. */
    organisation: organisationView.pick({ organisationId: true, slug: true, name: true }),
    host: z.string(),
    version: z.string(),
  }),
  run: async (_, room) => ({
    by: room.by,
    permissions: PERMISSIONS.filter((permission) => room.permissions?.has(permission) !== false),
    person: await shownPerson(room),
    organisation: await shownOwn(room),
    host: room.host,
    version: room.version,
  }),
});

async function shownPerson({ person: who, database }: Room): Promise<z.infer<typeof person> | null> {
  if (!who) return null;
  const { name, email, role, id } = who;
  // As the tables' owner: a door may not read hashes, not even whether there is one.
  const hasPassword = (await findPassword(database.engine, id)) !== undefined;
  return { name, email: canSignInBy(email) ? email : null, role, hasPassword };
}

async function shownOwn({ database, org }: Room) {
  const own = await database.door(org, (tx) => findOrganisation(tx, org));
  return { organisationId: org, slug: own?.slug ?? '', name: own?.name ?? '' };
}
