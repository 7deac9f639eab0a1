import { OpsroomError } from '#kit/errors.js';

/** A signal that aborts with `parent`, or after `ms`. The platform's timer is collected with the signal and keeps no process alive. */
export function deadline(parent: AbortSignal, ms: number): AbortSignal {
  return AbortSignal.any([parent, AbortSignal.timeout(Math.max(1, Math.ceil(ms)))]);
}

/** Why a signal aborted: the engine's OpsroomError, or STEP_TIMEOUT for a deadline. */
export function abortReason(signal: AbortSignal): OpsroomError {
  const reason: unknown = signal.reason;
  if (reason instanceof OpsroomError) return reason;
  return new OpsroomError('STEP_TIMEOUT', { what: 'No answer within the time limit', cause: reason });
}
