/** Who waits for news of a repository is woken when a webhook brings some; nobody needs to be told for the waiting to end. */
export class RepositoryNews {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Something happened in `owner/name`. */
  ring(repo: string): void {
    for (const wake of this.#waiting.get(repo.toLowerCase()) ?? []) wake();
  }

  /** Resolves after `ms`, when the signal aborts, or when the repository has news. */
  wait(repo: string, ms: number, signal: AbortSignal): Promise<void> {
    const key = repo.toLowerCase();
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const wakers = this.#waiting.get(key) ?? new Set();
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        wakers.delete(done);
        if (wakers.size === 0) this.#waiting.delete(key);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
      this.#waiting.set(key, wakers.add(done));
    });
  }
}
