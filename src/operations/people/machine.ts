import { findByName } from '#identity/names-store.js';
import type { Room } from '../room.js';

/**
 * The room on behalf of the user of this machine, who may be a person who has come: then both are one human, who finds what
 * both asked for and approves neither.
 */
export async function asMachine(room: Room): Promise<Room> {
  const known = await findByName(room.database.engine, room.by);
  if (!known) return room;
  const { id: person, names: aliases } = known;
  return { ...room, principal: { ...room.principal, person, aliases } };
}
