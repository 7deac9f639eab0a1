import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { asOpsroomError, CATALOGUE } from '#kit/errors.js';
import type { Logger } from '#observe/log.js';
import type { Readiness } from '#operations/readiness.js';
import { createApi, limited } from './api.js';
import type { ApiParts } from './api-parts.js';
import { openApiDocument } from './openapi.js';
import { problemResponse, refusal } from './problem.js';
import { MAX_BODY_BYTES } from './routes.js';

export interface AppParts extends ApiParts {
  readonly version: string;
  readonly log: Logger;
  /** Looks anew each time; never rejects. */
  readonly ready: () => Promise<Readiness>;
  /** Whether only this machine may ask: then a Host header of another name is refused. */
  readonly loopback: boolean;
}

/** A page in a browser can reach a loopback server under a name of its own (DNS rebinding): only these names are ours. */
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * What the room answers over HTTP: `/healthz` (the process lives), `/readyz` (it can work; 503 with the reason when not),
 * and below `/v1` the operations of the registry for whoever has a credential.
 */
export function createApp(parts: AppParts): Hono {
  const { version, log, ready, loopback } = parts;
  const app = new Hono();
  app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } }));
  app.use(async (context, next) => {
    context.header('Cache-Control', 'no-store');
    if (!loopback || LOOPBACK_HOST.test(context.req.header('host') ?? '')) return next();
    return refusal('DENIED', 'This server answers to loopback names only.');
  });
  app.get('/healthz', (context) => context.json({ status: 'ok', version }));
  app.get('/readyz', async (context) => {
    const readiness = await ready();
    return context.json(readiness, readiness.ready ? 200 : 503);
  });
  const document = openApiDocument(version);
  // Before the API: what the room can do is no secret, and importers of such documents send no key.
  app.get('/v1/openapi.json', (context) => context.json(document));
  app.route('/', createApi(parts));
  app.use(limited(MAX_BODY_BYTES));
  app.notFound(() => refusal('NOT_FOUND', 'There is no such address.'));
  app.onError((thrown) => {
    const error = asOpsroomError(thrown);
    if (CATALOGUE[error.code].http >= 500) log.error({ err: thrown }, 'a request failed');
    return problemResponse(error);
  });
  return app;
}
