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

/** Waits `ms`, or less when `signal` aborts; resolves in both cases. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
