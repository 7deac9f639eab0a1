import { z } from 'zod';
import {
  findOrganisation,
  listOrganisations,
  type OrganisationRow,
  organisationsOf,
} from '#identity/organisations-store.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { organisationView, shownOrganisation } from './view.js';

export const listOrganisationsOperation = operation({
  name: 'organisations.list',
  summary:
    'List the organisations in which who asks may work: of a person where they are a member, of a key its own, of the user of the machine all.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({}),
  output: z.object({ organisations: z.array(organisationView) }),
  run: async (_, room) => ({ organisations: (await reachable(room)).map((row) => shownOrganisation(row, room.org)) }),
});

/** As the tables' owner: a door sees its own organisation alone. */
async function reachable({ database: { engine }, principal, person, org }: Room): Promise<OrganisationRow[]> {
  if (principal.kind === 'machine') return listOrganisations(engine);
  if (person) return organisationsOf(engine, person.id);
  const own = await findOrganisation(engine, org);
  return own ? [own] : [];
}
