import { OpsroomError } from '#kit/errors.js';
import { awaitIntent } from '#operations/intents/await.js';
import { createIntent } from '#operations/intents/create.js';
import { sweepIntents } from '#operations/intents/sweep.js';
import type { IntentView } from '#operations/intents/view.js';
import { invoke } from '#operations/invoke.js';
import { shortId } from '#operations/runs/reference.js';
import { finishRun } from './finish.js';
import { statusText, waitingText } from './intent-text.js';
import { INTERRUPTED, onInterrupt } from './interrupt.js';
import type { Output } from './output.js';
import type { Session } from './session.js';

/** What `intents.create` takes. */
export type Asked = Readonly<Record<string, unknown>>;

/** Denied, rejected, void and the like: the exit code of refusals. */
const REFUSED = 4;
/** It waits for somebody, or for its window: as a run that is parked. */
const WAITS = 3;

/**
 * Starts a run, or proposes it where somebody must agree first; then stays with it, unless told to leave it.
 *
 * @param start starts the run
 * @param asked the same as an intent
 * @param go goes on with a run that was started
 * @returns the exit code
 */
export async function startOrPropose<T>(
  session: Session,
  of: {
    readonly start: () => Promise<T>;
    readonly asked: Asked;
    readonly go: (started: T) => Promise<number>;
    readonly detach: boolean;
  },
  output: Output,
): Promise<number> {
  let started: T;
  try {
    started = await of.start();
  } catch (error) {
    if (!(error instanceof OpsroomError) || error.code !== 'APPROVAL_NEEDED') throw error;
    output.note(error.message);
    return proposeAndStay(session, of.asked, of.detach, output);
  }
  return of.go(started);
}

/**
 * Proposes something and stays with it until it has run or was refused, unless told to leave it. Ctrl-C leaves it where it is.
 * @returns the exit code
 */
export async function proposeAndStay(session: Session, asked: Asked, detach: boolean, output: Output): Promise<number> {
  const intent = await invoke(createIntent, asked, session.room);
  for (const line of waitingText(intent, session.room)) output.print(line);
  if (!detach) return stay(session, intent, output);
  output.result(intent);
  if (isStanding(intent)) return WAITS;
  return ran(intent.status) ? 0 : REFUSED;
}

/** It has neither begun nor come to its end. */
const isStanding = ({ status }: IntentView): boolean => status === 'waiting' || status === 'approved';

async function stay(session: Session, { intentId }: IntentView, output: Output): Promise<number> {
  const { room } = session;
  const leaving = new AbortController();
  const release = onInterrupt(() => leaving.abort());
  // Nobody else may be there to see to windows and to times that are over.
  const sweep = sweepIntents(room);
  const told = (intent: IntentView) => output.status(`${intent.shortId}: ${statusText(intent)}`);
  let intent: IntentView;
  try {
    intent = await awaitIntent(room, intentId, { signal: leaving.signal, changed: told });
  } finally {
    release();
    output.status(undefined);
    await sweep.close();
  }
  const { status, runId } = intent;
  if (isStanding(intent)) {
    output.note(`The intent waits on. See \`opsroom intents show ${intent.shortId}\`, or withdraw it.`);
    output.result(intent);
    return INTERRUPTED;
  }
  if (runId === null || !ran(status)) {
    output.print(`Intent ${intent.shortId}: ${statusText(intent)}.`);
    output.result(intent);
    return REFUSED;
  }
  const how = intent.glassBrokenBy.length > 0 ? `glass broken by ${intent.glassBrokenBy.join(', ')}` : 'agreed to';
  output.note(`Intent ${intent.shortId}: ${how}. Run ${shortId(runId)}: ${intent.title}`);
  return finishRun(session, runId, 0, output);
}

const RAN: ReadonlySet<IntentView['status']> = new Set(['running', 'succeeded', 'failed', 'rolled_back', 'cancelled']);
const ran = (status: IntentView['status']): boolean => RAN.has(status);
