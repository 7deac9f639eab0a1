import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { invoke } from '#operations/invoke.js';
import { AGENTS_BASE, agentRoutes, THROTTLE, THROTTLED } from './agent-routes.js';
import { jsonAnswer } from './answer.js';
import type { ApiEnv, ApiParts } from './api-parts.js';
import { addAuditExport } from './audit-export.js';
import { authenticated, tooMany } from './authenticate.js';
import { addDownloads } from './downloads.js';
import { addEvents } from './events.js';
import { fitted } from './fit.js';
import { addLogStream } from './log-stream.js';
import { addMcp, MAX_MCP_BYTES, MCP_PATH, programsOnly } from './mcp/door.js';
import { addMetrics, METRICS_PATH } from './metrics.js';
import { refusal } from './problem.js';
import { RateLimit } from './rate-limit.js';
import { inputOf, queryForms } from './request.js';
import { addRoomEvents } from './room-events.js';
import { type Routed, routed } from './routes.js';
import { Streams } from './streams.js';

/** A browser opens a few, a program one for each run that it follows. */
const STREAM_CAPS = { each: 100, all: 2000 } as const;

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
  api.use(MCP_PATH, measured, programsOnly(parts.publicUrl), door, limited(MAX_MCP_BYTES));
  api.use(METRICS_PATH, door);
  api.route('/', metrics);
  addAuditExport(api);
  const all = routed();
  for (const one of all) addRoute(api, one);
  for (const one of agentRoutes(all)) if (!all.includes(one)) addRoute(api, one);
  const streaming = { ...parts, streams: new Streams(STREAM_CAPS) };
  addEvents(api, streaming);
  addRoomEvents(api, streaming);
  addLogStream(api, streaming);
  addMcp(api, streaming);
  addDownloads(api);
  return api;
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

function addRoute(api: Hono<ApiEnv>, one: Routed): void {
  const { operation, route } = one;
  const forms = queryForms(one);
  const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
  api.on(route.method, path, limited(route.maxBytes), async (context) => {
    const input = await inputOf(context, one, forms);
    const output = await invoke(operation, input, context.get('room'));
    if (route.made) context.header('Location', route.made(output as never));
    const answer = output as object;
    return jsonAnswer(context, route.path.startsWith(AGENTS_BASE) ? fitted(answer) : answer, route.status);
  });
}

/** @param maxBytes 0 for a method that has no body */
export function limited(maxBytes: number): MiddlewareHandler {
  const onError = () => refusal('REQUEST_TOO_LARGE', `The body is larger than ${maxBytes} bytes.`);
  return bodyLimit({ maxSize: maxBytes, onError });
}
