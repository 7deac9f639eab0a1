import type { Plan } from '#ir/plan.js';
import { OpsroomError } from '#kit/errors.js';
import type { RunState } from '../decide/state.js';
import type { Next } from '../decide/units.js';
import { runWord } from '../decide/words.js';
import type { Fault, Parked, RollbackCause, RunRow } from '../records.js';
import type { Memory } from './memory.js';

/** How a segment ended. `lost`: the ledger has another owner, or must tell what became of the last commit. */
export interface SegmentEnd {
  readonly kind: 'ended' | 'parked' | 'stopped' | 'lost';
  readonly status?: RunRow['status'];
  /** Why the run was lost. */
  readonly why?: OpsroomError;
}

type To<K extends Next['kind']> = Extract<Next, { kind: K }>;

/** Why a run that takes longer than its plan allows fails. */
export const overtime = (timeoutMs: number): OpsroomError =>
  new OpsroomError('RUN_TIMEOUT', { where: `${timeoutMs} ms` });

/** The run comes to rest: writes down why, and until when. */
export function park({ journal }: Memory, { status, parked, wakeAt }: Omit<To<'park'>, 'kind'>): SegmentEnd {
  journal.obeyed();
  journal.turn.change({ status, parked, wake_at: wakeAt === undefined ? null : new Date(wakeAt).toISOString() });
  journal.turn.event(`run.${status}`, {}, { ...parked });
  return { kind: 'parked', status };
}

/** Not even what follows from the ledger can be written: only a person can help. */
export function parkRefused({ journal, flow }: Memory, refusal: string): SegmentEnd {
  const parked: Parked = {
    code: 'REFUSED',
    what: `What follows in the run cannot be written down: ${refusal}`,
    mend: 'See the log; then `opsroom resume RUN`.',
  };
  flow.discarded = true;
  // Nothing but this: any word more could be the one that is refused.
  journal.turn.change({ status: 'waiting', parked });
  return { kind: 'parked', status: 'waiting' };
}

/** What is taken back is told with why, from then on: no row of an attempt says that a run took too long. */
export function rollBack({ journal, flow }: Memory, cause: RollbackCause): void {
  const { failure } = flow.state;
  flow.state.beginRollback(cause);
  journal.obeyed();
  const error = failure && { error: { ...failure } };
  journal.turn.change({ status: 'running', mode: 'rollback', rollback_cause: cause, ...error });
  journal.turn.event('run.rollback', {}, { cause, ...error });
}

/** @returns undefined when an expected output is missing: the run fails, and what follows is to be decided anew */
export function finish({ journal, flow }: Memory, plan: Plan, status: To<'end'>['status']): SegmentEnd | undefined {
  const unmet = status === 'succeeded' ? flow.unmetOutput() : undefined;
  if (unmet) {
    flow.state.failRun(unmet);
    return undefined;
  }
  journal.obeyed();
  const word = runWord(status, plan, flow.words);
  const error = status === 'failed' || status === 'rolled_back' ? faultOfRun(flow.state) : undefined;
  journal.turn.change({ status, parked: null, wake_at: null, word, ...(error ? { error } : {}) });
  journal.turn.event(`run.${status}`, {}, { word, error: error ? { ...error } : null });
  return { kind: 'ended', status };
}

function faultOfRun({ failure, notUndone }: RunState): Fault | undefined {
  if (notUndone.length === 0) return failure;
  const what = `${failure ? `${failure.message.replace(/\.?$/, '.')} ` : ''}Not undone: ${notUndone.join(', ')}.`;
  return new OpsroomError('ROLLBACK_INCOMPLETE', { what }).toJSON();
}
