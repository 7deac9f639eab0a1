import type { IntentRow } from '#authorise/intents/records.js';
import { changeIntent, type IntentChange, type Sql, tellIntent } from '#authorise/intents/store.js';
import type { IntentStatus } from '#ir/intent-state.js';
import type { JsonObject } from '#ir/json.js';
import type { AuditFact } from '#record/audit.js';
import { appendAudit } from '#record/audit-store.js';
import type { Room } from '../room.js';

/** What the audit log and the room's events call what happens to intents. */
export type IntentEvent =
  | 'intent.proposed'
  | 'intent.denied'
  | 'intent.agreed'
  | 'intent.approved'
  | 'intent.rejected'
  | 'intent.void'
  | 'intent.expired'
  | 'intent.withdrawn'
  | 'intent.superseded'
  | 'intent.started'
  | 'intent.ended'
  | 'approval.break_glass';

/** Who acts where nobody asked: expiry, windows, ends. */
export const BY_ITSELF = 'opsroom';

type Named = Pick<
  IntentRow,
  'org' | 'id' | 'intent' | 'title' | 'planDigest' | 'inputsDigest' | 'targetDigest' | 'policyDigest'
>;

/** One thing that happened to an intent. */
export interface Happening {
  readonly event: IntentEvent;
  readonly actor: string;
  readonly data?: JsonObject;
}

/** Changes an intent whose row is held, and tells of it: watchers by an event each, the audit log last, since it is a lock for all. */
export async function record(
  tx: Sql,
  room: Room,
  intent: Named,
  change: IntentChange | undefined,
  happenings: readonly Happening[],
): Promise<void> {
  const { org, id, title } = intent;
  if (change) await changeIntent(tx, org, id, change);
  for (const { event, actor, data = {} } of happenings)
    await tellIntent(tx, org, id, event, { by: actor, title, intent: intent.intent, ...data });
  const at = room.ports.clock.now().toISOString();
  await appendAudit(
    tx,
    org,
    happenings.map((one) => factOf(intent, one, at)),
  );
}

function factOf(intent: Named, { event, actor, data = {} }: Happening, at: string): AuditFact {
  const { id, title, planDigest, inputsDigest, targetDigest, policyDigest } = intent;
  const digests = { planDigest, inputsDigest, targetDigest, policyDigest };
  return { at, kind: event, actor, data: { intentId: id, intent: intent.intent, title, ...digests, ...data } };
}

/** How an intent ends otherwise than by its run. */
export const ENDS = {
  rejected: 'intent.rejected',
  void: 'intent.void',
  expired: 'intent.expired',
  withdrawn: 'intent.withdrawn',
  superseded: 'intent.superseded',
} as const satisfies Partial<Record<IntentStatus, IntentEvent>>;

/** Ends an intent whose row is held. */
export function endIntent(
  tx: Sql,
  room: Room,
  intent: Named,
  end: {
    readonly status: keyof typeof ENDS;
    readonly actor: string;
    readonly word: string;
    readonly supersededBy?: string;
  },
): Promise<void> {
  const { status, actor, word, supersededBy } = end;
  const change = { status, word, ended: true, ...(supersededBy === undefined ? {} : { supersededBy }) };
  return record(tx, room, intent, change, [{ event: ENDS[status], actor, data: { status, word } }]);
}
