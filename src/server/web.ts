import { randomBytes } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { pagePolicy } from './headers.js';
import type { Encoding, WebFile, WebFiles } from './web-files.js';

/** What is no page of the app, whatever stands after it. */
const NOT_OURS = /^\/(v1|ai|hooks|mcp|auth|healthz|readyz|metrics)(\/|$)/;
/** Stands in the built page wherever it needs the nonce of its answer. */
const NONCE = '__NONCE__';

/**
 * Serves the app: its files, and its page for every address that a browser opens and that is no file.
 *
 * @param opened is told whenever a page is asked for, before it is sent
 */
export function webApp(files: WebFiles, opened: () => void): MiddlewareHandler {
  return async (context, next) => {
    const { method, path } = context.req;
    if ((method !== 'GET' && method !== 'HEAD') || NOT_OURS.test(path)) return next();
    const file = await files.find(path);
    if (file) return fileAnswer(context, file);
    if (!isPage(context)) return next();
    opened();
    return pageAnswer(context, await files.page());
  };
}

/** A page has no dot in its last part, and is asked for by somebody who reads HTML: a missing script is no page. */
function isPage({ req }: Context): boolean {
  const last = req.path.slice(req.path.lastIndexOf('/') + 1);
  return !last.includes('.') && /\btext\/html\b/.test(req.header('accept') ?? '');
}

/** Never kept without asking, so that an upgrade is seen; without an ETag, since each answer has a nonce of its own. */
function pageAnswer(context: Context, index: string | undefined): Response {
  if (index === undefined) {
    context.header('retry-after', '2');
    return context.text('The app of this room is being built anew. Load this page again in a moment.', 503);
  }
  const nonce = randomBytes(16).toString('base64');
  context.header('content-security-policy', pagePolicy(nonce));
  context.header('cache-control', 'no-cache');
  return context.html(index.replaceAll(NONCE, nonce));
}

async function fileAnswer(context: Context, file: WebFile): Promise<Response> {
  const { req } = context;
  const encoding = encodingFor(req.header('accept-encoding') ?? '');
  const packed = encoding && (await file.packed(encoding));
  context.header('content-type', file.type);
  context.header('cache-control', file.hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
  context.header('vary', 'Accept-Encoding');
  context.header('etag', file.etag);
  if (req.header('if-none-match')?.split(/,\s*/).includes(file.etag)) return context.body(null, 304);
  if (encoding && packed) context.header('content-encoding', encoding);
  return context.body(new Uint8Array(packed ?? file.body));
}

/** The better of those that the reader takes. */
export function encodingFor(accepted: string): Encoding | undefined {
  const taken = accepted
    .split(',')
    .map((part) => part.trim().split(/\s*;\s*q=/))
    .filter(([, quality]) => quality === undefined || Number(quality) > 0)
    .map(([name]) => name);
  return (['br', 'gzip'] as const).find((name) => taken.includes(name));
}
