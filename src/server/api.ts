import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { asOpsroomError, CATALOGUE } from '#kit/errors.js';
import { invoke } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import { AGENTS_BASE, agentRoutes, THROTTLE, THROTTLED } from './agent-routes.js';
import { ApiLimit } from './api-limit.js';
import type { ApiEnv, ApiParts } from './api-parts.js';
import { addAuditExport } from './audit-export.js';
import { presentedBy } from './credentials.js';
import { crossSite } from './cross-site.js';
import { addDownloads } from './downloads.js';
import { addEvents } from './events.js';
import { fitted } from './fit.js';
import { addLogStream } from './log-stream.js';
import { addMetrics, METRICS_PATH } from './metrics.js';
import { refusal } from './problem.js';
import { RateLimit } from './rate-limit.js';
import { inputOf, queryForms } from './request.js';
import { addRoomEvents } from './room-events.js';
import { type Routed, routed } from './routes.js';

/**
 * Every operation of the registry at its route. The order of each request: authenticate → validate → authorise → run →
 * present. A body is read only when it is known whose it is.
 */
export function createApi(parts: ApiParts): Hono<ApiEnv> {
  const api = new Hono<ApiEnv>();
  const door = authenticated(parts);
  const metrics = new Hono<ApiEnv>();
  const measured = addMetrics(metrics);
  api.use('/v1/*', measured, door);
  api.use('/ai/*', measured, door, askedByAgents());
  api.use(METRICS_PATH, door);
  api.route('/', metrics);
  addAuditExport(api);
  const all = routed();
  for (const one of all) addRoute(api, one);
  for (const one of agentRoutes(all)) if (!all.includes(one)) addRoute(api, one);
  addEvents(api, parts);
  addRoomEvents(api, parts);
  addLogStream(api, parts);
  addDownloads(api);
  return api;
}

/**
 * A stranger's address is counted only when its key has failed: whoever has a key is never held up by those who guess, also
 * behind a proxy, where all have one address. What a proxy says about addresses is not believed: anybody can say it.
 */
function authenticated({ enter, publicUrl, rates, refused = () => undefined }: ApiParts): MiddlewareHandler<ApiEnv> {
  const limit = new ApiLimit(rates);
  return async (context, next) => {
    let room: Room;
    try {
      const presented = presentedBy(context.req.raw.headers);
      // A browser adds its cookie to whatever a page asks for; a credential is sent by whoever means it.
      const elsewhere = presented.credential === undefined && presented.cookie !== undefined;
      const reason = elsewhere ? crossSite(context.req.raw, publicUrl) : undefined;
      if (reason !== undefined) return refusal('CROSS_SITE', reason);
      room = await enter(presented);
    } catch (error) {
      const address = addressOf(context);
      const waitS = isRefused(error) ? await limit.waitS('stranger', address) : 0;
      if (isRefused(error)) refused(asOpsroomError(error).code, address);
      if (waitS > 0) return tooMany(waitS);
      throw error;
    }
    const waitS = await limit.waitS('key', `${room.org} ${room.by}`);
    if (waitS > 0) return tooMany(waitS);
    const address = addressOf(context);
    context.set('room', address === '' ? room : { ...room, origin: { ...room.origin, address } });
    return next();
  };
}

/** Each question at `/ai/*` is kept; what changes by the second is not asked for oftener than that. */
function askedByAgents(): MiddlewareHandler<ApiEnv> {
  const askers = new RateLimit(THROTTLE);
  return async (context, next) => {
    const room = context.get('room');
    if (THROTTLED.has(context.req.path)) {
      const waitS = askers.take(`${room.org} ${room.by}`, room.ports.clock.monotonicMs());
      if (waitS > 0) return tooMany(waitS);
    }
    context.set('room', { ...room, origin: { ...room.origin, channel: 'ai' } });
    return next();
  };
}

const isRefused = (error: unknown): boolean => CATALOGUE[asOpsroomError(error).code].http === 401;

export function tooMany(waitS: number): Response {
  return refusal('TOO_MANY_REQUESTS', `Ask again in ${waitS} s.`, { 'retry-after': String(waitS) });
}

/** Of the connection; empty where there is none. */
export function addressOf({ env }: Context): string {
  return (env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress ?? '';
}

function addRoute(api: Hono<ApiEnv>, one: Routed): void {
  const { operation, route } = one;
  const forms = queryForms(one);
  const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
  api.on(route.method, path, limited(route.maxBytes), async (context) => {
    const input = await inputOf(context, one, forms);
    const output = await invoke(operation, input, context.get('room'));
    if (route.made) context.header('Location', route.made(output as never));
    const answer = output as object;
    return context.json(route.path.startsWith(AGENTS_BASE) ? fitted(answer) : answer, route.status);
  });
}

/** @param maxBytes 0 for a method that has no body */
export function limited(maxBytes: number): MiddlewareHandler {
  const onError = () => refusal('REQUEST_TOO_LARGE', `The body is larger than ${maxBytes} bytes.`);
  return bodyLimit({ maxSize: maxBytes, onError });
}
