import type { z } from 'zod';
import { listHosts } from '#secrets/hosts-store.js';
import type { Room } from '../room.js';
import type { elsewhereView } from './view.js';

/** Names that are set outside of the vault, and where these may be sent. */
export async function elsewhereOf(room: Room): Promise<z.infer<typeof elsewhereView>[]> {
  const names = await room.secrets.elsewhere(room.org);
  if (names.length === 0) return [];
  const rows = await room.database.door(room.org, (tx) => listHosts(tx, room.org));
  const everywhere = rows.filter(({ environment, app }) => environment === '' && app === '');
  const bound = new Map(everywhere.map(({ name, hosts }) => [name, [...hosts]]));
  return names.map((one) => ({ ...one, hosts: bound.get(one.name) ?? [] }));
}
