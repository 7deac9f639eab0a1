import { cleanText } from '#ir/clean.js';

/** Beyond this many chunks they are joined: a program that writes byte by byte must not cost an object per byte. */
const MOST_CHUNKS = 256;

/** Keeps the last `cap` bytes of a stream of any length, in memory of at most a few times `cap`. */
export class Tail {
  private readonly chunks: Uint8Array[] = [];
  private held = 0;
  private seen = 0;

  constructor(private readonly cap: number) {}

  push(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.held += chunk.length;
    this.seen += chunk.length;
    if (this.held > 2 * this.cap || this.chunks.length > MOST_CHUNKS) this.compact();
  }

  get truncated(): boolean {
    return this.seen > this.cap;
  }

  /** As text: invalid UTF-8 becomes U+FFFD, NUL is dropped, and a character that the cap cut in two is left out. */
  text(): string {
    this.compact();
    const bytes = this.chunks[0] ?? new Uint8Array();
    const start = this.truncated ? bytes.subarray(0, 3).findIndex((byte) => (byte & 0xc0) !== 0x80) : 0;
    return cleanText(new TextDecoder().decode(bytes.subarray(Math.max(start, 0))));
  }

  private compact(): void {
    const joined = Buffer.concat(this.chunks);
    // A copy: a view would keep all that was cut off in memory.
    const kept = new Uint8Array(joined.subarray(Math.max(0, joined.length - this.cap)));
    this.chunks.splice(0, this.chunks.length, kept);
    this.held = kept.length;
  }
}
