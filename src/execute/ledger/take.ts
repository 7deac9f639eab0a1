import type { Sql } from '../sql.js';
import type { Hint } from '../workers/dispatch.js';
import { type Taken, takeRuns } from './store.js';

interface Waiting {
  readonly hint: Hint;
  readonly settle: (taken: Taken | undefined) => void;
  readonly fail: (error: unknown) => void;
}

/** Beyond these a statement takes longer than the commit that it saves. */
const MOST = 64;

/** Takes runs, one statement at a time: those asked for while one is under way are taken together by the next. */
export class Taker {
  private readonly queue: Waiting[] = [];
  private busy = false;

  constructor(
    private readonly sql: Sql,
    /** The worker's id, which changes when it was deposed and joins anew. */
    private readonly worker: () => string,
  ) {}

  /** Undefined when the run is not released any more, or the worker was deposed. */
  take(hint: Hint): Promise<Taken | undefined> {
    return new Promise((settle, fail) => {
      this.queue.push({ hint, settle, fail });
      if (!this.busy) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.busy = true;
    while (this.queue.length > 0) await this.takeBatch(this.queue.splice(0, MOST));
    this.busy = false;
  }

  private async takeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const hints = batch.map(({ hint }) => hint);
      const taken = await takeRuns(this.sql, this.worker(), hints);
      for (const { hint, settle } of batch) settle(taken.get(hint.run));
    } catch (error) {
      for (const { fail } of batch) fail(error);
    }
  }
}
