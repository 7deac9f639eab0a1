import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { invoke } from '#operations/invoke.js';
import type { ApiEnv, ApiParts } from './api-parts.js';
import { presentedCredential } from './credentials.js';
import { addEvents } from './events.js';
import { addLogStream } from './log-stream.js';
import { refusal } from './problem.js';
import { inputOf, queryForms } from './request.js';
import { type Routed, routed } from './routes.js';

/**
 * Every operation of the registry at its route. The order of each request: authenticate → validate → authorise → run →
 * present. A body is read only when it is known whose it is.
 */
export function createApi(parts: ApiParts): Hono<ApiEnv> {
  const api = new Hono<ApiEnv>();
  api.use('/v1/*', authenticated(parts));
  for (const one of routed()) addRoute(api, one);
  addEvents(api, parts);
  addLogStream(api, parts);
  return api;
}

function authenticated({ enter }: ApiParts): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    context.set('room', await enter(presentedCredential(context.req.raw.headers)));
    await next();
  };
}

function addRoute(api: Hono<ApiEnv>, one: Routed): void {
  const { operation, route } = one;
  const forms = queryForms(one);
  const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
  api.on(route.method, path, limited(route.maxBytes), async (context) => {
    const input = await inputOf(context, one, forms);
    const output = await invoke(operation, input, context.get('room'));
    if (route.made) context.header('Location', route.made(output as never));
    return context.json(output as object, route.status);
  });
}

/** @param maxBytes 0 for a method that has no body */
export function limited(maxBytes: number): MiddlewareHandler {
  const onError = () => refusal('REQUEST_TOO_LARGE', `The body is larger than ${maxBytes} bytes.`);
  return bodyLimit({ maxSize: maxBytes, onError });
}
