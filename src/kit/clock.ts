/** Time, injected so that tests and replays decide what "now" is. */
export interface Clock {
  /** Wall time. */
  now(): Date;
  /** Milliseconds that only ever grow; for durations and leases. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};

/** What one timer of Node's can count: it fires at once for anything longer. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Does `work` after `ms`, however long that is.
 *
 * @param holds whether the process stays alive for it
 * @returns calls it off
 */
export function later(ms: number, work: () => void, { holds = true }: { readonly holds?: boolean } = {}): () => void {
  let timer: NodeJS.Timeout;
  const wait = (left: number): void => {
    const next = left > LONGEST_TIMER_MS ? () => wait(left - LONGEST_TIMER_MS) : work;
    timer = setTimeout(next, Math.max(0, Math.min(left, LONGEST_TIMER_MS)));
    if (!holds) timer.unref();
  };
  wait(ms);
  return () => clearTimeout(timer);
}

/** Waits `ms`, or less when `signal` aborts; resolves in both cases. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      stop();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const stop = later(ms, done);
    signal?.addEventListener('abort', done);
  });
}
