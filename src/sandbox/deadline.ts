import { later } from '#kit/clock.js';
import { OpsroomError } from '#kit/errors.js';

/**
 * A signal that aborts with `parent`, or after `ms`. The timer keeps no process alive, but it keeps its signal: an
 * `AbortSignal.timeout` that only `AbortSignal.any` knows of may be collected before its time, and then never aborts
 * (seen with Node 20: a server that hung was waited for without end).
 */
export function deadline(parent: AbortSignal, ms: number): AbortSignal {
  const late = new AbortController();
  const over = () => late.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  later(Math.ceil(ms), over, { holds: false });
  return AbortSignal.any([parent, late.signal]);
}

/** Why a signal aborted: the engine's OpsroomError, or STEP_TIMEOUT for a deadline. */
export function abortReason(signal: AbortSignal): OpsroomError {
  const reason: unknown = signal.reason;
  if (reason instanceof OpsroomError) return reason;
  return new OpsroomError('STEP_TIMEOUT', { what: 'No answer within the time limit', cause: reason });
}
