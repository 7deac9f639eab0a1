import { DatabaseError, type Pool } from 'pg';
import { dbError, isCertainlyNotCommitted } from '#db/pg-errors.js';
import { OpsroomError } from '#kit/errors.js';
import { type ChunkKey, type ChunkRow, deleteChunks, insertChunks, preparePartitions } from './store.js';
import type { AttemptLog } from './writer.js';

/** Lines wait this long for company. */
const TICK_MS = 250;
const LONGEST_WAIT_MS = 5000;
/** Bytes, before compression, of one insert. */
const BATCH_BYTES = 4 * 1024 * 1024;
const DAYS_AHEAD = 7;
const DAY_MS = 86_400_000;
/** SQLSTATE of a row for which there is no partition (check_violation). */
const NO_PARTITION = '23514';
/** The server said no, yet may say yes later: conflicts, no resources or room, a lock, a shutdown. */
const PASSING = /^(40|53|55|57|58)/;

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: OpsroomError) => void;
}

interface Batch {
  readonly log: AttemptLog;
  readonly rows: readonly ChunkRow[];
  readonly doomed: readonly ChunkKey[];
}

/** Stores the blocks of many logs together: one insert at a time, at the latest 250 ms after a line ended. No timer runs while there is nothing to store. */
export class Flusher {
  /** Logs with something to store that no statement under way carries. */
  private readonly dirty = new Set<AttemptLog>();
  private readonly waiters = new Map<AttemptLog, Waiter[]>();
  private readonly refused = new WeakMap<AttemptLog, OpsroomError>();
  private timer: NodeJS.Timeout | undefined;
  private due = Number.POSITIVE_INFINITY;
  private running: Promise<void> | undefined;
  private failures = 0;
  private closed = false;

  constructor(private readonly pool: Pool) {}

  /** Something was written. */
  touch(log: AttemptLog): void {
    this.dirty.add(log);
    this.schedule(log.full ? 0 : TICK_MS);
  }

  /** Resolves when all of the log is stored; rejects when the next attempt to store it fails. */
  drain(log: AttemptLog): Promise<void> {
    const refused = this.refused.get(log);
    if (refused) return Promise.reject(refused);
    if (log.clean) return Promise.resolve();
    if (this.closed) return Promise.reject(new OpsroomError('INTERNAL', { what: 'The log store is closed.' }));
    return new Promise((resolve, reject) => {
      this.waiters.set(log, [...(this.waiters.get(log) ?? []), { resolve, reject }]);
      this.dirty.add(log);
      this.failures = 0;
      this.schedule(0);
    });
  }

  /** One last attempt to store everything. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.running;
    do {
      this.failures = 0;
      await this.flush();
    } while (this.dirty.size > 0 && this.failures === 0);
  }

  private schedule(ms: number): void {
    if (this.closed || this.running) return;
    const wait = this.failures === 0 ? ms : Math.min(LONGEST_WAIT_MS, TICK_MS * 2 ** this.failures);
    const due = performance.now() + wait;
    if (due >= this.due) return;
    clearTimeout(this.timer);
    this.due = due;
    // Not setTimeout(0), which is a millisecond: a step is waiting for its last lines.
    if (wait === 0) setImmediate(() => void this.tick());
    else this.timer = setTimeout(() => void this.tick(), wait);
  }

  /** Never rejects: waiters hear of failures, and what failed is tried again. */
  private async tick(): Promise<void> {
    if (this.closed) return;
    this.due = Number.POSITIVE_INFINITY;
    this.running = this.flush();
    await this.running;
    this.running = undefined;
    const urgent = this.waiters.size > 0 || [...this.dirty].some((log) => log.full);
    if (this.dirty.size > 0) this.schedule(urgent ? 0 : TICK_MS);
  }

  /** What is still not stored afterwards is dirty again, at the end of the queue: a log that never stops starves no other. */
  private async flush(): Promise<void> {
    const batches: Batch[] = [];
    let room = BATCH_BYTES;
    const waiting = [...this.dirty];
    for (const log of waiting) {
      if (room <= 0) break;
      this.dirty.delete(log);
      // Before `take`: these were sent by earlier statements, so deleting them cannot overtake an insert.
      const doomed = log.takeDoomed();
      const rows = await log.take(room);
      room -= rows.reduce((sum, row) => sum + row.body.length, 0);
      batches.push({ log, rows, doomed });
    }
    await this.store(batches);
  }

  /** A refused batch is split, so that the log at fault fails alone. */
  private async store(batches: readonly Batch[]): Promise<void> {
    try {
      await this.write(batches);
      this.failures = 0;
      for (const batch of batches) this.stored(batch);
    } catch (error) {
      if (!isRefusal(error)) this.failed(batches, dbError(error));
      else if (batches.length > 1) for (const batch of batches) await this.store([batch]);
      else for (const { log } of batches) this.refuse(log, dbError(error));
    }
  }

  private async write(batches: readonly Batch[]): Promise<void> {
    const rows = batches.flatMap((batch) => batch.rows);
    const doomed = batches.flatMap((batch) => batch.doomed);
    if (doomed.length > 0) await deleteChunks(this.pool, doomed);
    if (rows.length === 0) return;
    try {
      await insertChunks(this.pool, rows);
    } catch (error) {
      if (!(error instanceof DatabaseError && error.code === NO_PARTITION)) throw error;
      const days = rows.map(({ day }) => day).sort();
      await preparePartitions(this.pool, days[0] ?? '', daysAfter(days.at(-1) ?? '', DAYS_AHEAD));
      await insertChunks(this.pool, rows);
    }
  }

  private stored({ log, rows, doomed }: Batch): void {
    log.stored(rows, doomed);
    if (!log.clean) this.dirty.add(log);
    else for (const { resolve } of this.takeWaiters(log)) resolve();
  }

  private failed(batches: readonly Batch[], error: OpsroomError): void {
    this.failures++;
    for (const { log } of batches) {
      this.dirty.add(log);
      for (const { reject } of this.takeWaiters(log)) reject(error);
    }
  }

  private refuse(log: AttemptLog, error: OpsroomError): void {
    log.discard();
    this.dirty.delete(log);
    this.refused.set(log, error);
    for (const { reject } of this.takeWaiters(log)) reject(error);
  }

  private takeWaiters(log: AttemptLog): readonly Waiter[] {
    const waiting = this.waiters.get(log) ?? [];
    this.waiters.delete(log);
    return waiting;
  }
}

function isRefusal(error: unknown): boolean {
  return isCertainlyNotCommitted(error) && !PASSING.test((error as DatabaseError).code ?? '');
}

function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}
