import type { EventHub } from '#operations/events/hub.js';
import type { Room } from '#operations/room.js';

/** What the HTTP door works with. */
export interface ApiParts {
  /** The room on behalf of whoever presents this credential. @throws OpsroomError */
  readonly enter: (presented: string | undefined) => Promise<Room>;
  readonly hub: EventHub;
  /** After so long without an event a stream shows that it lives, and its key is looked at anew. Default 15 s. */
  readonly heartbeatMs?: number;
}

/** What a request carries once it is known whose it is. */
export interface ApiEnv {
  Variables: { room: Room };
}
