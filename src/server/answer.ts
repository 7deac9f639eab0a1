import { constants, gzipSync } from 'node:zlib';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { acceptsGzip } from './gzip-parts.js';

/** Below it, what is spared on the way is not worth the time. */
const WORTH_BYTES = 16 * 1024;
const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8', vary: 'accept-encoding' } as const;

interface Written {
  readonly plain: Uint8Array<ArrayBuffer>;
  zipped?: Uint8Array<ArrayBuffer>;
}

/** What many ask for within a moment is one object, written out once for all of them. */
const written = new WeakMap<object, Written>();

/** Answers with JSON; compressed when it is long and the asker can read that. */
export function jsonAnswer(context: Context, answer: object, status: ContentfulStatusCode): Response {
  const made: Written = written.get(answer) ?? { plain: Uint8Array.from(Buffer.from(JSON.stringify(answer))) };
  written.set(answer, made);
  if (made.plain.length < WORTH_BYTES || !acceptsGzip(context.req.raw.headers))
    return context.body(made.plain, status, JSON_HEADERS);
  made.zipped ??= new Uint8Array(gzipSync(made.plain, { level: constants.Z_BEST_SPEED }));
  return context.body(made.zipped, status, { ...JSON_HEADERS, 'content-encoding': 'gzip' });
}
