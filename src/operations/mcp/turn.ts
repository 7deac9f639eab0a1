import { type Clock, sleep } from '#kit/clock.js';

const LOOK_AGAIN_MS = 100;

/** How long somebody waits. */
export interface Patience {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Until when, as the clock counts. */
  readonly until: number;
  /** Aborted: nobody waits any more. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Looks until something is there.
 * @returns undefined when it has not come in time
 * @throws what the signal aborts with
 */
export async function inTurn<T>(
  look: () => Promise<T | undefined>,
  { clock, until, signal }: Patience,
): Promise<T | undefined> {
  for (;;) {
    signal?.throwIfAborted();
    const found = await look();
    if (found !== undefined || clock.monotonicMs() >= until) return found;
    await sleep(LOOK_AGAIN_MS, signal);
  }
}
