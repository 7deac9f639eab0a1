import type { ErrorCode } from '#kit/errors.js';
import type { Presented } from '#operations/enter.js';
import type { EventHub } from '#operations/events/hub.js';
import type { ApiRates } from '#operations/limits/api-rates.js';
import type { Room } from '#operations/room.js';
import type { Streams } from './streams.js';

/** What the HTTP door works with. */
export interface ApiParts {
  /** The room on behalf of whoever presents this. @throws OpsroomError */
  readonly enter: (presented: Presented) => Promise<Room>;
  /** The origin at which browsers reach the room, when it is another than the one it listens on. */
  readonly publicUrl?: string | undefined;
  /** How often somebody may ask, over all servers; without it this one counts by itself. */
  readonly rates?: Pick<ApiRates, 'take'>;
  readonly hub: EventHub;
  /** Hears of everybody who is not let in, with the address of the connection. */
  readonly refused?: (code: ErrorCode, address: string) => void;
  /** After so long without an event a stream shows that it lives, and its key is looked at anew. Default 15 s. */
  readonly heartbeatMs?: number;
}

/** The same for streams, of which only so many are open. */
export interface StreamParts extends ApiParts {
  readonly streams: Streams;
}

/** What a request carries once it is known whose it is. */
export interface ApiEnv {
  Variables: { room: Room };
}
