import type { JsonObject } from '#ir/json.js';
import { appendAudit } from '#record/audit-store.js';
import type { Sql } from '#trigger/request.js';
import type { Room } from '../room.js';

/** Notes in the audit log what somebody changed, in the transaction that changes it. */
export async function note(tx: Sql, room: Room, kind: string, data: JsonObject): Promise<void> {
  const at = room.ports.clock.now().toISOString();
  await appendAudit(tx, room.org, [{ at, kind, actor: room.by, data }]);
}
