/** What Ctrl-C and SIGTERM mean to a process that stays up: the first asks it to stop, the second to stop at once. */
export interface Stopping {
  readonly asked: AbortSignal;
  readonly hurry: AbortSignal;
  /** Gives the signals back to Node. */
  dispose(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Listens from now on. */
export function listenForStop(): Stopping {
  const asked = new AbortController();
  const hurry = new AbortController();
  const onSignal = () => (asked.signal.aborted ? hurry : asked).abort();
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    asked: asked.signal,
    hurry: hurry.signal,
    dispose: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}

/** Resolves when the signal has aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** What a process that was told to stop waits for. */
export function drainText(runs: number, drainMs: number): string {
  if (runs === 0 || drainMs === 0) return 'Stopping.';
  const what = runs === 1 ? 'one run' : `${runs} runs`;
  return `Stopping: waiting up to ${Math.round(drainMs / 1000)} s for ${what}; press Ctrl-C again to interrupt.`;
}
