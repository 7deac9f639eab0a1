import type { Answered } from '#ir/calls.js';
import { guardedBy } from '#ir/guards.js';
import { named } from '#ir/named.js';
import type { RollbackStep, Step } from '#ir/plan.js';
import { OpsroomError } from '#kit/errors.js';
import type { AttemptRow, Fault, Parked, RollbackCause } from '../records.js';
import type { OpenQuestion } from './asking.js';
import { toldUnfilled } from './told.js';

export type Phase =
  | 'ready'
  | 'preparing'
  | 'running'
  | 'retrying'
  | 'waiting'
  | 'unknown'
  | 'asked'
  | 'done'
  | 'failed';

/**
 * What runs at once within a run: a step, or one item of a forEach, or one compensation.
 *
 * ready → preparing → running → done | failed, with retrying (waits for its next attempt), waiting (for a person or a
 * time) and unknown (cut short; its verifiers are asked) in between.
 */
export interface Unit {
  readonly key: string;
  readonly stepId: string;
  readonly item: number;
  readonly step: Step | RollbackStep;
  phase: Phase;
  /** Number of the last attempt; 0 before the first. */
  attempt: number;
  failures: number;
  /** When the retry or the wait is over, ms since the epoch. */
  wakeAt: number | undefined;
  last: AttemptRow | undefined;
  /** It failed by what its checks found: its command was done. */
  wasDone?: boolean;
  /** How it was settled; a step that was skipped counts as done, too. */
  settled?: 'done' | 'skipped';
  /** Whether that is what a person said of it. */
  spoken?: boolean;
  /** What its tool asks while it waits. */
  asked?: OpenQuestion | undefined;
  /** What was answered to its attempts so far, the oldest first. */
  answers?: readonly Answered[];
}

export type Next =
  | { readonly kind: 'continue'; readonly wakeAt: number | undefined }
  | { readonly kind: 'rollback'; readonly cause: RollbackCause }
  | {
      readonly kind: 'park';
      readonly status: 'waiting' | 'paused';
      readonly parked: Parked;
      readonly wakeAt: number | undefined;
    }
  | { readonly kind: 'end'; readonly status: 'succeeded' | 'failed' | 'rolled_back' | 'cancelled' };

export interface Decision {
  readonly prepare: readonly Unit[];
  readonly expand: readonly Step[];
  readonly sum: readonly Step[];
  readonly reconcile: readonly Unit[];
  /** Timers whose time has come. */
  readonly elapsed: readonly Unit[];
  /** Waits that are called off, because the run ends or rolls back. */
  readonly withdraw: readonly Unit[];
  readonly next: Next;
}

/** Phases in which a unit is held up by something outside the run's own flow. */
export const HELD = new Set<Phase>(['retrying', 'waiting', 'unknown', 'asked']);

/** Whether what failed was judged after its command had come to its end. */
export function failedByCheck(fault: Pick<Fault, 'code'> | null): boolean {
  return fault?.code === 'VERIFIER_FAILED';
}

/** Where a row of the ledger leaves its unit. A row that still runs belongs to a worker that is gone. */
export function loadedPhase(row: AttemptRow): Phase {
  switch (row.status) {
    case 'running':
      return 'unknown';
    case 'unknown':
      return row.error?.code === 'ASKED' ? 'asked' : 'unknown';
    case 'waiting':
      return 'waiting';
    case 'failed':
      return row.wakeAt ? 'retrying' : 'failed';
    // Called off with a run that goes on after all, by a person's word: the step is still to be done.
    case 'cancelled':
      return 'ready';
    default:
      return 'done';
  }
}

export const PAUSED: Parked = { code: 'PAUSED', what: 'Paused by request.', mend: 'Go on with `opsroom resume RUN`.' };

/** What is recorded of a wait that its run did not see the end of. */
export const WITHDRAWN: Fault = new OpsroomError('CANCELLED', {
  what: 'The run came to its end while the step was waiting: nothing was done.',
}).toJSON();

/** Why a run waits for a person. @param context sentences about the run, each with a blank before it */
export function personParked(unit: Unit, context = ''): Parked {
  const where = { step: unit.stepId, item: unit.item };
  if (unit.phase === 'asked') {
    return {
      code: 'UNKNOWN',
      what: `Step ${unit.key} was cut short, is not declared idempotent, and its verifiers do not prove it: nobody knows how far it came.`,
      mend: `Look, then say: \`opsroom resolve RUN ${unit.key} --as done|failed|skip|retry --reason TEXT\`.`,
      ...where,
    };
  }
  if (unit.asked) {
    return {
      code: 'INPUT',
      what: `Step ${unit.key} asks: ${unit.asked.asked.question.message}`,
      mend: `Answer it: \`opsroom answer RUN ${unit.key}\`; or \`--decline\`.`,
      ...where,
    };
  }
  const guarded = guardedBy(unit.step);
  const confirm = `\`opsroom confirm RUN ${unit.key} --reason TEXT\``;
  return {
    code: 'MANUAL',
    what:
      guarded.length > 0
        ? `Step ${unit.key} asks whether ${named(guarded)} may be done.${context}${apart(toldIn(unit))}`
        : `Step ${unit.key} (${unit.step.title}) is done by a person.${context}${toldBeside(unit)}`,
    mend:
      guarded.length > 0
        ? `Yes: ${confirm}. No, leave it out: \`opsroom resolve RUN ${unit.key} --as skip --reason TEXT\`.`
        : `When it is done: ${confirm}.`,
    ...where,
  };
}

/** What a manual step tells whoever does it. */
const toldIn = ({ key, step: { args } }: Unit): string => toldUnfilled(args['instructions'], key);

/** The same where the title does not say it already. */
function toldBeside(unit: Unit): string {
  const told = toldIn(unit);
  return told === '' || told === unit.step.title ? '' : apart(told);
}

/** Behind a sentence. What has several lines begins on one of its own: it may be code to be pasted. */
const apart = (told: string): string => `${told.includes('\n') ? '\n' : ' '}${told}`;

/** Why a run waits for a time. */
export function timerParked(units: readonly Unit[], wakeAt: number): Parked {
  const unit = units.find((u) => u.wakeAt === wakeAt);
  const code = unit?.phase === 'retrying' ? 'RETRY' : 'TIMER';
  return { code, what: `Step ${unit?.key} goes on at ${new Date(wakeAt).toISOString()}.`, mend: 'Nothing to do.' };
}
