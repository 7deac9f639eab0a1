import { createMcpHandler } from '@modelcontextprotocol/server';
import type { JsonValue } from '#ir/json.js';
import type { EventHub } from '#operations/events/hub.js';
import { roomCursor } from '#operations/events/store.js';
import { authorise } from '#operations/invoke.js';
import type { Operation } from '#operations/operation.js';
import type { Room } from '#operations/room.js';
import { RoomChanges } from './changes.js';
import { mcpServer } from './protocol.js';

export interface Asked {
  /** On behalf of whom. */
  readonly room: Room;
  readonly hub: EventHub;
  /** What a subscription needs the permission of. */
  readonly events: Pick<Operation, 'name' | 'permission'>;
  /** After so long a stream shows that it lives. */
  readonly quietMs: number;
}

/**
 * Answers one request of the protocol on behalf of one caller. Nothing is kept from one to the next: a handler of its own for each,
 * so that no caller's subscription hears of another's.
 *
 * @param body of the request, read and parsed; a single message
 * @throws OpsroomError DENIED for a subscription without the permission
 */
export async function exchange(request: Request, body: JsonValue, asked: Asked): Promise<Response> {
  const { room, hub, quietMs } = asked;
  const bus = subscribes(body) ? { bus: await changesOf(asked) } : {};
  const handler = createMcpHandler(({ era }) => mcpServer({ room, hub, subscriptions: era === 'modern' }), {
    ...bus,
    keepAliveMs: quietMs,
    onerror: (err) => room.log.debug({ err }, 'an MCP request was refused'),
  });
  return handler.fetch(request, { parsedBody: body });
}

const subscribes = (body: JsonValue): boolean =>
  typeof body === 'object' && body !== null && 'method' in body && body['method'] === 'subscriptions/listen';

/** The place is taken before the client is told that it has subscribed: from then on it misses nothing. */
async function changesOf({ room, hub, events, quietMs }: Asked): Promise<RoomChanges> {
  authorise(events, room);
  const after = await room.database.door(room.org, (tx) => roomCursor(tx, room.org));
  return new RoomChanges((signal) => hub.watchRoom(room, { after, signal, quietMs }));
}
