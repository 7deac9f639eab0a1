import type { ServerRow, Sql } from '#catalog/mcp/server-store.js';
import type { SealedSignIn } from '#catalog/mcp/sign-in-store.js';
import type { Room } from '../room.js';
import { note } from '../triggers/note.js';
import type { Revocation } from './sign-ins.js';

/** Notes that the room is signed in at a server no longer, in the transaction that forgets it. */
export function noteSignedOut(tx: Sql, room: Room, { id, name }: Pick<ServerRow, 'id' | 'name'>): Promise<void> {
  return note(tx, room, 'mcp.signed_out', { server: id, name });
}

/**
 * Revokes what was held, once it is forgotten. Where that is not heard, the audit log and the room's log say so: the tokens may hold
 * until they run out.
 *
 * @param row the server as it was signed in at
 */
export async function revokeFrom(room: Room, row: ServerRow, held: SealedSignIn | undefined): Promise<Revocation> {
  const revocation = await room.mcpSignIns.revoke(row, held);
  if (revocation !== 'unheard') return revocation;
  room.log.warn(
    { server: row.name },
    'the tokens of an MCP server are forgotten, but it was not heard that they are revoked',
  );
  await room.database.engineTx((tx) => note(tx, room, 'mcp.revocation_unheard', { server: row.id, name: row.name }));
  return revocation;
}
