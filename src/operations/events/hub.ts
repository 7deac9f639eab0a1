import { eventsAfter, type RunEvent } from '#execute/views/store.js';
import { followRun, readStanding } from '../follow.js';
import { ledgerError } from '../ledger-error.js';
import type { Room } from '../room.js';
import { type Bells, openBells } from './bells.js';
import { Feed } from './feed.js';
import { type Floods, RoomWatch, type RoomWatchOptions, type Told } from './room-watch.js';

export interface WatchOptions {
  /** Events after this number. */
  readonly after: number;
  readonly signal: AbortSignal;
  /** An empty batch comes when nothing has happened for so long. */
  readonly quietMs: number;
}

/** What the watchers of one run have in common. */
interface Shared {
  readonly place: string;
  readonly feed: Promise<Feed>;
  readonly stop: AbortController;
  watchers: number;
}

const AT_ONCE = 500;
const REMEMBERED = 1000;

/**
 * Live events for many watchers: however many watch a run, one follower reads it. Each watcher has its own place; one that
 * lags takes no memory and is caught up from the ledger.
 */
export class EventHub {
  private readonly shared = new Map<string, Shared>();
  private readonly stop = new AbortController();
  private bells: Promise<Bells> | undefined;
  private readonly rooms = new Map<string, { readonly watch: RoomWatch; readonly stop: AbortController }>();

  /** @param room as the engine's user; each watcher brings the room of its principal */
  constructor(private readonly room: Room) {}

  /**
   * The events of a run in order, none left out and none twice, in batches as they are committed, until it has ended and is
   * sealed. A run that waits or is paused is watched on.
   *
   * @throws OpsroomError NOT_FOUND; DATABASE_UNREACHABLE when the ledger is away for long
   */
  async *watch(room: Room, run: string, options: WatchOptions): AsyncGenerator<readonly RunEvent[]> {
    const signal = AbortSignal.any([options.signal, this.stop.signal]);
    const shared = this.join(room, run);
    try {
      const feed = await shared.feed;
      let seq = await this.begin(room, run, feed, options.after);
      while (!signal.aborted) {
        const batch = feed.after(seq, AT_ONCE) ?? (await this.missed(room, run, seq));
        const last = batch.at(-1);
        if (last) {
          seq = last.seq;
          yield batch;
        } else if (feed.ended) {
          if (feed.ended.error !== undefined) throw ledgerError(feed.ended.error);
          return;
        } else if (!(await feed.changed(options.quietMs, signal)) && !signal.aborted) yield [];
      }
    } finally {
      this.leave(shared);
    }
  }

  /**
   * The events of all runs of the room's organisation as they are committed, none left out and none twice, those of one run in
   * order.
   *
   * @param floods `skip`: of more than anybody reads, only that it happened
   * @throws OpsroomError DATABASE_UNREACHABLE when the ledger is away for long
   */
  async *watchRoom(room: Room, options: RoomWatchOptions, floods: Floods = 'tell'): AsyncGenerator<Told> {
    const signal = AbortSignal.any([options.signal, this.stop.signal]);
    const place = `${floods} ${room.org}`;
    const shared = this.rooms.get(place) ?? this.openRoom(place, room.org, floods);
    shared.watch.watchers += 1;
    try {
      yield* shared.watch.watch(room, { ...options, signal });
    } finally {
      shared.watch.watchers -= 1;
      if (shared.watch.watchers === 0) {
        shared.stop.abort();
        if (this.rooms.get(place) === shared) this.rooms.delete(place);
      }
    }
  }

  /** How many followers read the ledger at this moment. */
  get followers(): number {
    return this.shared.size + this.rooms.size;
  }

  get closed(): boolean {
    return this.stop.signal.aborted;
  }

  /** Aborts when it is closed: for streams that read for themselves. */
  get stopping(): AbortSignal {
    return this.stop.signal;
  }

  /** Ends every watch. */
  async close(): Promise<void> {
    this.stop.abort();
    await this.bells?.then((bells) => bells.close());
  }

  /** A number from the future, such as one from before a restored backup, would wait for ever. */
  private async begin(room: Room, run: string, feed: Feed, after: number): Promise<number> {
    if (after <= feed.head) return after;
    return Math.min(after, (await readStanding(room, run)).lastSeq);
  }

  private async missed(room: Room, run: string, seq: number): Promise<readonly RunEvent[]> {
    return room.database
      .door(room.org, (tx) => eventsAfter(tx, room.org, run, seq, AT_ONCE))
      .catch((error: unknown) => {
        throw ledgerError(error);
      });
  }

  private join(room: Room, run: string): Shared {
    const place = `${room.org}/${run}`;
    const shared = this.shared.get(place) ?? this.open(place, { ...this.room, org: room.org }, run);
    shared.watchers += 1;
    return shared;
  }

  private leave(shared: Shared): void {
    shared.watchers -= 1;
    if (shared.watchers > 0) return;
    shared.stop.abort();
    this.forget(shared);
  }

  /** Who comes later opens anew: a run that has ended may be rolled back, and then goes on. */
  private forget(shared: Shared): void {
    if (this.shared.get(shared.place) === shared) this.shared.delete(shared.place);
  }

  private open(place: string, room: Room, run: string): Shared {
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, this.stop.signal]);
    const feed = this.start(room, run, signal, () => this.forget(shared));
    const shared: Shared = { place, feed, stop, watchers: 0 };
    this.shared.set(place, shared);
    return shared;
  }

  private openRoom(
    place: string,
    org: string,
    floods: Floods,
  ): { readonly watch: RoomWatch; readonly stop: AbortController } {
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, this.stop.signal]);
    const ended = () => {
      if (this.rooms.get(place) === shared) this.rooms.delete(place);
    };
    const shared = { stop, watch: new RoomWatch({ ...this.room, org }, floods, this.hang(), signal, ended) };
    this.rooms.set(place, shared);
    return shared;
  }

  private hang(): Promise<Bells> {
    this.bells ??= openBells(this.room.database);
    return this.bells;
  }

  private async start(room: Room, run: string, signal: AbortSignal, ended: () => void): Promise<Feed> {
    const { lastSeq } = await readStanding(room, run).catch((error: unknown) => {
      throw ledgerError(error);
    });
    const after = Math.max(0, lastSeq - REMEMBERED);
    const feed = new Feed(after, REMEMBERED);
    const events = followRun(room, run, { after, signal, bells: await this.hang(), parked: 'stay' });
    void pump(events, feed).finally(ended);
    return feed;
  }
}

async function pump(events: AsyncGenerator<RunEvent>, feed: Feed): Promise<void> {
  try {
    for await (const event of events) feed.add(event);
    feed.finish();
  } catch (error) {
    feed.finish(error);
  }
}
