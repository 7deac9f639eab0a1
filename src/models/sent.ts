import { OpsroomError } from '#kit/errors.js';

type Fetch = typeof globalThis.fetch;

/** What Node and undici say of a connection that never came to be: nothing was sent over it. */
const NO_CONNECTION =
  /^(ENOTFOUND|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_(TLS|SSL)_.*|.*CERT.*|UNABLE_TO_.*)$/;
const CONNECTING: ReadonlySet<string | undefined> = new Set(['connect', 'getaddrinfo']);

/**
 * `fetch` that knows whether a question came through, so that it may be paid for although no answer came. What was cut off on its way
 * back is not asked once more unseen: the provider's library would, and both would be paid for.
 */
export function watched(fetch: Fetch): { readonly fetch: Fetch; readonly reached: () => boolean } {
  let reached = false;
  return {
    reached: () => reached,
    fetch: async (input, init) => {
      try {
        const reply = await fetch(input, init);
        reached ||= reply.ok;
        return reply;
      } catch (error) {
        if (!mayBeSent(error)) throw error;
        reached = true;
        const what = `The connection was cut before its answer was whole (${(error as Error).message}).`;
        // Ours is no network error to the library, which asks once more after one: it looks at the causes too, so none is given.
        // oxlint-disable-next-line preserve-caught-error
        throw new Error(what);
      }
    },
  };
}

function mayBeSent(error: unknown): boolean {
  if (error instanceof OpsroomError) return false;
  if (error instanceof AggregateError) return error.errors.some(mayBeSent);
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  return !CONNECTING.has(syscall) && !NO_CONNECTION.test(code);
}
