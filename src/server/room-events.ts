import type { Context, Hono } from 'hono';
import { OpsroomError } from '#kit/errors.js';
import { type Cursor, parseCursor } from '#operations/events/cursor.js';
import type { Floods } from '#operations/events/room-watch.js';
import { type RoomEvent, toldEvent } from '#operations/events/store.js';
import { authorise } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import { runboard } from '#operations/runboard/get.js';
import type { ApiEnv, ApiParts, StreamParts } from './api-parts.js';
import { ROOM_EVENTS_PATH } from './openapi-room-events.js';
import { ALIVE, eventStream, frame, type Piece, type Reader } from './sse.js';

const EVENTS = { name: 'runboard.events', permission: runboard.permission } as const;

/** `GET /v1/events`: what happens in all runs, as server-sent events. Each holds what was committed together. */
export function addRoomEvents(api: Hono<ApiEnv>, parts: StreamParts): void {
  api.get(ROOM_EVENTS_PATH, (context) => {
    const query = new URL(context.req.url).searchParams;
    const unknown = [...query.keys()].find((name) => name !== 'after' && name !== 'floods');
    if (unknown !== undefined)
      throw new OpsroomError('USAGE', { what: `The query has no "${unknown.slice(0, 100)}".` });
    const [after, floods] = [startOf(context, query), floodsOf(query)];
    const room = context.get('room');
    authorise(EVENTS, room);
    return eventStream(context, parts, EVENTS, (reader) => framesOf(parts, room, { after, floods }, reader));
  });
}

/** Whoever comes back sends the id of the last event it saw; the header is the newer of the two. */
function startOf(context: Context, query: URLSearchParams): Cursor | undefined {
  const text = context.req.header('last-event-id') ?? query.get('after') ?? '';
  if (text === '') return undefined;
  const cursor = parseCursor(text);
  if (cursor) return cursor;
  throw new OpsroomError('USAGE', {
    what: 'That is not the place of an event.',
    mend: 'Send the `id:` of the last event, or the `cursor` of the Runboard.',
  });
}

function floodsOf(query: URLSearchParams): Floods {
  const floods = query.get('floods') ?? 'tell';
  if (floods === 'tell' || floods === 'skip') return floods;
  throw new OpsroomError('USAGE', { what: 'Floods are told or skipped.', mend: 'Send floods=tell or floods=skip.' });
}

async function* framesOf(
  { hub }: ApiParts,
  room: Room,
  { after, floods }: { readonly after: Cursor | undefined; readonly floods: Floods },
  { gone, quietMs, stillIn }: Reader,
): AsyncGenerator<Piece> {
  for await (const told of hub.watchRoom(room, { after, signal: gone, quietMs }, floods)) {
    await stillIn();
    if (told.kind === 'quiet') yield ALIVE;
    else if (told.kind === 'reset') yield frame(told.id, { reset: true, events: [] });
    else yield encoded(told.id, told.events);
  }
}

interface Encoded {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** Many watchers who stand at the same place are sent the same events: they are written out once. */
const made = new WeakMap<readonly RoomEvent[], Encoded>();
const encoder = new TextEncoder();

function encoded(id: string, events: readonly RoomEvent[]): Uint8Array {
  const known = made.get(events);
  if (known?.id === id) return known.bytes;
  const bytes = encoder.encode(frame(id, { reset: false, events: events.map(toldEvent) }));
  made.set(events, { id, bytes });
  return bytes;
}
