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
/** The provider took the question and broke over it: nobody says whether it is paid for. */
const BROKEN = 500;
/** It was not taken: too many ask, or nobody is there for now. */
const NOT_NOW: ReadonlySet<number> = new Set([429, 503, 529]);

/** Where a provider says no time. */
const WAIT_MS = 1_000;
/** Who waits longer is told so, and asks again when it suits. */
const LONGEST_WAIT_MS = 20_000;

export interface Watched {
  readonly fetch: Fetch;
  /** Whether a question came through, so that it may be paid for although no answer came. */
  readonly reached: () => boolean;
  /** After how long the provider may be asked the same again; undefined: not by itself. */
  readonly againAfterMs: () => number | undefined;
}

/**
 * `fetch` that knows what became of a question. What was cut off on its way back, or given up on there, is not asked once more: both
 * would be paid for. Nothing is asked again unseen: the provider's library is told not to, and whoever asks keeps each try.
 */
export function watched(fetch: Fetch): Watched {
  let reached = false;
  let againAfterMs: number | undefined;
  return {
    reached: () => reached,
    againAfterMs: () => againAfterMs,
    fetch: async (input, init) => {
      let reply: Response;
      try {
        reply = await fetch(input, init);
      } catch (error) {
        if (!mayBeSent(error)) throw error;
        reached = true;
        throw new Error(`The connection was cut before its answer was whole (${(error as Error).message}).`, {
          cause: error,
        });
      }
      const { status } = reply;
      reached ||= reply.ok || status === BROKEN || GIVEN_UP.has(status);
      againAfterMs = status === BROKEN || NOT_NOW.has(status) ? waitOf(reply.headers) : undefined;
      if (!GIVEN_UP.has(status)) return reply;
      await reply.body?.cancel();
      throw new Error(`Its answer was not waited for on the way (HTTP ${status}).`);
    },
  };
}

/** As `Retry-After` has it: seconds, or a date. */
function waitOf(headers: Headers): number | undefined {
  const asked = headers.get('retry-after');
  const seconds = asked === null ? Number.NaN : Number(asked);
  const wait = asked === null ? WAIT_MS : Number.isNaN(seconds) ? Date.parse(asked) - Date.now() : seconds * 1000;
  if (Number.isNaN(wait)) return WAIT_MS;
  return wait > LONGEST_WAIT_MS ? undefined : Math.max(0, wait);
}

function mayBeSent(error: unknown): boolean {
  if (error instanceof OpsroomError) return false;
  if (error instanceof AggregateError) return error.errors.some(mayBeSent);
  const { code = '', syscall = '' } = error as NodeJS.ErrnoException;
  return ![NO_CONNECTION, NO_ADDRESS].some((known) => known.test(code)) && !CONNECTING.test(syscall);
}
