import { randomUUID } from 'node:crypto';
import type { Database } from '#db/database.js';
import type { Logger } from '#observe/log.js';
import { type Beat, type BeatMessage, monotonicMs } from './beat.js';
import { type Dispatch, type Hint, startDispatch } from './dispatch.js';
import { type Heartbeat, startHeartbeat } from './heartbeat.js';
import type { LedgerClock } from './ledger-clock.js';
import { deleteWorker, giveUpRuns, insertWorker, updateWorker } from './store.js';

export interface MembershipOptions {
  readonly database: Database;
  /** Direct connection string, for the heartbeat's thread. */
  readonly directUrl: string;
  readonly log: Logger;
  readonly host: string;
  /** `own`: is sent no hints. */
  readonly takes: 'all' | 'own';
  /** Runs at once. */
  readonly runs: number;
  readonly leaseMs: number;
  readonly keeper: { readonly fd: number; readonly killAll: string };
  /** Set by every beat. */
  readonly clock: LedgerClock;
}

/** What the worker is told. */
export interface Duties {
  advance(hint: Hint): Promise<unknown>;
  beat(beat: Beat): void;
  /** Another worker died, and its runs were released. */
  survived(): void;
  /** Nothing beats any more, nor will: this worker must stop. */
  crashed(error: Error): void;
  /** No run can be held any more: end what runs. */
  lost(what: string): void;
}

/**
 * A worker's place in the ledger: its row, the heartbeat that proves it alive, the dispatcher that wakes it. Deposed, it
 * takes another place under another id.
 */
export class Membership {
  private current: string = randomUUID();
  private heartbeat: Heartbeat | undefined;
  private dispatch: Dispatch | undefined;
  private leaving = false;
  /** Settled when no place is being taken and no dispatcher opened: leaving in the middle would leave one behind. */
  private moving: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly options: MembershipOptions,
    private readonly duties: Duties,
  ) {}

  /** The worker's id as of now. */
  get id(): string {
    return this.current;
  }

  /** The row comes first: only a worker that is in the ledger may take runs. */
  async join(): Promise<void> {
    const { database, host, takes, runs, leaseMs, keeper, directUrl, clock, log } = this.options;
    const asked = clock.monotonicMs();
    const nowMs = await insertWorker(database.engine, {
      id: this.current,
      host,
      pid: process.pid,
      poolId: null,
      takes,
      runs,
    });
    clock.read(nowMs, (clock.monotonicMs() - asked) / 2);
    const data = { url: directUrl, worker: this.current, leaseMs, keeperFd: keeper.fd, killAll: keeper.killAll };
    this.heartbeat = startHeartbeat(
      data,
      (message) => this.hear(message),
      (error) => {
        log.error({ err: error }, 'the heartbeat thread ended');
        this.duties.crashed(error);
      },
    );
    if (takes === 'all') await this.openDispatch();
  }

  private hear(message: BeatMessage): void {
    if (message.kind === 'deposed') return this.move(this.rejoin());
    if (message.kind === 'expiring') return this.duties.lost('The database was out of reach for most of the lease.');
    if (message.kind === 'survived') return this.duties.survived();
    this.options.clock.read(message.beat.nowMs, monotonicMs() - message.atMs);
    this.duties.beat(message.beat);
  }

  private move(work: Promise<void>): void {
    const noted = work.catch((error: unknown) => this.options.log.error({ err: error }, 'the worker lost its place'));
    this.moving = Promise.all([this.moving, noted]);
  }

  private async openDispatch(): Promise<void> {
    const { database, host, runs, leaseMs, log } = this.options;
    const dispatch = await startDispatch({
      pool: database.pool({ name: 'dispatch', max: runs + 2, synchronousCommit: 'off', queryTimeoutMs: leaseMs }),
      host,
      concurrency: runs,
      handle: async (hint) => void (await this.duties.advance(hint)),
      onDeaf: () => this.move(this.reopenDispatch()),
    });
    this.dispatch = dispatch;
    // No reason to open another beside it. Jobs that it holds when this worker dies stay locked then, and their runs are taken as overdue.
    await updateWorker(database.engine, this.current, { poolId: dispatch.poolId }).catch((error: unknown) =>
      log.warn({ err: error }, 'the dispatcher could not be noted'),
    );
  }

  /** The dispatcher gives up for good when the database goes away, while the heartbeat goes on: alive but deaf. */
  private async reopenDispatch(): Promise<void> {
    const { current } = this;
    while (!this.leaving && this.current === current) {
      await this.pause();
      if (await succeeds(this.openDispatch())) return;
    }
  }

  /** Others thought this worker dead (it was stopped, or cut off): it starts anew under another id. */
  private async rejoin(): Promise<void> {
    this.duties.lost('Another worker deposed this one: it stood still for a lease.');
    do {
      this.current = randomUUID();
      await this.letGo();
      if (this.leaving) return;
    } while (!(await this.joinAgain()));
  }

  private async joinAgain(): Promise<boolean> {
    try {
      await this.join();
      return true;
    } catch (error) {
      this.options.log.warn({ err: error }, 'the worker could not join again yet');
      await this.pause();
      return false;
    }
  }

  private async letGo(): Promise<void> {
    const { heartbeat, dispatch } = this;
    this.heartbeat = undefined;
    this.dispatch = undefined;
    // Over connections that fell silent it would stop only when each has timed out.
    void dispatch?.stop();
    await heartbeat?.stop();
  }

  /** A worker tries again as often as it beats. */
  private pause(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.options.leaseMs / 15));
  }

  /** Is sent nothing new from here on; resolves once the hints that it was sent are done with. */
  async close(): Promise<void> {
    this.leaving = true;
    await updateWorker(this.options.database.engine, this.current, { draining: true }).catch(() => undefined);
    await this.moving;
    await this.dispatch?.stop();
  }

  /** Gives back what it still owns, and its place. */
  async leave(): Promise<void> {
    const { engine } = this.options.database;
    await this.heartbeat?.stop();
    await giveUpRuns(engine, this.current, null).catch(() => undefined);
    await deleteWorker(engine, this.current).catch(() => undefined);
  }
}

const succeeds = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );
