import type pg from 'pg';
import { isCertainlyNotCommitted } from '#db/pg-errors.js';
import type { Ports } from '../ports.js';
import type { Turn } from '../records.js';
import { commitTurns } from './store.js';

/** The server refused this very turn: nothing of it is in the ledger. `message` is the server's. */
export class TurnRefused extends Error {}

/** The reply was lost: the turn may or may not be in the ledger, which alone can tell. */
export class OutcomeUnknown extends Error {}

export type Fate = 'held' | 'fenced';

interface Waiting {
  readonly turn: Turn;
  settle(fate: Fate): void;
  fail(error: Error): void;
}

/** Beyond these a batch gains nothing: the commit itself is no longer what it waits for. */
const BATCH_TURNS = 128;
/** Deadlock and serialisation failures: certain not to be committed, and worth another try. */
const TRANSIENT = new Set(['40001', '40P01']);
const TRIES = 5;
/** No room on the disk, no memory: no fault of the turn, whose results must not be lost for it. Some 50 s in all. */
const NO_ROOM = /^53/;
const ROOM_TRIES = 55;
const roomDelayMs = (attempt: number): number => Math.min(1000, 25 * 2 ** attempt);

/**
 * Group commit: what completes in one turn of the event loop, or while a commit is under way, goes together, several runs at
 * once. Without the turn, runs that go on together would commit as one and the rest, by turns. One commit at a
 * time: with two or four, batches are smaller and under load a fifth fewer steps come through (bench/). The caller keeps
 * at most one turn of a run in flight.
 */
export class Committer {
  private readonly queue: Waiting[] = [];
  private busy = false;

  constructor(
    private readonly pool: pg.Pool,
    private readonly failpoint: Ports['failpoint'],
  ) {}

  /**
   * @returns `fenced` when the run has another owner now; nothing was written then
   * @throws TurnRefused, OutcomeUnknown
   */
  submit(turn: Turn): Promise<Fate> {
    return new Promise((settle, fail) => {
      this.queue.push({ turn, settle, fail });
      if (!this.busy) setImmediate(() => void this.pump());
      this.busy = true;
    });
  }

  private async pump(): Promise<void> {
    while (this.queue.length > 0) await this.commit(this.queue.splice(0, BATCH_TURNS));
    this.busy = false;
  }

  private async commit(batch: readonly Waiting[], attempt = 1): Promise<void> {
    try {
      this.failpoint?.('commit:before');
      const held = await commitTurns(
        this.pool,
        batch.map((w) => w.turn),
      );
      this.failpoint?.('commit:after');
      batch.forEach((w, n) => w.settle(held.has(n) ? 'held' : 'fenced'));
    } catch (error) {
      await this.recover(batch, attempt, error);
    }
  }

  /** An ERROR of the server means "not committed": split the batch until the culprit stands alone, and fail only that. */
  private async recover(batch: readonly Waiting[], attempt: number, error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    const code = (error as pg.DatabaseError).code ?? '';
    if (!isCertainlyNotCommitted(error)) {
      for (const w of batch) w.fail(new OutcomeUnknown(message, { cause: error }));
    } else if (TRANSIENT.has(code) && attempt < TRIES) {
      await this.commit(batch, attempt + 1);
    } else if (NO_ROOM.test(code)) {
      await this.waitForRoom(batch, attempt, error);
    } else if (batch.length > 1) {
      for (const w of batch) await this.commit([w]);
    } else {
      for (const w of batch) w.fail(new TurnRefused(message, { cause: error }));
    }
  }
  /** At last the runs are dropped, as if nobody knew: whoever takes them next tries again. */
  private async waitForRoom(batch: readonly Waiting[], attempt: number, error: unknown): Promise<void> {
    if (attempt >= ROOM_TRIES) {
      for (const w of batch) w.fail(new OutcomeUnknown('The database has no room.', { cause: error }));
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, roomDelayMs(attempt)));
    await this.commit(batch, attempt + 1);
  }
}
