import type { MiddlewareHandler } from 'hono';
import { refusal } from './problem.js';

/** A page in a browser can reach a loopback server under a name of its own (DNS rebinding): only these names are ours. */
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * Keeps pages of other origins from a server that only this machine may ask. Browsers name the page that asks in `Origin`;
 * a program names none.
 *
 * @param publicUrl the origin of a proxy in front that is ours as well
 */
export function ownPagesOnly(publicUrl: string | undefined): MiddlewareHandler {
  const publicHost = publicUrl && new URL(publicUrl).host;
  return async ({ req }, next) => {
    const host = req.header('host') ?? '';
    if (!LOOPBACK_HOST.test(host) && host.toLowerCase() !== publicHost) {
      return refusal('DENIED', 'This server answers to loopback names only.');
    }
    if (!isOwnOrigin(req.raw.headers, publicUrl)) {
      return refusal('DENIED', 'This server answers to its own pages only, not to those of another origin.');
    }
    return next();
  };
}

/** Whether a request comes from a page of ours, as far as its `Origin` says: programs, and pages that only read, send none. */
export function isOwnOrigin(headers: Pick<Headers, 'get'>, publicUrl: string | undefined): boolean {
  const origin = headers.get('origin');
  return origin === null || origin === publicUrl || hostOf(origin) === headers.get('host')?.toLowerCase();
}

/** Undefined for `null`, which sandboxed pages send, and for what is no origin. */
function hostOf(origin: string): string | undefined {
  return /^https?:\/\/([^/?#@\s]+)$/i.exec(origin)?.[1]?.toLowerCase();
}
