import { firstOpening } from '#authorise/approvals/opening.js';
import { tally } from '#authorise/approvals/tally.js';
import type { IntentRow } from '#authorise/intents/records.js';
import { approvalsOf, findIntent, type IntentDue, intentsDue, lockIntent, type Sql } from '#authorise/intents/store.js';
import { loadPlan } from '#execute/ledger/store.js';
import type { RunRow } from '#execute/records.js';
import { findRun } from '#execute/runs/store.js';
import { restartOf } from '#execute/views/store.js';
import { hasEnded } from '#ir/state.js';
import { type Repeated, repeat } from '#kit/repeat.js';
import type { Room } from '../room.js';
import { endedBy } from './agree.js';
import { beginsHere, changeOf, standingOf } from './bindings.js';
import { rulesOf, windowsOf } from './decide.js';
import { isFinal, launch } from './launch.js';
import { BY_ITSELF, endIntent, record } from './record.js';

const EVERY_MS = 1000;
/** A sweep that finds more goes on with the rest next time, whatever became of these: what always fails holds up no others. */
const AT_ONCE = 100;
/** Whoever ends a run starts it anew first; should they have died in between, housekeeping does it within the hour. */
const RESTART_WITHIN_MS = 10_000;

/**
 * Sees to intents that nobody asks about any more: those whose time is over, whose window opens, whose run was never written because
 * somebody died, and those whose run has ended. Any number of processes may do so at once.
 */
export function sweepIntents(room: Room): Repeated {
  const failed = (err: unknown) => room.log.warn({ err }, 'intents were not looked after; it is tried again');
  let after: IntentDue | undefined;
  const sweep = async () => {
    after = await sweepOnce(room, after);
  };
  return repeat(sweep, { everyMs: EVERY_MS, failed });
}

/**
 * One look at those after `after`, the oldest first.
 *
 * @returns the last of them when there may be more; undefined: the next look begins anew
 */
export async function sweepOnce(room: Room, after?: IntentDue): Promise<IntentDue | undefined> {
  const due = await intentsDue(room.database.engine, room.host, { limit: AT_ONCE, after });
  for (const { org, id } of due) {
    const own = { ...room, org };
    await advance(own, id).catch((err: unknown) =>
      room.log.warn({ err, intent: id }, 'an intent was not looked after'),
    );
  }
  return due.length === AT_ONCE ? due.at(-1) : undefined;
}

async function advance(room: Room, id: string): Promise<void> {
  const intent = await findIntent(room.database.engine, room.org, id);
  if (intent?.status === 'waiting' || intent?.status === 'approved') await whenDue(room, intent);
  if (intent?.status === 'running') await afterRun(room, intent);
}

/** What was agreed to is looked at once more when it begins. */
async function whenDue(room: Room, intent: IntentRow): Promise<void> {
  const isLate = intent.expiresAt !== null && intent.expiresAt <= intent.now;
  // It ends in any case, even while the policies cannot be read.
  const changed = isLate ? undefined : await changeOf(room, intent, await standingOf(room, intent, intent.form));
  const begun = await room.database.engineTx(async (tx) => {
    const now = await lockIntent(tx, room.org, intent.id);
    if (now?.status !== intent.status) return false;
    if ((await endedBy(tx, room, now, changed)) !== undefined) return false;
    if (now.status !== 'approved' || now.startsAt === null || now.startsAt > now.now) return false;
    if (!beginsHere(room, now)) return false;
    const data = { runId: now.runId, status: 'running' };
    await record(tx, room, now, { status: 'running', word: '' }, [{ event: 'intent.started', actor: BY_ITSELF, data }]);
    return true;
  });
  if (begun) await launch(room, intent);
}

async function afterRun(room: Room, intent: IntentRow): Promise<void> {
  const run = intent.runId === null ? undefined : await findRun(room.database.engine, room.org, intent.runId);
  if (!run) return writeRun(room, intent);
  if (!hasEnded(run.status)) return;
  const next = await restartOf(room.database.engine, room.org, run.id);
  if (next !== undefined) return followRestart(room, intent, run.id, next);
  if (await willRestart(room, run)) return;
  await end(room, intent, run);
}

/** The process that approved it died before it wrote the run: that may have been days ago, so all of it is looked at once more. */
async function writeRun(room: Room, intent: IntentRow): Promise<void> {
  const changed = await changeOf(room, intent, await standingOf(room, intent, intent.form));
  const goes = await room.database.engineTx(async (tx) => {
    const now = await lockIntent(tx, room.org, intent.id);
    if (now?.status !== 'running' || now.runId !== intent.runId) return false;
    return (await endedBy(tx, room, now, changed)) === undefined && inItsWindow(tx, room, now);
  });
  if (!goes) return;
  await launch(room, intent).catch((error: unknown) => {
    if (!isFinal(error)) throw error;
    return end(room, intent, { id: intent.runId ?? '', status: 'failed', word: error.message });
  });
}

/** Sends what comes too late for its window back to wait for the next one, if that opens in time. */
async function inItsWindow(tx: Sql, room: Room, intent: IntentRow): Promise<boolean> {
  const words = (await approvalsOf(tx, intent.org, [intent.id])).get(intent.id) ?? [];
  const opens = firstOpening(windowsOf(intent, tally(rulesOf(intent), words)), intent.now);
  if (opens !== undefined && opens <= intent.now) return true;
  if (opens === undefined || (intent.expiresAt !== null && opens >= intent.expiresAt)) {
    const word = 'its window shut before it could begin';
    await endIntent(tx, room, intent, { status: 'expired', actor: BY_ITSELF, word });
    return false;
  }
  const data = { startsAt: opens.toISOString(), status: 'approved' };
  const change = { status: 'approved', startsAt: opens } as const;
  await record(tx, room, intent, change, [{ event: 'intent.approved', actor: BY_ITSELF, data }]);
  return false;
}

async function willRestart(room: Room, run: RunRow): Promise<boolean> {
  if (run.status !== 'failed' && run.status !== 'rolled_back') return false;
  const plan = await loadPlan(room.database.engine, room.org, run.plan_digest);
  const more = plan?.retry !== undefined && run.restart < plan.retry.maxAttempts;
  const sinceMs = room.ports.clock.now().getTime() - (run.ended_at?.getTime() ?? 0);
  return more && sinceMs < RESTART_WITHIN_MS;
}

/** A run that its plan starts anew goes on under the same authority. */
function followRestart(room: Room, intent: IntentRow, from: string, to: string): Promise<void> {
  return room.database.engineTx(async (tx) => {
    const now = await lockIntent(tx, room.org, intent.id);
    if (now?.runId !== from) return;
    const data = { runId: to, status: 'running', restarted: true };
    await record(tx, room, now, { runId: to }, [{ event: 'intent.started', actor: BY_ITSELF, data }]);
  });
}

type Ended = Pick<RunRow, 'id' | 'word'> & { readonly status: RunRow['status'] };

async function end(room: Room, intent: IntentRow, { id, status, word }: Ended): Promise<void> {
  if (status !== 'succeeded' && status !== 'failed' && status !== 'rolled_back' && status !== 'cancelled') return;
  await room.database.engineTx(async (tx) => {
    const now = await lockIntent(tx, room.org, intent.id);
    if (now?.status !== 'running' || now.runId !== id) return;
    const change = { status, word: word ?? '', ended: true };
    const data = { runId: id, status, word: word ?? '' };
    await record(tx, room, now, change, [{ event: 'intent.ended', actor: BY_ITSELF, data }]);
  });
}
