import { OpsroomError } from '#kit/errors.js';

type Fetch = typeof globalThis.fetch;

/** What Node and undici say of a connection that never came to be: nothing was sent over it. */
const NO_CONNECTION =
  /^(ENOTFOUND|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_(TLS|SSL)_.*|.*CERT.*|UNABLE_TO_.*)$/;
/** What the resolvers of Node say (`getaddrinfo`, c-ares): there is no address yet to send anything to. */
const NO_ADDRESS = /^(EAI_.*|ENODATA|ESERVFAIL|EREFUSED|ETIMEOUT|ENONAME|EBADRESP|EFORMERR|ENOTIMP)$/;
/** Of `connect`, of `getaddrinfo`, and of a resolver: `queryAaaa`. */
const CONNECTING = /^(connect|getaddrinfo|query[A-Z].*)$/;

/** Somebody in between gave up waiting for an answer to what they had passed on. */
const GIVEN_UP: ReadonlySet<number> = new Set([408, 502, 504]);

/**
 * `fetch` that knows whether a question came through, so that it may be paid for although no answer came. What was cut off on its way
 * back, or given up on there, is not asked once more unseen: the provider's library would, and both would be paid for.
 */
export function watched(fetch: Fetch): { readonly fetch: Fetch; readonly reached: () => boolean } {
  let reached = false;
  return {
    reached: () => reached,
    fetch: async (input, init) => {
      let reply: Response;
      try {
        reply = await fetch(input, init);
      } catch (error) {
        if (!mayBeSent(error)) throw error;
        reached = true;
        const what = `The connection was cut before its answer was whole (${(error as Error).message}).`;
        // Ours is no network error to the library, which asks once more after one: it looks at the causes too, so none is given.
        // oxlint-disable-next-line preserve-caught-error
        throw new Error(what);
      }
      const isGivenUp = GIVEN_UP.has(reply.status);
      reached ||= reply.ok || isGivenUp;
      if (!isGivenUp) return reply;
      await reply.body?.cancel();
      // The library would ask once more after such a status too.
      throw new Error(`Its answer was not waited for on the way (HTTP ${reply.status}).`);
    },
  };
}

function mayBeSent(error: unknown): boolean {
  if (error instanceof OpsroomError) return false;
  if (error instanceof AggregateError) return error.errors.some(mayBeSent);
  const { code = '', syscall = '' } = error as NodeJS.ErrnoException;
  return ![NO_CONNECTION, NO_ADDRESS].some((known) => known.test(code)) && !CONNECTING.test(syscall);
}
