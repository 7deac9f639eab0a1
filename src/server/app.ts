import { Hono } from 'hono';
import { METHOD_NAME_ALL } from 'hono/router';
import { asOpsroomError, CATALOGUE, OpsroomError } from '#kit/errors.js';
import type { Logger } from '#observe/log.js';
import type { People } from '#operations/people/people.js';
import type { Readiness } from '#operations/readiness.js';
import { createApi, limited } from './api.js';
import type { ApiEnv, ApiParts } from './api-parts.js';
import { ownPagesOnly } from './browser.js';
import { answerHeaders } from './headers.js';
import { createHooks, type HookParts } from './hooks.js';
import { MCP_PATH } from './mcp/door.js';
import { METRICS_PATH } from './metrics.js';
import type { OpenApiDocument } from './openapi.js';
import { gptDocument } from './openapi-gpt.js';
import { problemOf, problemResponse, refusal, toldTo } from './problem.js';
import { MAX_BODY_BYTES } from './routes.js';
import { createSignIn } from './sign-in.js';
import { thisMachineOnly } from './this-machine.js';
import { webApp } from './web.js';
import type { WebFiles } from './web-files.js';

export interface AppParts extends ApiParts, HookParts {
  readonly people: People;
  /** The app; undefined where it was not built. */
  readonly web?: WebFiles | undefined;
  readonly version: string;
  readonly log: Logger;
  /** Looks anew each time; never rejects. */
  readonly ready: () => Promise<Readiness>;
  /** Whether only this machine may ask: then a Host header of another name is refused. */
  readonly loopback: boolean;
}

const NO_ADDRESS = { what: 'There is no such address.', mend: '/v1/openapi.json lists those that there are.' };

/**
 * What the room answers over HTTP: `/healthz` (the process lives), `/readyz` (it can work; 503 with the reason when not),
 * and below `/v1` the operations of the registry for whoever has a credential.
 */
export function createApp(parts: AppParts): Hono {
  const { version, log, ready, loopback } = parts;
  const app = new Hono();
  app.use(answerHeaders(version, parts.publicUrl));
  if (loopback) app.use(ownPagesOnly(parts.publicUrl));
  if (parts.web) app.use(webApp(parts.web, () => parts.people.warmUp()));
  app.get('/healthz', (context) => context.json({ status: 'ok', version }));
  app.get('/readyz', async (context) => {
    const readiness = await ready();
    return context.json(readiness, readiness.ready ? 200 : 503);
  });
  app.use('/v1/*', thisMachineOnly(parts.publicUrl));
  app.use('/ai/*', thisMachineOnly(parts.publicUrl));
  app.use(MCP_PATH, thisMachineOnly(parts.publicUrl));
  app.use(METRICS_PATH, thisMachineOnly(parts.publicUrl));
  // Made when it is first asked for: it takes as long as a good part of the start.
  let made: Promise<OpenApiDocument> | undefined;
  const document = () => (made ??= import('./openapi.js').then(({ openApiDocument }) => openApiDocument(version)));
  // Before the API: what the room can do is no secret, and importers of such documents send no key.
  app.get('/v1/openapi.json', async (context) => context.json(await document()));
  app.get('/v1/openapi-gpt.json', async ({ req, json }) => {
    // Behind a proxy with TLS the room itself sees none. Whoever lies here lies to nobody else.
    const secure = req.header('x-forwarded-proto') === 'https';
    return json(gptDocument(await document(), `${secure ? 'https' : 'http'}://${req.header('host') ?? 'localhost'}`));
  });
  app.route('/', createHooks(parts));
  app.route('/', createSignIn(parts));
  app.route('/', createApi(parts));
  app.use(limited(MAX_BODY_BYTES));
  refuseOtherMethods(app);
  app.notFound(() => problemResponse(problemOf(new OpsroomError('NOT_FOUND', NO_ADDRESS))));
  app.onError((thrown, { var: known }) => {
    const error = asOpsroomError(thrown);
    if (CATALOGUE[error.code].http >= 500) log.error({ err: thrown }, 'a request failed');
    const problem = problemOf(error);
    const { room } = known as Partial<ApiEnv['Variables']>;
    return problemResponse(room ? toldTo(room, problem) : problem);
  });
  return app;
}

/** Last, so that it sees every route: an address that exists answers any other method with those that it has. */
function refuseOtherMethods(app: Hono): void {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (method === METHOD_NAME_ALL) continue;
    const known = methods.get(path) ?? new Set();
    methods.set(path, known.add(method));
    if (method === 'GET') known.add('HEAD');
  }
  for (const [path, known] of methods) {
    const allow = [...known].sort().join(', ');
    app.all(path, () => refusal('METHOD_NOT_ALLOWED', `This address is used with ${allow}.`, { allow }));
  }
}
