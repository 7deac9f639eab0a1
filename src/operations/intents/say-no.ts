import { roleOf } from '#authorise/approvals/eligible.js';
import type { IntentRow } from '#authorise/intents/records.js';
import { insertApproval, lockIntent, type Sql } from '#authorise/intents/store.js';
import type { IntentAction } from '#ir/intent-state.js';
import { OpsroomError } from '#kit/errors.js';
import { principalFacts } from '../authority/facts.js';
import type { Room } from '../room.js';
import { requireEligible, requireOpen, whyNotTakeBack } from './decide.js';
import { endIntent } from './record.js';
import { noSuchIntent } from './reference.js';

/** One no is enough. @throws OpsroomError DENIED to whoever may not; NOT_ALLOWED_NOW when it was decided meanwhile */
export async function sayNo(room: Room, intent: IntentRow, given: string): Promise<void> {
  const who = principalFacts(room.principal);
  requireEligible(who, intent);
  const { mask } = await room.ports.secrets(intent.org, intent.target);
  const reason = mask.text(given);
  await held(room, intent, 'reject', async (tx, now) => {
    const { org, id, planDigest, inputsDigest, targetDigest, policyDigest, expiresAt } = now;
    const bound = { planDigest, inputsDigest, targetDigest, policyDigest, expiresAt };
    const word = { person: who.person, by: who.by, role: roleOf(who), form: null, breakGlass: false };
    await insertApproval(tx, { org, intent: id, verdict: 'reject', reason, ...word, ...bound });
    await endIntent(tx, room, now, { status: 'rejected', actor: room.by, word: `${room.by}: ${reason}` });
  });
}

/** Takes back what one asked for; whoever administers the room may, too. @throws OpsroomError DENIED, NOT_ALLOWED_NOW */
export async function takeBack(room: Room, intent: IntentRow, given: string): Promise<void> {
  const administers = room.permissions?.has('room:admin') !== false;
  const what = whyNotTakeBack(principalFacts(room.principal), intent, administers);
  if (what !== undefined) {
    throw new OpsroomError('DENIED', {
      what,
      where: `intent ${intent.id}`,
      mend: 'Whoever may approve it can reject it.',
    });
  }
  const { mask } = await room.ports.secrets(intent.org, intent.target);
  const word = mask.text(given);
  await held(room, intent, 'withdraw', (tx, now) =>
    endIntent(tx, room, now, { status: 'withdrawn', actor: room.by, word }),
  );
}

/** Under the lock of the row, and only while it may be. */
function held(
  room: Room,
  { org, id }: IntentRow,
  action: IntentAction,
  work: (tx: Sql, now: IntentRow) => Promise<void>,
): Promise<void> {
  return room.database.engineTx(async (tx) => {
    const now = await lockIntent(tx, org, id);
    if (!now) throw noSuchIntent(id);
    requireOpen(now, action);
    await work(tx, now);
  });
}
