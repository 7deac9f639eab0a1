export interface Backoff {
  readonly backoffMs: number;
  readonly backoffMultiplier: number;
}

/** No single wait is longer than a day, whatever the multiplier. */
const CAP_MS = 86_400_000;

/**
 * The wait in milliseconds before attempt `attempt + 1` (attempts count from 1): exponential, with "equal jitter"
 * (half fixed, half random; AWS Architecture Blog, "Exponential Backoff and Jitter", 2015) so that a herd spreads out
 * and yet nobody retries at once. `retryAfterMs`, what the server asked for, is a floor.
 */
export function backoffDelayMs(policy: Backoff, attempt: number, random: number, retryAfterMs = 0): number {
  const full = Math.min(CAP_MS, policy.backoffMs * policy.backoffMultiplier ** (attempt - 1));
  const jittered = full / 2 + (full / 2) * random;
  return Math.round(Math.min(CAP_MS, Math.max(jittered, retryAfterMs)));
}
