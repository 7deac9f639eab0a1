import type { Holding, Tool } from '#ir/calls.js';
import type { Sql } from '../sql.js';
import { notOurs } from './store.js';

export interface HeldOptions {
  readonly sql: Sql;
  readonly tools: ReadonlyMap<string, Tool>;
  worker(): string;
  /** Whether this worker is advancing the run. */
  drives(run: string): boolean;
}

/**
 * What steps have left running here (servers, watchers). It lives while its run may still go on in this worker, waits
 * included: a person who is asked to look at a page must find it. It ends with the run, and when another worker has taken it.
 */
export class Held {
  private readonly holdings: readonly Holding[];
  private looking = false;

  constructor(private readonly options: HeldOptions) {
    this.holdings = [...options.tools.values()].flatMap(({ holding }) => holding ?? []);
  }

  /** Resolves when nothing runs any more for the run. */
  async letGo(run: string): Promise<void> {
    await Promise.all(this.holdings.map((holding) => holding.letGo(run)));
  }

  async letGoAll(): Promise<void> {
    await Promise.all(this.runs().map((run) => this.letGo(run)));
  }

  /** Ends what is held for runs that were ended or taken elsewhere while they waited. Costs nothing while nothing is held. */
  async tidy(): Promise<void> {
    const waiting = this.runs().filter((run) => !this.options.drives(run));
    if (waiting.length === 0 || this.looking) return;
    this.looking = true;
    try {
      const over = await notOurs(this.options.sql, waiting, this.options.worker());
      await Promise.all(over.map((run) => this.letGo(run)));
    } finally {
      this.looking = false;
    }
  }

  private runs(): string[] {
    return [...new Set(this.holdings.flatMap((holding) => holding.runs()))];
  }
}
