import type { Pool } from 'pg';
import type { AttemptId } from '#ir/calls.js';
import { type Clock, systemClock } from '#kit/clock.js';
import type { Mask } from '#observe/redact.js';
import { Flusher } from './flusher.js';
import type { LogStream } from './record.js';
import type { WindowLimits } from './window.js';
import { AttemptLog, type LogSummary } from './writer.js';

/** Where one attempt logs. Memory is bounded by the limits of head and tail, whatever is written and whether or not the database is there. */
export interface StepLogWriter {
  /** Takes bytes at once; chunks may split characters and secrets. Ignored after `close`. */
  write(stream: LogStream, chunk: Uint8Array): void;
  /**
   * Resolves when everything is committed; undefined when nothing was written. The commit is asynchronous, yet a "done"
   * that the same server commits synchronously afterwards cannot outlive it: write-ahead log is flushed in order.
   * Rejects with DATABASE_* or DISK_FULL; the log is kept and tried again in the background, and `close` may be called again.
   */
  close(): Promise<LogSummary | undefined>;
}

export interface LogStore {
  writer(id: AttemptId, mask: Mask): StepLogWriter;
  /** Stores what is left, if it can; the pool stays the caller's. */
  close(): Promise<void>;
}

export interface LogOptions {
  readonly clock?: Clock;
  readonly limits?: WindowLimits;
}

const MIB = 1024 * 1024;
const LIMITS: WindowLimits = { headBytes: 8 * MIB, tailBytes: 8 * MIB };

/**
 * Step logs over a pool of their own, as the tables' owner and best with asynchronous commit:
 * `openLogs(database.pool({ name: 'logs', max: 1, synchronousCommit: 'off' }))`. Nothing runs while nothing is written.
 */
export function openLogs(pool: Pool, { clock = systemClock, limits = LIMITS }: LogOptions = {}): LogStore {
  const flusher = new Flusher(pool);
  return {
    writer: (id, mask) => openWriter(() => new AttemptLog({ id, mask, limits, clock }), flusher),
    close: () => flusher.close(),
  };
}

/** Most attempts of tools that start no program log nothing: for them nothing is made. */
function openWriter(make: () => AttemptLog, flusher: Flusher): StepLogWriter {
  let log: AttemptLog | undefined;
  let closed = false;
  return {
    write: (stream, chunk) => {
      if (closed) return;
      log ??= make();
      log.write(stream, chunk);
      flusher.touch(log);
    },
    close: async () => {
      closed = true;
      if (!log) return undefined;
      log.end();
      await flusher.drain(log);
      return log.summary();
    },
  };
}
