import { OpsroomError } from '#kit/errors.js';
import type { Room } from '#operations/room.js';

export const CLIENT_HEADER = 'x-client-id';
/** Of what does not fit, only what could be a name is written down. */
const NAME = /^[\w.:@-]{1,100}$/;

/**
 * The room with the label that a request gave itself: only one that its key has anyway, as the agent it was made for or as its
 * name. It decides nothing. One that does not fit is refused, and noted.
 *
 * @param client the header as it came; undefined: none
 * @throws OpsroomError CLIENT_MISMATCH
 */
export async function withClient(room: Room, client: string | undefined): Promise<Room> {
  if (client === undefined) return room;
  if (fits(room, client)) return { ...room, origin: { ...room.origin, client } };
  const { by, origin, ports, principal } = room;
  const claimed = NAME.test(client) ? client : 'no name';
  const data = { claimed, key: principal.key ?? null, address: origin.address ?? null };
  const fact = { at: ports.clock.now().toISOString(), kind: 'client.mismatch', actor: by, data };
  await room.calls.noteRefusal(room.org, fact, 'CLIENT_MISMATCH');
  throw new OpsroomError('CLIENT_MISMATCH', { what: `${by} is not what the header \`${CLIENT_HEADER}\` says.` });
}

/** Pure. */
const fits = ({ by, principal: { key, agent } }: Pick<Room, 'by' | 'principal'>, client: string): boolean =>
  key !== undefined && (client === agent || `key:${client}` === by);
