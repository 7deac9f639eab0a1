import type { RunEvent } from '#execute/views/store.js';
import { Waiters } from './waiters.js';

/**
 * The latest events of one run, and whoever waits for the next. It remembers a bounded number; who is further behind reads
 * the ledger until it has caught up.
 */
export class Feed {
  private readonly kept: RunEvent[] = [];
  private readonly waiters = new Waiters();
  private ringing: NodeJS.Immediate | undefined;
  private end: { readonly error?: unknown } | undefined;

  /**
   * @param from the number of the event before the first that comes
   * @param most how many are remembered
   */
  constructor(
    private from: number,
    private readonly most: number,
  ) {}

  /** The number of the latest event. */
  get head(): number {
    return this.kept.at(-1)?.seq ?? this.from;
  }

  /** No more will come. */
  get ended(): { readonly error?: unknown } | undefined {
    return this.end;
  }

  add(event: RunEvent): void {
    this.kept.push(event);
    if (this.kept.length > this.most * 2) this.from = this.kept.splice(0, this.most).at(-1)?.seq ?? this.from;
    this.ring();
  }

  /** @param error why it ended before the run did */
  finish(error?: unknown): void {
    this.end ??= error === undefined ? {} : { error };
    this.ring();
  }

  /** Up to `limit` events after number `seq`; undefined when it no longer remembers that far back. */
  after(seq: number, limit: number): readonly RunEvent[] | undefined {
    if (seq < this.from) return undefined;
    let low = 0;
    for (let high = this.kept.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((this.kept[middle]?.seq ?? 0) > seq) high = middle;
      else low = middle + 1;
    }
    return this.kept.slice(low, low + limit);
  }

  /** Resolves with whether anything changed: false after `ms`, or when `signal` aborts. */
  changed(ms: number, signal: AbortSignal): Promise<boolean> {
    return this.waiters.wait(ms, signal);
  }

  /** Once for all events that come in one turn of the loop: watchers then take them as one batch. */
  private ring(): void {
    this.ringing ??= setImmediate(() => {
      this.ringing = undefined;
      this.waiters.ring();
    });
  }
}
