import type { Context, Hono } from 'hono';
import { asOpsroomError, OpsroomError } from '#kit/errors.js';
import { authorise } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import { getRun } from '#operations/runs/get.js';
import { resolveRun, runReference } from '#operations/runs/reference.js';
import type { ApiEnv, ApiParts } from './api-parts.js';
import { presentedCredential } from './credentials.js';
import { EVENTS_PATH } from './openapi-events.js';
import { problemOf } from './problem.js';

const HEARTBEAT_MS = 15_000;
const RETRY_MS = 2000;
const encoder = new TextEncoder();

/** `GET /v1/runs/{run}/events`: live events as server-sent events, behind the same checks as every operation. */
export function addEvents(api: Hono<ApiEnv>, parts: ApiParts): void {
  api.get(EVENTS_PATH.replace('{run}', ':run'), async (context) => {
    const after = startOf(context);
    const reference = runReference.safeParse(context.req.param('run'));
    if (!reference.success)
      throw new OpsroomError('USAGE', { what: '"run" is wrong: name it by its id, digits of it, or "last".' });
    const room = context.get('room');
    authorise({ name: 'runs.events', permission: getRun.permission }, room);
    const run = await resolveRun(room, reference.data);
    const presented = presentedCredential(context.req.raw.headers);
    const gone = new AbortController();
    const stillIn = async () => void (await parts.enter(presented));
    const frames = framesOf(room, { run, after, parts, stillIn, gone: gone.signal });
    return new Response(streamOf(frames, gone), {
      headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
    });
  });
}

/** Whoever comes back sends the number of the last event it saw; the header is the newer of the two. */
function startOf(context: Context): number {
  const query = new URL(context.req.url).searchParams;
  const unknown = [...query.keys()].find((name) => name !== 'after');
  if (unknown !== undefined) throw new OpsroomError('USAGE', { what: `The query has no "${unknown.slice(0, 100)}".` });
  const text = context.req.header('last-event-id') ?? query.get('after') ?? '0';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new OpsroomError('USAGE', {
    what: 'The number of the last event is not a whole number.',
    mend: 'Send the `id:` of the last event.',
  });
}

interface Watching {
  readonly run: string;
  readonly after: number;
  readonly parts: ApiParts;
  /** @throws OpsroomError when the key opens the room no longer */
  readonly stillIn: () => Promise<void>;
  /** The reader is. */
  readonly gone: AbortSignal;
}

/** The text of the stream, piece by piece. */
async function* framesOf(room: Room, { run, after, parts, stillIn, gone }: Watching): AsyncGenerator<string> {
  const { hub, heartbeatMs: quietMs = HEARTBEAT_MS } = parts;
  yield `retry: ${RETRY_MS}\n\n`;
  try {
    for await (const batch of hub.watch(room, run, { after, signal: gone, quietMs })) {
      if (batch.length === 0) await stillIn();
      yield batch.length === 0 ? ': still here\n\n' : batch.map(frameOf).join('');
    }
    // A stream that only the room's stop has ended says nothing: its reader comes back.
    if (!hub.closed) yield 'event: end\ndata: {}\n\n';
  } catch (error) {
    yield `event: problem\ndata: ${JSON.stringify(problemOf(asOpsroomError(error)))}\n\n`;
  }
}

/** Many watchers are sent the same event: its text is made once. JSON holds no line breaks. */
const made = new WeakMap<object, string>();

function frameOf(event: { readonly seq: number }): string {
  const known = made.get(event);
  if (known !== undefined) return known;
  const frame = `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`;
  made.set(event, frame);
  return frame;
}

/** Pulled by the connection: a slow reader makes nothing pile up here. */
function streamOf(frames: AsyncGenerator<string>, gone: AbortController): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      pull: async (controller) => {
        const { value, done } = await frames.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      cancel: async () => {
        gone.abort(); // what waits for the next event ends now, what waits to be pulled by the return
        await frames.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
