import { PlanTexts } from './plan-texts.js';
import { type SealDeps, sealRuns } from './seal.js';
import type { Sql } from './store.js';

interface Waiting {
  readonly org: string;
  readonly run: string;
  resolve(): void;
  reject(error: unknown): void;
}

/** Bundles of so many runs are in memory at once, each with its evidence. */
const BATCH_RUNS = 32;

/**
 * Seals runs as they end: those that end while others are sealed go together in the next statement. One at a time,
 * because appends to the audit tree wait for each other anyway, and would hold a connection each while they do.
 */
export class Sealer {
  private queue: Waiting[] = [];
  private busy = false;
  private readonly deps: SealDeps;

  constructor(
    private readonly sql: Sql,
    deps: SealDeps,
  ) {
    this.deps = { plans: new PlanTexts(), ...deps };
  }

  /**
   * Resolves once the run's bundle is committed.
   * @throws as `sealRun`
   */
  seal(org: string, run: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.queue.push({ org, run, resolve, reject });
      // A turn of the event loop later, so that those that ended in one commit go together.
      if (!this.busy) setImmediate(() => void this.work());
      this.busy = true;
    });
  }

  private async work(): Promise<void> {
    for (let next = this.queue[0]; next !== undefined; next = this.queue[0]) await this.sealBatch(this.take(next.org));
    this.busy = false;
  }

  private take(org: string): Waiting[] {
    const batch = this.queue.filter((waiting) => waiting.org === org).slice(0, BATCH_RUNS);
    const taken = new Set(batch);
    this.queue = this.queue.filter((waiting) => !taken.has(waiting));
    return batch;
  }

  /** A batch that fails is sealed one by one, so that only the run at fault fails. */
  private async sealBatch(batch: readonly Waiting[]): Promise<void> {
    const [first] = batch;
    if (!first) return;
    try {
      const runs = [...new Set(batch.map(({ run }) => run))];
      await sealRuns(this.sql, first.org, runs, this.deps);
      for (const waiting of batch) waiting.resolve();
    } catch (error) {
      if (batch.length === 1) first.reject(error);
      else for (const waiting of batch) await this.sealBatch([waiting]);
    }
  }
}
