import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { asOpsroomError, CATALOGUE, type ErrorCode, OpsroomError } from '#kit/errors.js';
import type { Logger } from '#observe/log.js';
import type { Readiness } from '#operations/readiness.js';

export interface AppParts {
  readonly version: string;
  readonly log: Logger;
  /** Looks anew each time; never rejects. */
  readonly ready: () => Promise<Readiness>;
  /** Whether only this machine may ask: then a Host header of another name is refused. */
  readonly loopback: boolean;
}

const MAX_BODY_BYTES = 1024 * 1024;
/** A page in a browser can reach a loopback server under a name of its own (DNS rebinding): only these names are ours. */
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/** What the room answers over HTTP: `/healthz` (the process lives) and `/readyz` (it can work; 503 with the reason when not). */
export function createApp({ version, log, ready, loopback }: AppParts): Hono {
  const app = new Hono();
  app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } }));
  app.use(async (context, next) => {
    context.header('Cache-Control', 'no-store');
    if (!loopback || LOOPBACK_HOST.test(context.req.header('host') ?? '')) return next();
    return refusal('DENIED', 'This server answers to loopback names only.');
  });
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: () => refusal('USAGE', 'The request is too large.', 413) }));
  app.get('/healthz', (context) => context.json({ status: 'ok', version }));
  app.get('/readyz', async (context) => {
    const readiness = await ready();
    return context.json(readiness, readiness.ready ? 200 : 503);
  });
  app.notFound(() => refusal('NOT_FOUND', 'There is no such address.'));
  app.onError((error) => {
    const { code } = asOpsroomError(error);
    log.error({ err: error }, 'a request failed');
    // The words of an unexpected error may hold anything: they go to the log only.
    return refusal(code, CATALOGUE[code].what);
  });
  return app;
}

function refusal(code: ErrorCode, what: string, status: number = CATALOGUE[code].http): Response {
  return Response.json({ error: new OpsroomError(code, { what }).toJSON() }, { status });
}
