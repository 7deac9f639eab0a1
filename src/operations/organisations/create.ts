import { z } from 'zod';
import { insertOrganisation } from '#identity/organisations-store.js';
import { addMember } from '#identity/people-store.js';
import { OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import { operation } from '../operation.js';
import { auditBy } from '../people/audit.js';
import { organisationView, shownOrganisation } from './view.js';

const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

export const createOrganisation = operation({
  name: 'organisations.create',
  summary:
    'Make one more organisation on this installation, with its lanes and an empty log. Only for whoever may read the data directory, who becomes its owner if they have come as a person.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({
    name: z.string().trim().min(1).max(100),
    slug: z
      .string()
      .regex(SLUG, 'use lower-case letters, digits and "-", at most 63')
      .optional()
      .describe('How addresses and the command line name it; made from the name unless given.'),
  }),
  output: organisationView,
  run: async ({ name, slug: given }, room) => {
    const { principal, by, ports } = room;
    if (principal.kind !== 'machine') {
      const what = `${by} works in one organisation and cannot make another.`;
      const mend = 'Do it on the machine of the room: `opsroom orgs create NAME`.';
      throw new OpsroomError('DENIED', { what, where: 'organisations.create', mend });
    }
    const slug = given ?? slugOf(name);
    const now = ports.clock.now();
    const id = uuidv7(now.getTime());
    await room.database.engineTx(async (tx) => {
      if (!(await insertOrganisation(tx, { id, slug, name }))) {
        const what = `There is an organisation "${slug}" already.`;
        throw new OpsroomError('USAGE', { what, where: 'slug', mend: 'Choose another: --slug NAME.' });
      }
      const { person } = principal;
      if (person !== undefined) await addMember(tx, { org: id, id: person, role: 'owner' });
      await auditBy(room, id, 'organisation.created', { slug, name, owner: person ?? null }, tx);
    });
    return shownOrganisation({ id, slug, name, createdAt: now }, room.org);
  },
});

/** @throws OpsroomError USAGE for a name without a letter or digit that an address can hold */
function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  if (SLUG.test(slug)) return slug;
  throw new OpsroomError('USAGE', {
    what: 'No short name can be made from this name.',
    where: 'name',
    mend: 'Give one: --slug NAME.',
  });
}
