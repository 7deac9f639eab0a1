import type { RetryPolicy } from '#ir/plan.js';
import { type Backoff, backoffDelayMs } from '#kit/backoff.js';

export interface FailedAttempt {
  /** Attempts that failed so far, this one included. */
  readonly failures: number;
  /** What the tool or the error says; undefined: nothing speaks against another try. */
  readonly retryable: boolean | undefined;
  readonly retryAfterMs: number | undefined;
}

/** Milliseconds to wait before the next attempt, or undefined when the step has failed for good. */
export function retryDelayMs(
  policy: RetryPolicy | undefined,
  failed: FailedAttempt,
  random: number,
): number | undefined {
  if (!policy || failed.retryable === false || failed.failures >= policy.maxAttempts) return undefined;
  const backoff: Backoff = policy;
  return backoffDelayMs(backoff, failed.failures, random, failed.retryAfterMs ?? 0);
}

export type AfterCut = 'done' | 'again' | 'ask';

/**
 * What becomes of an attempt that was cut short. It is not blindly redone: proven by its verifiers it is done; declared
 * idempotent (or changing nothing) it runs again under the same idempotency key; otherwise a person is asked.
 */
export function afterCut(
  step: { readonly idempotent?: boolean | undefined; readonly readOnly?: boolean | undefined },
  proven: boolean,
): AfterCut {
  if (proven) return 'done';
  return step.idempotent || step.readOnly ? 'again' : 'ask';
}
