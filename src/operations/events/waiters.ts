/** Whoever waits for something to change. */
export class Waiters {
  private readonly waiting = new Set<() => void>();

  /** Resolves with whether it rang: false after `ms`, or when `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve(false);
      const settle = (changed: boolean) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', quiet);
        this.waiting.delete(rung);
        resolve(changed);
      };
      const rung = () => settle(true);
      const quiet = () => settle(false);
      const timer = setTimeout(quiet, ms);
      signal.addEventListener('abort', quiet);
      this.waiting.add(rung);
    });
  }

  ring(): void {
    for (const rung of this.waiting) rung();
  }
}
