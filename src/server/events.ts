import type { Context, Hono } from 'hono';
import { OpsroomError } from '#kit/errors.js';
import { authorise } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import { getRun } from '#operations/runs/get.js';
import { resolveRun, runReference } from '#operations/runs/reference.js';
import type { ApiEnv, ApiParts, StreamParts } from './api-parts.js';
import { EVENTS_PATH } from './openapi-events.js';
import { ALIVE, END, eventStream, frame, type Reader } from './sse.js';

const EVENTS = { name: 'runs.events', permission: getRun.permission } as const;

/** `GET /v1/runs/{run}/events`: live events as server-sent events, behind the same checks as every operation. */
export function addEvents(api: Hono<ApiEnv>, parts: StreamParts): void {
  api.get(EVENTS_PATH.replace('{run}', ':run'), async (context) => {
    const after = startOf(context);
    const reference = referenceOf(context);
    const room = context.get('room');
    authorise(EVENTS, room);
    const run = await resolveRun(room, reference);
    return eventStream(context, parts, EVENTS, (reader) => framesOf(parts, { room, run, after }, reader));
  });
}

/** The run that the path names. @throws OpsroomError USAGE */
export function referenceOf(context: Context): string {
  const reference = runReference.safeParse(context.req.param('run'));
  if (reference.success) return reference.data;
  throw new OpsroomError('USAGE', { what: '"run" is wrong: name it by its id, digits of it, or "last".' });
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

/** The text of the stream, piece by piece. */
async function* framesOf(
  { hub }: ApiParts,
  { room, run, after }: { room: Room; run: string; after: number },
  { gone, quietMs, stillIn }: Reader,
): AsyncGenerator<string> {
  for await (const batch of hub.watch(room, run, { after, signal: gone, quietMs })) {
    await stillIn();
    yield batch.length === 0 ? ALIVE : batch.map(frameOf).join('');
  }
  // A stream that only the room's stop has ended says nothing: its reader comes back.
  if (!hub.closed) yield END;
}

/** Many watchers are sent the same event: its text is made once. */
const made = new WeakMap<object, string>();

function frameOf(event: { readonly seq: number }): string {
  const known = made.get(event);
  if (known !== undefined) return known;
  const text = frame(event.seq, event);
  made.set(event, text);
  return text;
}
