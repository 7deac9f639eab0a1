import type { MiddlewareHandler } from 'hono';
import { refusal } from './problem.js';

/** A page in a browser can reach a loopback server under a name of its own (DNS rebinding): only these names are ours. */
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * Keeps pages of other origins from a server that only this machine may ask. Browsers name the page that asks in `Origin`;
 * a program names none.
 */
export const ownPagesOnly: MiddlewareHandler = async ({ req }, next) => {
  const host = req.header('host') ?? '';
  if (!LOOPBACK_HOST.test(host)) return refusal('DENIED', 'This server answers to loopback names only.');
  const origin = req.header('origin');
  if (origin !== undefined && hostOf(origin) !== host.toLowerCase()) {
    return refusal('DENIED', 'This server answers to its own pages only, not to those of another origin.');
  }
  return next();
};

/** Undefined for `null`, which sandboxed pages send, and for what is no origin. */
function hostOf(origin: string): string | undefined {
  return /^https?:\/\/([^/?#@\s]+)$/i.exec(origin)?.[1]?.toLowerCase();
}
