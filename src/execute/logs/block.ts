import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { type LogStream, RECORD_OVERHEAD, writeRecord } from './record.js';

const HEADER = 8;
/** Bytes of a block before compression. */
export const BLOCK_LIMIT = 256 * 1024;
/** Longer lines are stored in pieces of this size. */
export const LINE_LIMIT = 64 * 1024;
/** Below this, compression does not pay. */
const WORTH_DEFLATING = 256;
const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Lines as they are stored together. `body`: the first line's number (8 bytes, big-endian), then records. */
export interface Block {
  readonly seq: number;
  readonly firstLine: number;
  readonly lines: number;
  readonly body: Buffer;
  /** SHA-256 of `body`. */
  readonly digest: Buffer;
}

export interface Encoded {
  readonly codec: 0 | 1;
  readonly body: Buffer;
}

/** Gathers lines into blocks, numbering both. */
export class BlockBuilder {
  private buffer = Buffer.alloc(0);
  private end = HEADER;
  private seq = 0;
  private firstLine = 1;
  private lines = 0;

  get empty(): boolean {
    return this.lines === 0;
  }

  /** False when the block has no room for the line: `cut` it first. */
  hasRoom(line: Uint8Array): boolean {
    return this.end + RECORD_OVERHEAD + line.length <= BLOCK_LIMIT;
  }

  add(stream: LogStream, line: Uint8Array, ended: boolean): void {
    this.grow(this.end + RECORD_OVERHEAD + line.length);
    this.end = writeRecord(this.buffer, this.end, stream, line, ended);
    this.lines++;
  }

  /** The block so far; the next begins after it. */
  cut(): Block {
    this.buffer.writeBigUInt64BE(BigInt(this.firstLine));
    const body = Buffer.from(this.buffer.subarray(0, this.end));
    const digest = createHash('sha256').update(body).digest();
    const block = { seq: this.seq++, firstLine: this.firstLine, lines: this.lines, body, digest };
    this.firstLine += this.lines;
    this.lines = 0;
    this.end = HEADER;
    return block;
  }

  private grow(size: number): void {
    if (size <= this.buffer.length) return;
    const wider = Buffer.allocUnsafe(Math.min(BLOCK_LIMIT, size * 2));
    wider.set(this.buffer.subarray(0, this.end));
    this.buffer = wider;
  }
}

/** Compresses off the main thread. */
export async function encodeBody(body: Buffer): Promise<Encoded> {
  if (body.length < WORTH_DEFLATING) return { codec: 0, body };
  const small = await deflate(body, { level: 1 });
  return small.length < body.length ? { codec: 1, body: small } : { codec: 0, body };
}

/** What `encodeBody` was given. */
export async function decodeBody({ codec, body }: Encoded): Promise<Buffer> {
  return codec === 0 ? body : inflate(body, { maxOutputLength: BLOCK_LIMIT });
}

/** The records of a decoded body, without its header. */
export function recordsOf(body: Buffer): Buffer {
  return body.subarray(HEADER);
}

/** The digest of a log: SHA-256, hex, over the SHA-256 of its stored blocks in their order, so that dropping the middle needs no second reading. */
export function logDigest(blocks: readonly Pick<Block, 'digest'>[]): string {
  const hash = createHash('sha256');
  for (const { digest } of blocks) hash.update(digest);
  return hash.digest('hex');
}
