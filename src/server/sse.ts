import type { Context } from 'hono';
import { asOpsroomError, OpsroomError } from '#kit/errors.js';
import { authorise } from '#operations/invoke.js';
import type { Operation } from '#operations/operation.js';
import type { Room } from '#operations/room.js';
import type { ApiEnv, ApiParts, StreamParts } from './api-parts.js';
import { presentedBy } from './credentials.js';
import { acceptsGzip, GZIP_HEAD, gzipPart } from './gzip-parts.js';
import { problemOf, refusal, toldTo } from './problem.js';

const HEARTBEAT_MS = 15_000;
const RETRY_MS = 2000;
const encoder = new TextEncoder();

/** What a stream of server-sent events has to do with its reader. */
export interface Reader {
  /** Aborts when the reader has gone. */
  readonly gone: AbortSignal;
  /** After so long without an event a stream shows that it lives. */
  readonly quietMs: number;
  /**
   * To be called before each piece: looks at the key anew when the last look is too long ago.
   * @throws OpsroomError when it opens the room no longer
   */
  readonly stillIn: () => Promise<void>;
}

/** Says that the stream lives. */
export const ALIVE = ': still here\n\n';
/** Says that no more will come. Without it, a reader comes back. */
export const END = 'event: end\ndata: {}\n\n';

/** A piece of a stream: text, or text that was encoded for many readers at once. */
export type Piece = string | Uint8Array;

/** One event. JSON holds no line breaks, and neither do our ids. */
export function frame(id: string | number, data: unknown): string {
  return `id: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** When a stream may have ended: nobody can know. */
const ROOM_AGAIN_S = 5;

export const fullOf = (what: string): Response =>
  refusal('TOO_MANY_REQUESTS', `${what} are open already.`, { 'retry-after': String(ROOM_AGAIN_S) });

/**
 * Answers with server-sent events, for as long as the request's key may use the operation. What goes wrong on the way is
 * told by `event: problem`, and ends the stream.
 *
 * @param ended told once when the stream is over, or does not begin
 */
export function eventStream(
  context: Context<ApiEnv>,
  parts: StreamParts,
  operation: Pick<Operation, 'name' | 'permission'>,
  frames: (reader: Reader) => AsyncGenerator<Piece>,
  ended: () => void = () => undefined,
): Response {
  const { heartbeatMs: quietMs = HEARTBEAT_MS } = parts;
  const { org, by } = context.get('room');
  const leave = parts.streams.take(`${org} ${by}`);
  const over = () => {
    leave?.();
    ended();
  };
  const { method, signal, headers } = context.req.raw;
  if (!leave || method === 'HEAD') {
    over(); // nobody reads the body of an answer to HEAD
    return leave ? new Response(null, { headers: STREAM }) : fullOf('As many streams as you may have');
  }
  const gone = new AbortController();
  // Whoever hangs up before the first piece never pulls, and never cancels.
  signal.addEventListener('abort', over, { once: true });
  const reader = { gone: gone.signal, quietMs, stillIn: stillIn(context, parts, operation, quietMs) };
  const pieces = told(frames(reader), context.get('room'));
  if (!acceptsGzip(headers)) return new Response(streamOf(encoded(pieces), gone, over), { headers: STREAM });
  const zipped = { ...STREAM, 'content-encoding': 'gzip' };
  return new Response(streamOf(gzipped(pieces), gone, over), { headers: zipped });
}

const STREAM = {
  'content-type': 'text/event-stream; charset=utf-8',
  'x-accel-buffering': 'no',
  vary: 'accept-encoding',
};

/** By time, not by silence: a key that was revoked must not go on reading a run that never falls silent. */
export function stillIn(
  context: Context<ApiEnv>,
  { enter }: ApiParts,
  operation: Pick<Operation, 'name' | 'permission'>,
  everyMs: number,
): Reader['stillIn'] {
  const reading = context.get('room');
  const { clock } = reading.ports;
  const presented = presentedBy(context.req.raw.headers);
  let lookedMs = clock.monotonicMs();
  return async () => {
    if (clock.monotonicMs() - lookedMs < everyMs) return;
    lookedMs = clock.monotonicMs();
    try {
      const now = await enter(presented);
      requireSame(reading, now);
      authorise(operation, now);
    } catch (error) {
      // Of a database that is away nothing new can come either; whoever reads it knows when to give up.
      if (asOpsroomError(error).code !== 'DATABASE_UNREACHABLE') throw error;
    }
  };
}

/** A sign-in goes on when its person works elsewhere; what they read here does not. @throws OpsroomError DENIED */
function requireSame(reading: Room, now: Room): void {
  const { by, principal } = reading;
  const same = by === now.by || (principal.person !== undefined && principal.person === now.principal.person);
  if (reading.org === now.org && same) return;
  const what = 'Whoever reads this works in another organisation now.';
  throw new OpsroomError('DENIED', { what, mend: 'Open it anew.' });
}

async function* told(frames: AsyncGenerator<Piece>, room: Room): AsyncGenerator<Piece> {
  yield `retry: ${RETRY_MS}\n\n`;
  try {
    yield* frames;
  } catch (error) {
    yield `event: problem\ndata: ${JSON.stringify(toldTo(room, problemOf(asOpsroomError(error))))}\n\n`;
  }
}

const bytesOf = (piece: Piece): Uint8Array => (typeof piece === 'string' ? encoder.encode(piece) : piece);

async function* encoded(pieces: AsyncGenerator<Piece>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield bytesOf(piece);
}

async function* gzipped(pieces: AsyncGenerator<Piece>): AsyncGenerator<Uint8Array> {
  yield GZIP_HEAD;
  for await (const piece of pieces) yield gzipPart(bytesOf(piece));
}

/** Pulled by the connection: a slow reader makes nothing pile up here. */
function streamOf(
  frames: AsyncGenerator<Uint8Array>,
  gone: AbortController,
  over: () => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      pull: async (controller) => {
        const { value, done } = await frames.next();
        if (done !== true) return controller.enqueue(value);
        over();
        controller.close();
      },
      cancel: async () => {
        over();
        gone.abort(); // what waits for the next event ends now, what waits to be pulled by the return
        await frames.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
