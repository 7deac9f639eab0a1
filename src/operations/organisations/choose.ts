import { findOrganisation, listOrganisations } from '#identity/organisations-store.js';
import { nearest } from '#ir/suggest.js';
import { OpsroomError } from '#kit/errors.js';
import type { Room } from '../room.js';

/**
 * The room in the organisation that the user of the machine names; in the first one when none is named.
 * @throws OpsroomError NOT_FOUND that names those that there are
 */
export async function inOrganisation(room: Room, which: string | undefined): Promise<Room> {
  if (which === undefined) return room;
  const { engine } = room.database;
  const found = await findOrganisation(engine, which);
  if (found) return { ...room, org: found.id };
  const slugs = (await listOrganisations(engine)).map(({ slug }) => slug);
  const near = nearest(which, slugs);
  const mend = near === undefined ? `There are: ${slugs.slice(0, 20).join(', ')}.` : `Did you mean "${near}"?`;
  throw new OpsroomError('NOT_FOUND', { what: 'There is no such organisation.', where: which, mend });
}
