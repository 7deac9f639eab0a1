import { constants, deflateRawSync } from 'node:zlib';

/**
 * How a gzip stream begins (RFC 1952, 2.3): deflate, no flags, no time, no system. What follows are parts, as many as there
 * are; a stream that goes on for ever has no end, and so no checksum.
 */
export const GZIP_HEAD = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);

/** Of bytes that go to many readers: compressed once. */
const made = new WeakMap<Uint8Array, Uint8Array>();

/**
 * A piece as deflate blocks that end on a whole byte and refer to nothing before them, so that it may follow any other
 * piece in the stream of any reader, and is readable as soon as it is there (RFC 1951; zlib's full flush).
 */
export function gzipPart(bytes: Uint8Array): Uint8Array {
  const known = made.get(bytes);
  if (known) return known;
  const part = deflateRawSync(bytes, { level: constants.Z_BEST_SPEED, finishFlush: constants.Z_FULL_FLUSH });
  made.set(bytes, part);
  return part;
}

/** Whether `accept-encoding` names gzip without refusing it (RFC 9110, 12.5.3). */
export function acceptsGzip(headers: Headers): boolean {
  const named = (headers.get('accept-encoding') ?? '').split(',').map((coding) => coding.trim().toLowerCase());
  return named.some((coding) => /^(x-)?gzip\s*(;\s*q=(1(\.0{0,3})?|0\.\d*[1-9]\d*))?$/.test(coding));
}
