import { doneWord } from '#ir/done-word.js';
import type { RunStatus } from '#ir/state.js';

/** The twelve looks that a state can have; tokens.css has a class `q-…` for each but `cancelled`, which looks like `skipped`. */
export const LOOKS = [
  'queued',
  'running',
  'waiting',
  'proven',
  'holds',
  'exit',
  'failed',
  'unknown',
  'rolled',
  'parked',
  'skipped',
] as const;
export type Look = (typeof LOOKS)[number];

/** How something looks and what it is called, in the product's exact words. */
export interface Shown {
  readonly look: Look;
  readonly word: string;
}

const RUN: Readonly<Record<RunStatus, Shown>> = {
  queued: { look: 'queued', word: 'queued' },
  released: { look: 'queued', word: 'starting' },
  running: { look: 'running', word: 'running' },
  waiting: { look: 'waiting', word: 'waiting' },
  pausing: { look: 'parked', word: 'pausing' },
  paused: { look: 'parked', word: 'paused' },
  succeeded: { look: 'exit', word: 'succeeded' },
  failed: { look: 'failed', word: 'failed' },
  rolled_back: { look: 'rolled', word: 'rolled back' },
  cancelled: { look: 'skipped', word: 'cancelled' },
};

/**
 * A run's look. One that ended well looks as its verdict says, since an exit code alone is not a proof; the verdict alone does not
 * say that it has ended.
 *
 * @param word the verdict on the whole run; null until it has ended, or where nothing was verified
 */
export function runShown(status: RunStatus, word: string | null): Shown {
  const shown = RUN[status];
  if (status !== 'succeeded' || word === null) return shown;
  return { look: verdictShown(word).look, word: `${shown.word}, ${word}` };
}

const WAITS: ReadonlyMap<string, Shown> = new Map<string, Shown>([
  ['MANUAL', { look: 'waiting', word: 'waiting for a person' }],
  ['INPUT', { look: 'waiting', word: 'waiting for an answer' }],
  ['UNKNOWN', { look: 'unknown', word: 'unknown: a person must look' }],
  ['TIMER', { look: 'parked', word: 'waits for a time' }],
  ['RETRY', { look: 'parked', word: 'waits to try again' }],
  ['WORKSPACE_LOST', { look: 'parked', word: 'parked: workspace lost' }],
  ['TAKEOVERS', { look: 'parked', word: 'parked: taken over too often' }],
  ['REFUSED', { look: 'parked', word: 'parked: refused' }],
]);

/** A run that waits, by the code of what it waits for: a clock is no person. */
export function waitShown(code: string | undefined): Shown {
  return WAITS.get(code ?? '') ?? { look: 'parked', word: 'parked' };
}

/** A run that goes on beside a step that asks a person. */
const ASKS_BESIDE: Shown = { look: 'waiting', word: 'running, asks a person' };
const ASKS_ROLLING_BACK: Shown = { look: 'waiting', word: 'rolling back, asks a person' };
export const ROLLING_BACK: Shown = { look: 'rolled', word: 'rolling back' };
/** A run whose rollback left something as it was: somebody has to look what. */
const NOT_UNDONE: Shown = { look: 'unknown', word: 'failed, not all undone' };

interface StandingRun {
  readonly status: RunStatus;
  readonly word: string | null;
  readonly waiting: { readonly code: string } | null;
  readonly rollingBack: boolean;
  readonly notUndone: boolean;
  /** It asks something of a person. */
  readonly asks: boolean;
}

/** How a run stands, the same in a list, on the board and on its page: what it waits for tells more than that it waits. */
export function runStanding({ status, word, waiting, rollingBack, notUndone, asks }: StandingRun): Shown {
  if (notUndone) return NOT_UNDONE;
  if (status === 'waiting') return waitShown(waiting?.code);
  if (status === 'running' && asks) return rollingBack ? ASKS_ROLLING_BACK : ASKS_BESIDE;
  return status === 'running' && rollingBack ? ROLLING_BACK : runShown(status, word);
}

/** Whether a rollback left something as it was. */
export const isNotUndone = (run: { readonly status: RunStatus; readonly error: { readonly code: string } | null }) =>
  run.status === 'failed' && run.error?.code === 'ROLLBACK_INCOMPLETE';

/** Whether a step waits until a person says so, and for no time. */
export const asksPerson = ({ status, wakeAt }: { readonly status: string; readonly wakeAt: string | null }): boolean =>
  status === 'waiting' && wakeAt === null;

/** A verdict in its exact word. A word that this version does not know is shown as it is, as unknown. */
export function verdictShown(word: string): Shown {
  return { look: VERDICT.get(word) ?? 'unknown', word };
}

const VERDICT: ReadonlyMap<string, Look> = new Map<string, Look>([
  ['proven', 'proven'],
  ['holds, not proven by this step', 'holds'],
  ['exit code only', 'exit'],
  ['failed', 'failed'],
]);

const STEP: ReadonlyMap<string, Shown> = new Map<string, Shown>([
  ['pending', { look: 'queued', word: 'queued' }],
  ['running', { look: 'running', word: 'running' }],
  ['waiting', { look: 'waiting', word: 'waiting for a person' }],
  ['retrying', { look: 'parked', word: 'waiting to try again' }],
  ['unknown', { look: 'unknown', word: 'unknown' }],
  ['failed', { look: 'failed', word: 'failed' }],
  ['skipped', { look: 'skipped', word: 'skipped' }],
  ['cancelled', { look: 'skipped', word: 'cancelled' }],
]);

/** A step as it stands: one that waits has a time at which it goes on by itself, or waits for a person. */
export function standingShown({
  status,
  word,
  person = null,
  wakeAt,
}: {
  readonly status: string;
  readonly word: string | null;
  readonly person?: { readonly by: string } | null;
  readonly wakeAt: string | null;
}): Shown {
  return status === 'waiting' && wakeAt !== null ? waitShown('TIMER') : stepShown(status, word, person);
}

/**
 * A step's look; a step that is done looks as its verdict says.
 *
 * @param person who confirmed it, or said how it ended
 */
export function stepShown(status: string, word: string | null, person: { readonly by: string } | null = null): Shown {
  if (status === 'done' && person !== null)
    return { ...verdictShown(word ?? 'exit code only'), word: doneWord({ word, person }) };
  if (status === 'done') return word === null ? { look: 'exit', word: 'done' } : verdictShown(word);
  return STEP.get(status) ?? { look: 'unknown', word: status };
}
