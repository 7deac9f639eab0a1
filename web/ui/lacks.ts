import type { Me } from '../api/me.js';

/** Why somebody may not, in the room's words; undefined: they may. */
export function lacks({ permissions }: Me, needed: Me['permissions'][number]): string | undefined {
  return permissions.includes(needed) ? undefined : `You have not the permission ${needed}.`;
}
