import { type Cursor, covers } from './cursor.js';
import type { RoomEvent } from './store.js';
import { Waiters } from './waiters.js';

/** What one look at the ledger brought: whole transactions. */
export interface RoomBatch {
  readonly before: Cursor;
  readonly after: Cursor;
  readonly events: readonly RoomEvent[];
  /** More happened than is told: nothing of it is here. */
  readonly skipped?: true;
}

/**
 * The latest batches of a room, and whoever waits for the next. It remembers a bounded number of events; who is further
 * behind reads the ledger until it has caught up.
 */
export class RoomFeed {
  private readonly kept: RoomBatch[] = [];
  /** The place, in all that was ever added, of the first that is kept. */
  private first = 0;
  private weight = 0;
  private readonly waiters = new Waiters();
  private failure: { readonly error: unknown } | undefined;

  /**
   * @param head where the first batch begins
   * @param most how many events are remembered; at least the last batch is
   */
  constructor(
    private head: Cursor,
    private readonly most: number,
  ) {}

  /** The place after all that was added. */
  get end(): Cursor {
    return this.head;
  }

  /** Why no more will come. */
  get failed(): { readonly error: unknown } | undefined {
    return this.failure;
  }

  add(batch: RoomBatch): void {
    this.kept.push(batch);
    this.head = batch.after;
    this.weight += weightOf(batch);
    while (this.weight > this.most && this.kept.length > 1) {
      const oldest = this.kept.shift();
      if (oldest) this.weight -= weightOf(oldest);
      this.first += 1;
    }
    this.waiters.ring();
  }

  fail(error: unknown): void {
    this.failure ??= { error };
    this.waiters.ring();
  }

  /** The batch at a place; undefined when it is yet to come. */
  at(place: number): RoomBatch | undefined {
    return this.kept[place - this.first];
  }

  /** Whether the batch at a place is kept, or yet to come. */
  reaches(place: number): boolean {
    return place >= this.first;
  }

  /** The furthest place at which a reader with this cursor may go on, seeing some anew; undefined: it is too far behind. */
  placeOf(cursor: Cursor): number | undefined {
    if (covers(cursor, this.head)) return this.first + this.kept.length;
    const place = this.kept.findLastIndex(({ before }) => covers(cursor, before));
    return place < 0 ? undefined : this.first + place;
  }

  /** Resolves with whether anything changed: false after `ms`, or when `signal` aborts. */
  changed(ms: number, signal: AbortSignal): Promise<boolean> {
    return this.waiters.wait(ms, signal);
  }
}

/** One that holds no events takes a place as well. */
const weightOf = ({ events }: RoomBatch): number => Math.max(1, events.length);
