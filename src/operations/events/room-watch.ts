import { sleep } from '#kit/clock.js';
import { ledgerError } from '../ledger-error.js';
import { Patience } from '../patience.js';
import type { Room } from '../room.js';
import { ANY, type Bells } from './bells.js';
import { advance, type Cursor, covers, formatCursor, sees, union } from './cursor.js';
import { type RoomBatch, RoomFeed } from './room-feed.js';
import { type RoomEvent, type RoomLook, roomCursor, roomEventsAfter } from './store.js';

export interface RoomWatchOptions {
  /** Events that this place has not seen; default: those from now on, which begins with a `reset`. */
  readonly after?: Cursor | undefined;
  readonly signal: AbortSignal;
  /** A sign of life comes when nothing has happened for so long. */
  readonly quietMs: number;
}

/**
 * What is told when more happens than anybody reads, to each of many: all of it; or only that what the watcher knows is to be
 * read anew, at most once a second and less often where many watch.
 */
export type Floods = 'tell' | 'skip';

/** What a watcher is given. */
export type Told =
  /** `id` is the place after them, to come back with. */
  | { readonly kind: 'events'; readonly id: string; readonly events: readonly RoomEvent[] }
  /**
   * What the watcher knows is to be read anew: it came without a place, and may have read before this one; its place belongs to
   * another ledger (a backup was restored); or a flood was skipped.
   */
  | { readonly kind: 'reset'; readonly id: string }
  | { readonly kind: 'quiet' };

/** Steps are told by the workers within 50 ms; a run that was just put into the queue, or changed by a door, is not. */
const POLL_MS = 200;
/**
 * What happens within so long is told together, for each watcher so much longer: what they cost is how often they are told,
 * not what. One person sees things at once; fifty do not take the machine from the work that they look at.
 */
const GATHER_MS = { least: 20, each: 2, most: 200 } as const;
const AT_ONCE = 2000;
const REMEMBERED = 8000;
/** More than so many in one look are a flood: what they cost is how many they are, for each who watches. */
const FLOOD = { most: AT_ONCE, least: 100, among: 5000 } as const;
/** While it lasts, whoever watches is told so often to read anew; each then asks the room for what its page shows. */
const FLOOD_MS = { least: 1000, each: 50, most: 3000 } as const;

/**
 * The events of one organisation's runs for many watchers: one follower reads them, and each watcher has its own place.
 * Nothing is left out and nothing comes twice; of one run they come in order.
 */
export class RoomWatch {
  private readonly feed: Promise<RoomFeed>;
  /** Of batches whose watchers all stand at the same place: made once. */
  private readonly ids = new WeakMap<RoomBatch, string>();
  watchers = 0;

  /**
   * @param room as the engine's user, of the organisation that is watched
   * @param floods what its watchers want of them
   * @param signal ends the follower
   * @param ended is called when it has ended
   */
  constructor(
    private readonly room: Room,
    private readonly floods: Floods,
    bells: Promise<Bells>,
    private readonly signal: AbortSignal,
    ended: () => void,
  ) {
    this.feed = this.open();
    void this.feed.then(
      (feed) => this.follow(feed, bells).finally(ended),
      () => ended(),
    );
  }

  /** @throws OpsroomError DATABASE_UNREACHABLE when the ledger is away for long */
  async *watch(room: Room, { after, signal, quietMs }: RoomWatchOptions): AsyncGenerator<Told> {
    const feed = await this.feed;
    let cursor = await this.begin(room, feed, after);
    if (cursor !== after) yield { kind: 'reset', id: formatCursor(cursor) };
    let place = feed.placeOf(cursor);
    while (!signal.aborted) {
      if (place === undefined || !feed.reaches(place)) {
        const look = await this.look(room, cursor, this.atOnce());
        const flood = this.isFlood(look);
        cursor = flood ? union(cursor, feed.end) : advance(cursor, look);
        place = feed.placeOf(cursor);
        if (flood) yield { kind: 'reset', id: formatCursor(cursor) };
        else if (look.events.length > 0) yield { kind: 'events', id: formatCursor(cursor), events: look.events };
        continue;
      }
      const batch = feed.at(place);
      if (batch) {
        const told = this.tell(batch, cursor);
        cursor = union(cursor, batch.after);
        place += 1;
        if (told) yield told;
      } else if (feed.failed) throw ledgerError(feed.failed.error);
      else if (!(await feed.changed(quietMs, signal)) && !signal.aborted) yield { kind: 'quiet' };
    }
  }

