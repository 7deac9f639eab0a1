import type { Member } from '#identity/people-store.js';
import type { JsonObject } from '#ir/json.js';
import { appendAudit } from '#record/audit-store.js';
import type { Sql } from '#record/store.js';
import type { Room } from '../room.js';

/** Who a person is where runs and the audit log name them. */
export const principalOf = ({ email }: Pick<Member, 'email'>): string => `person:${email}`;

/** @param tx what it happens together with; a transaction of its own unless given */
export async function audit(
  room: Room,
  who: Pick<Member, 'org' | 'id' | 'email'>,
  kind: string,
  data: JsonObject = {},
  tx?: Sql,
): Promise<void> {
  const at = room.ports.clock.now().toISOString();
  const fact = { at, kind, actor: principalOf(who), data: { personId: who.id, ...data } };
  if (tx) await appendAudit(tx, who.org, [fact]);
  else await room.database.engineTx((own) => appendAudit(own, who.org, [fact]));
}

/** What whoever asks did to somebody: an entry under their own name. */
export async function auditBy(room: Room, org: string, kind: string, data: JsonObject, tx: Sql): Promise<void> {
  await appendAudit(tx, org, [{ at: room.ports.clock.now().toISOString(), kind, actor: room.by, data }]);
}
