import { LINE_LIMIT } from './block.js';

const LINE_FEED = 10;
const NOTHING = Buffer.alloc(0);

/** Cuts one stream into lines, in pieces where a line is too long, and keeps what has not ended. */
export class LineSplitter {
  private partial = NOTHING;
  private length = 0;

  /** `line` gets bytes that are valid during the call only. */
  constructor(private readonly line: (bytes: Uint8Array, ended: boolean) => void) {}

  write(chunk: Uint8Array): void {
    let at = 0;
    for (let feed = chunk.indexOf(LINE_FEED); feed !== -1; feed = chunk.indexOf(LINE_FEED, at)) {
      this.append(chunk.subarray(at, feed), true);
      at = feed + 1;
    }
    this.append(chunk.subarray(at), false);
  }

  end(): void {
    if (this.length > 0) this.emit(this.partial.subarray(0, this.length), false);
  }

  private append(bytes: Uint8Array, ended: boolean): void {
    let rest = bytes;
    while (this.length + rest.length > LINE_LIMIT) {
      const room = LINE_LIMIT - this.length;
      this.keep(rest.subarray(0, room));
      this.emit(this.partial, false);
      rest = rest.subarray(room);
    }
    if (ended && this.length === 0) return this.emit(rest, true);
    this.keep(rest);
    if (ended) this.emit(this.partial.subarray(0, this.length), true);
  }

  private keep(bytes: Uint8Array): void {
    const size = this.length + bytes.length;
    if (size > this.partial.length) {
      const wider = Buffer.allocUnsafe(Math.min(LINE_LIMIT, size * 2));
      wider.set(this.partial.subarray(0, this.length));
      this.partial = wider;
    }
    this.partial.set(bytes, this.length);
    this.length += bytes.length;
  }

  private emit(line: Uint8Array, ended: boolean): void {
    this.line(line, ended);
    this.length = 0;
  }
}