  /** Where a watcher begins: where it was, or now. A number that the ledger has not reached was given by another one. */
  private async begin(room: Room, feed: RoomFeed, after: Cursor | undefined): Promise<Cursor> {
    if (after === undefined) return this.now(room);
    if (after.below <= feed.end.below) return after;
    const { end } = await this.look(room, after, 1);
    return after.below <= end ? after : this.now(room);
  }

  /** What of a batch a reader with this cursor has not seen. */
  private tell(batch: RoomBatch, cursor: Cursor): Told | undefined {
    if (batch.skipped) return { kind: 'reset', id: formatCursor(union(cursor, batch.after)) };
    if (covers(batch.before, cursor)) {
      const id = this.ids.get(batch) ?? formatCursor(batch.after);
      this.ids.set(batch, id);
      return { kind: 'events', id, events: batch.events };
    }
    const events = batch.events.filter(({ xid }) => !sees(cursor, xid));
    return events.length === 0 ? undefined : { kind: 'events', id: formatCursor(union(cursor, batch.after)), events };
  }

  private async now(room: Room): Promise<Cursor> {
    return room.database
      .door(room.org, (tx) => roomCursor(tx, room.org))
      .catch((error: unknown) => {
        throw ledgerError(error);
      });
  }

  private async look(room: Room, cursor: Cursor, limit: number): Promise<RoomLook> {
    return room.database
      .door(room.org, (tx) => roomEventsAfter(tx, room.org, cursor, limit))
      .catch((error: unknown) => {
        throw ledgerError(error);
      });
  }

  private isFlood({ more }: RoomLook): boolean {
    return more && this.floods === 'skip';
  }

  private atOnce(): number {
    const { most, least, among } = FLOOD;
    if (this.floods === 'tell') return AT_ONCE;
    return Math.round(Math.min(most, Math.max(least, among / this.watchers)));
  }

  /** So long for so many as watch. */
  private paced({ least, each, most }: typeof GATHER_MS | typeof FLOOD_MS): number {
    return Math.min(most, Math.max(least, each * this.watchers));
  }

  private async open(): Promise<RoomFeed> {
    return new RoomFeed(await this.now(this.room), REMEMBERED);
  }

  private async follow(feed: RoomFeed, opening: Promise<Bells>): Promise<void> {
    const { room, signal } = this;
    const { clock } = room.ports;
    const patience = new Patience(room.ports, signal);
    const bell = (await opening).bell(ANY);
    let cursor = feed.end;
    try {
      while (!signal.aborted) {
        const lookedMs = clock.monotonicMs();
        const look = await patience.look(() => this.look(room, cursor, this.atOnce()));
        const flood = look !== undefined && this.isFlood(look);
        const after = flood ? await patience.look(() => this.now(room)) : look && advance(cursor, look);
        if (!look || !after) continue;
        if (flood) feed.add({ before: cursor, after, events: [], skipped: true });
        else if (look.events.length > 0) feed.add({ before: cursor, after, events: look.events });
        cursor = after;
        if (flood) await sleep(this.paced(FLOOD_MS), signal);
        else if (look.more) continue;
        else if (look.events.length > 0) await sleep(lookedMs + this.paced(GATHER_MS) - clock.monotonicMs(), signal);
        await bell.wait(POLL_MS, signal);
      }
    } catch (error) {
      feed.fail(error);
    } finally {
      bell.leave();
    }
  }
}
