import type { AttemptId } from '#ir/calls.js';
import type { Clock } from '#kit/clock.js';
import type { Mask, MaskStream } from '#observe/redact.js';
import { BlockBuilder, type Encoded, encodeBody } from './block.js';
import type { LogStream } from './record.js';
import { LineSplitter } from './splitter.js';
import type { ChunkKey, ChunkRow } from './store.js';
import { LogWindow, type WindowLimits } from './window.js';

export interface LogSummary {
  /** See `logDigest`; over what is stored. */
  readonly digest: string;
  /** Lines and masked bytes that were written, dropped ones included. */
  readonly lines: number;
  readonly bytes: number;
  readonly droppedLines: number;
}

const NOTHING = Buffer.alloc(0);

/** A block on its way into the database. `body` goes once it is stored or dropped. */
interface Entry {
  readonly seq: number;
  readonly firstLine: number;
  readonly lines: number;
  readonly digest: Buffer;
  readonly size: number;
  readonly day: string;
  readonly at: Date;
  body: Buffer | Encoded;
  /** It was sent at least once, so it may be in the database whatever the answer was. */
  sent: boolean;
}

interface Lane {
  readonly mask: MaskStream;
  readonly lines: LineSplitter;
}

export interface WriterOptions {
  readonly id: AttemptId;
  readonly mask: Mask;
  readonly limits: WindowLimits;
  readonly clock: Clock;
}

/** The log of one attempt in memory: masks, cuts into lines and blocks, keeps head and tail, and knows what is yet to be stored. */
export class AttemptLog {
  private readonly lanes: Record<LogStream, Lane>;
  private readonly builder = new BlockBuilder();
  private readonly window: LogWindow<Entry>;
  private pending: Entry[] = [];
  private doomed: ChunkKey[] = [];
  private lines = 0;
  private bytes = 0;
  private ended = false;

  constructor(private readonly options: WriterOptions) {
    this.lanes = { out: this.lane('out'), err: this.lane('err') };
    this.window = new LogWindow(options.limits);
  }

  /** Whether whole blocks wait, so that storing need not wait for more. */
  get full(): boolean {
    return this.pending.length > 0;
  }

  /** Whether all that was taken in is stored, or was dropped. */
  get clean(): boolean {
    return this.pending.length === 0 && this.doomed.length === 0 && this.builder.empty;
  }

  /** Ignores what comes after `end`: a tool's last words may arrive when its attempt is over. */
  write(stream: LogStream, chunk: Uint8Array): void {
    if (this.ended) return;
    const { mask, lines } = this.lanes[stream];
    lines.write(this.counted(mask.write(chunk)));
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    for (const { mask, lines } of [this.lanes.out, this.lanes.err]) {
      lines.write(this.counted(mask.end()));
      lines.end();
    }
    this.cut();
  }

  summary(): LogSummary | undefined {
    if (this.lines === 0) return undefined;
    const { droppedLines } = this.window;
    return { digest: this.window.digest(), lines: this.lines, bytes: this.bytes, droppedLines };
  }

  /** Blocks to store now, about `limit` bytes of them: lines that wait are cut into one, whatever their number. */
  async take(limit: number): Promise<ChunkRow[]> {
    if (!this.ended) this.settle();
    this.cut();
    const due: Entry[] = [];
    for (let size = 0; due.length < this.pending.length && size < limit; size += due.at(-1)?.size ?? 0) {
      due.push(this.pending[due.length]!);
    }
    for (const entry of due) entry.sent = true;
    return Promise.all(due.map((entry) => this.row(entry)));
  }

  /** Stored blocks that the tail has passed by since. */
  takeDoomed(): readonly ChunkKey[] {
    return [...this.doomed];
  }

  stored(rows: readonly ChunkKey[], deleted: readonly ChunkKey[]): void {
    const seqs = new Set(rows.map(({ seq }) => seq));
    this.pending = this.pending.filter((entry) => {
      if (!seqs.has(entry.seq)) return true;
      entry.body = NOTHING;
      return false;
    });
    const gone = new Set(deleted);
    this.doomed = this.doomed.filter((key) => !gone.has(key));
  }

  /** The database will never take this log: nothing of it is kept. */
  discard(): void {
    this.ended = true;
    this.builder.cut();
    this.pending = [];
    this.doomed = [];
  }

  private async row(entry: Entry): Promise<ChunkRow> {
    const { seq, day, firstLine, lines, at } = entry;
    if (Buffer.isBuffer(entry.body)) {
      const encoded = await encodeBody(entry.body);
      entry.body = encoded;
      return { id: this.options.id, seq, day, firstLine, lines, at, ...encoded };
    }
    return { id: this.options.id, seq, day, firstLine, lines, at, ...entry.body };
  }

  private lane(stream: LogStream): Lane {
    const lines = new LineSplitter((line, ended) => {
      if (!this.builder.hasRoom(line)) this.cut();
      this.builder.add(stream, line, ended);
      this.lines++;
    });
    return { mask: this.options.mask.stream(), lines };
  }

  private settle(): void {
    for (const { mask, lines } of [this.lanes.out, this.lanes.err]) lines.write(this.counted(mask.settle()));
  }

  private counted(bytes: Uint8Array): Uint8Array {
    this.bytes += bytes.length;
    return bytes;
  }

  private cut(): void {
    if (this.builder.empty) return;
    const block = this.builder.cut();
    const at = this.options.clock.now();
    const entry: Entry = { ...block, size: block.body.length, at, day: at.toISOString().slice(0, 10), sent: false };
    this.pending.push(entry);
    for (const { seq, day, sent } of this.window.push(entry)) {
      this.pending = this.pending.filter((each) => each.seq !== seq);
      if (sent) this.doomed.push({ id: this.options.id, seq, day });
    }
  }
}
