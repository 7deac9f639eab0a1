import { randomUUID } from 'node:crypto';
import type { JsonValue } from '#ir/json.js';

/** What tells the requests of one client from those of another with the same key, in versions that begin with a handshake. */
export const SESSION_HEADER = 'mcp-session-id';
const LABEL = /^[\x21-\x7e]{1,100}$/;

/**
 * Which requests are being answered, for those versions in which a client takes one back by another request. A session is a label
 * and nothing more: nothing is kept under it, and whoever makes one up reaches requests of their own key alone.
 */
export class Running {
  private readonly requests = new Map<string, AbortController>();

  /**
   * Counts a message in. A message that takes back another one has it end.
   *
   * @param who asks, as the room knows them
   * @param session what the client says of its session; null: nothing
   * @returns what aborts when the request is taken back, and what to call once it is answered
   */
  begin(who: string, session: string | null, message: JsonValue): { signal: AbortSignal; end: () => void } {
    const taken = new AbortController();
    const end = () => undefined;
    if (session === null || !LABEL.test(session) || typeof message !== 'object' || message === null)
      return { signal: taken.signal, end };
    const { id, method, params } = message as Readonly<Record<string, JsonValue>>;
    const key = (request: JsonValue | undefined) => JSON.stringify([who, session, request ?? null]);
    if (method === 'notifications/cancelled' && id === undefined) {
      const { requestId } = (params ?? {}) as Readonly<Record<string, JsonValue>>;
      this.requests.get(key(requestId))?.abort();
    }
    if (id === undefined) return { signal: taken.signal, end };
    const mine = key(id);
    this.requests.set(mine, taken);
    return {
      signal: taken.signal,
      end: () => {
        if (this.requests.get(mine) === taken) this.requests.delete(mine);
      },
    };
  }

  /** How many are being answered. */
  get size(): number {
    return this.requests.size;
  }
}

/** A label for a client that begins with a handshake and is given one with the answer; undefined for any other message. */
export function newSession(message: JsonValue): string | undefined {
  const begins = typeof message === 'object' && message !== null && 'method' in message;
  return begins && message['method'] === 'initialize' ? randomUUID() : undefined;
}
