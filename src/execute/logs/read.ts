import type { AttemptId } from '#ir/calls.js';
import { sleep } from '#kit/clock.js';
import { decodeBody, recordsOf } from './block.js';
import { type LogLine, readRecords } from './record.js';
import { chunksAfter, type Queryable, type StoredChunk, tailStart } from './store.js';

/** Lines that the cap dropped: `dropped` of them from number `number` on. */
export interface LogGap {
  readonly number: number;
  readonly stream: 'gap';
  readonly dropped: number;
}

export type LogEntry = LogLine | LogGap;

export interface ReadOptions {
  /** Number of the first line wanted; default 1. */
  readonly fromLine?: number;
  /** At most so many entries; default all. */
  readonly limit?: number;
  /** The last so many lines, in place of `fromLine`. */
  readonly tail?: number;
}

const CHUNKS_AT_ONCE = 16;

/** The stored lines of an attempt, in order; a gap says where lines were dropped. */
export async function readLog(sql: Queryable, id: AttemptId, options: ReadOptions = {}): Promise<LogEntry[]> {
  const { limit = Number.POSITIVE_INFINITY, tail } = options;
  const fromLine = tail === undefined ? (options.fromLine ?? 1) : await tailStart(sql, id, tail);
  const cursor = new Cursor(fromLine);
  const entries: LogEntry[] = [];
  while (entries.length < limit) {
    const chunks = await chunksAfter(sql, id, { ...cursor.position, limit: CHUNKS_AT_ONCE });
    for (const chunk of chunks) {
      for (const entry of await cursor.take(chunk)) if (entries.length < limit) entries.push(entry);
    }
    if (chunks.length < CHUNKS_AT_ONCE) break;
  }
  return entries;
}

/** Runs one reading in a transaction of its own: `(work) => database.door(org, work)`. */
export type Reader = <T>(work: (sql: Queryable) => Promise<T>) => Promise<T>;

export interface FollowOptions {
  readonly fromLine?: number;
  /** Whether the attempt has ended; asked before each look, so that the look after a "yes" sees everything. */
  readonly ended: () => boolean | Promise<boolean>;
  /** Stops following without an error. */
  readonly signal?: AbortSignal;
  /** Registers a callback that makes the next look come at once, and returns how to take it back. */
  readonly onPoke?: (look: () => void) => () => void;
  readonly pollMs?: number;
}

const POLL_MS = 250;

/** Lines as they are committed, until the attempt has ended. */
export async function* followLog(read: Reader, id: AttemptId, options: FollowOptions): AsyncGenerator<LogEntry> {
  const cursor = new Cursor(options.fromLine ?? 1);
  for (let last = false; !last && !options.signal?.aborted; ) {
    last = await options.ended();
    let chunks: StoredChunk[];
    do {
      chunks = await read((sql) => chunksAfter(sql, id, { ...cursor.position, limit: CHUNKS_AT_ONCE }));
      for (const chunk of chunks) yield* await cursor.take(chunk);
    } while (chunks.length === CHUNKS_AT_ONCE && !options.signal?.aborted);
    if (!last) await pause(options);
  }
}

async function pause({ signal, onPoke, pollMs = POLL_MS }: FollowOptions): Promise<void> {
  const poke = new AbortController();
  const takeBack = onPoke?.(() => poke.abort());
  await sleep(pollMs, signal ? AbortSignal.any([signal, poke.signal]) : poke.signal);
  takeBack?.();
}

/** Where a reader is, and whether lines are missing before the next chunk. */
class Cursor {
  private seq = -1;

  constructor(private line: number) {}

  get position(): { readonly seq: number; readonly fromLine: number } {
    return { seq: this.seq, fromLine: this.line };
  }

  /** The entries of the next chunk, from the line wanted on. */
  async take(chunk: StoredChunk): Promise<LogEntry[]> {
    const records = recordsOf(await decodeBody(chunk));
    const lines = [...readRecords(records, chunk.first_line)].filter(({ number }) => number >= this.line);
    const dropped = chunk.first_line - this.line;
    const gap: LogGap[] = dropped > 0 ? [{ number: this.line, stream: 'gap', dropped }] : [];
    this.seq = chunk.seq;
    this.line = chunk.first_line + chunk.lines;
    return [...gap, ...lines];
  }
}
