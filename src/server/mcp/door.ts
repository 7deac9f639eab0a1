import type { Context, Hono, MiddlewareHandler } from 'hono';
import { parseBoundedJson } from '#ir/bounded-json.js';
import type { JsonValue } from '#ir/json.js';
import { asOpsroomError, CATALOGUE } from '#kit/errors.js';
import { runboard } from '#operations/runboard/get.js';
import type { ApiEnv, StreamParts } from '../api-parts.js';
import { isOwnOrigin } from '../browser.js';
import { problemOf, refusal } from '../problem.js';
import { fullOf, stillIn } from '../sse.js';
import { newSession, Running, SESSION_HEADER } from './running.js';

export const MCP_PATH = '/mcp';
/** The largest plan, as elsewhere; no other message is nearly as large. */
export const MAX_MCP_BYTES = 16 * 1024 * 1024;
/** Whoever is told of changes sees what happens to runs. */
const EVENTS = { name: 'mcp.events', permission: runboard.permission } as const;
/** After so long a stream shows that it lives, and its key is looked at anew. */
const QUIET_MS = 15_000;

export type Exchange = typeof import('./exchange.js').exchange;

/**
 * The protocol comes in when it is first asked for: a room that nobody asks so needs none of it.
 * @returns what answers one exchange
 */
const loaded = async (): Promise<Exchange> => (await import('./exchange.js')).exchange;

/**
 * Keeps pages of other origins from `/mcp`, and cookies: it is for programs, which send a key. To be asked before anything
 * is known of who asks.
 */
export function programsOnly(publicUrl: string | undefined): MiddlewareHandler {
  return async ({ req }, next) => {
    const { headers } = req.raw;
    if (!isOwnOrigin(headers, publicUrl)) return refusal('CROSS_SITE', 'It was sent by a page of another origin.');
    if (headers.has('cookie') && !headers.has('x-api-key') && !headers.has('authorization')) {
      return refusal('UNAUTHENTICATED', 'A sign-in in a browser opens nothing here: a program sends a key.');
    }
    return next();
  };
}

/**
 * `POST /mcp`: Streamable HTTP, the stateless version and the older ones. The checks of the API stand before it.
 *
 * @param load gets what answers one exchange
 */
export function addMcp(api: Hono<ApiEnv>, parts: StreamParts, load: () => Promise<Exchange> = loaded): void {
  const { heartbeatMs: quietMs = QUIET_MS } = parts;
  const running = new Running();
  let exchange: Promise<Exchange> | undefined;
  api.post(MCP_PATH, async (context) => {
    const body = await messageOf(context);
    if (body instanceof Response) return body;
    const asked = context.get('room');
    const room = { ...asked, origin: { ...asked.origin, door: 'mcp' as const } };
    const who = `${room.org} ${room.by}`;
    const leave = parts.streams.take(who);
    if (!leave) return fullOf('As many requests as you may have');
    const { raw } = context.req;
    const taken = running.begin(who, raw.headers.get(SESSION_HEADER), body);
    const over = () => {
      taken.end();
      leave();
    };
    try {
      exchange ??= load();
      const request = bodiless(raw, AbortSignal.any([raw.signal, taken.signal]));
      const answer = await (await exchange)(request, body, { room, hub: parts.hub, events: EVENTS, quietMs });
      const session = newSession(body);
      if (session !== undefined) answer.headers.set(SESSION_HEADER, session);
      return watched(answer, over, stillIn(context, parts, EVENTS, quietMs));
    } catch (error) {
      over();
      throw error;
    }
  });
}

/** The request without its body, which was read: what answers it needs the headers, and when to stop. */
const bodiless = ({ url, method, headers }: Request, signal: AbortSignal): Request =>
  new Request(url, { method, headers, signal });

/** One message, bounded in size and depth; a refusal in the protocol's form where there is none. */
async function messageOf({ req }: Context): Promise<JsonValue | Response> {
  try {
    const body = parseBoundedJson(new Uint8Array(await req.arrayBuffer()));
    // Versions since 2025-06-18 know no batches; a hundred calls in one request would count as one.
    return Array.isArray(body) ? wrong(-32_600, 'Send one message at a time: a batch is not accepted.') : body;
  } catch (error) {
    const told = asOpsroomError(error);
    if (CATALOGUE[told.code].http !== 400) throw error;
    return wrong(-32_700, problemOf(told).what);
  }
}

const wrong = (code: number, message: string): Response =>
  Response.json({ jsonrpc: '2.0', id: null, error: { code, message } }, { status: 400 });

/**
 * A stream that is open only as long as its key is good. Without the key it ends as if it had broken off: whoever comes back is told why.
 *
 * @param over called once it has ended, or at once for an answer that is no stream
 */
function watched(answer: Response, over: () => void, look: () => Promise<void>): Response {
  if (answer.body === null || !answer.headers.get('content-type')?.startsWith('text/event-stream')) {
    over();
    return answer;
  }
  const reader = answer.body.getReader();
  const next = async () => {
    const { value } = await reader.read();
    await look();
    return value;
  };
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const value = await next().catch(() => undefined);
        if (value !== undefined) return controller.enqueue(value);
        over();
        controller.close();
        await reader.cancel().catch(() => undefined);
      },
      cancel: async (reason) => {
        over();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, answer);
}
