import type { Plan } from '#ir/plan.js';
import type { Fault, Parked } from '../records.js';
import { type Next, PAUSED, personParked, timerParked, type Unit } from './units.js';

/** A shorter wait is sat out by the worker; a longer one parks the run, which then holds nothing. */
const SIT_OUT_MS = 20_000;

/** A run in which nothing runs, and nothing can be started. */
export interface Standstill {
  readonly plan: Pick<Plan, 'onCancel' | 'onFailure'>;
  readonly cancelling: boolean;
  readonly pausing: boolean;
  readonly hold: Parked | undefined;
  readonly failure: Fault | undefined;
  readonly undoable: boolean;
  /** Units that wait for a time or a person. */
  readonly waiting: readonly Unit[];
}

/** What becomes of a run at a standstill: it ends, rolls back, parks, or sits out a short wait. */
export function atRest(run: Standstill, nowMs: number): Next {
  const { plan, undoable, waiting } = run;
  if (run.cancelling) {
    return plan.onCancel === 'rollback' && undoable
      ? { kind: 'rollback', cause: 'cancel' }
      : { kind: 'end', status: 'cancelled' };
  }
  if (run.failure) {
    return plan.onFailure !== 'stop' && undoable
      ? { kind: 'rollback', cause: 'failure' }
      : { kind: 'end', status: 'failed' };
  }
  if (run.hold) return { kind: 'park', status: 'waiting', parked: run.hold, wakeAt: undefined };
  if (run.pausing) return { kind: 'park', status: 'paused', parked: PAUSED, wakeAt: undefined };
  return untilWoken(waiting, nowMs) ?? { kind: 'end', status: 'succeeded' };
}

/** When the first of them goes on, ms since the epoch; undefined: none does at a time. */
export function earliest(waiting: readonly Unit[]): number | undefined {
  const times = waiting.flatMap(({ wakeAt }) => wakeAt ?? []);
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** A person comes before a time: whoever looks sees what is asked of them. */
function untilWoken(waiting: readonly Unit[], nowMs: number): Next | undefined {
  const timed = waiting.filter((u) => u.phase !== 'asked' && u.wakeAt !== undefined);
  const wakeAt = earliest(timed);
  if (wakeAt !== undefined && wakeAt - nowMs < SIT_OUT_MS) return { kind: 'continue', wakeAt };
  const person = waiting.find((u) => u.phase === 'asked' || (u.phase === 'waiting' && u.wakeAt === undefined));
  if (person) return { kind: 'park', status: 'waiting', parked: personParked(person), wakeAt };
  if (wakeAt === undefined) return undefined;
  return { kind: 'park', status: 'waiting', parked: timerParked(timed, wakeAt), wakeAt };
}
