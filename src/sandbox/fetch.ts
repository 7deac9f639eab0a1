import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Agent } from 'undici';
import { OpsroomError } from '#kit/errors.js';
import type { Destination } from '#kit/hosts.js';
import { abortReason } from './deadline.js';
import { type Pinned, pinHost, pinnedLookup, type Resolve } from './pinned.js';
import { type Hop, nextHop } from './redirect.js';
import { safeUrl } from './urls.js';

export interface FetchRequest extends Hop {
  readonly allowAddresses: readonly string[];
  readonly signal: AbortSignal;
  /** Redirects followed; the one after that is an error. 0 hands the redirect itself back. */
  readonly maxRedirects: number;
  /** Bytes of body kept, counted after decompression. */
  readonly maxBytes: number;
  /** Asked before each hop, when what is sent must not go everywhere. */
  readonly mayReach?: ((to: Destination) => Promise<void>) | undefined;
  readonly resolve?: Resolve;
}

export interface FetchReply {
  readonly status: number;
  /** Lower-case names; repeated headers joined by ", ". Without set-cookie, which is a credential. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly truncated: boolean;
  /** Where the reply came from, after redirects. */
  readonly url: string;
}

/**
 * One HTTP exchange, redirects included. Each hop's host is resolved once, checked, and connected to at the checked
 * address. Throws ADDRESS_REFUSED for a refused hop, STEP_FAILED for too many redirects, ARGUMENT_INVALID for headers that
 * HTTP cannot carry, what `abortReason` says on abort, and the socket's own error when the other side cannot be reached.
 */
export async function guardedFetch(asked: FetchRequest): Promise<FetchReply> {
  const agent = await guardedAgent(asked.allowAddresses, asked.resolve);
  try {
    let hop: Hop = asked;
    for (let followed = 0; ; followed += 1) {
      const reply = await exchange(hop, asked, agent);
      const next = asked.maxRedirects === 0 ? undefined : nextHop(hop, reply.status, reply.headers['location']);
      if (!next) return reply;
      if (followed >= asked.maxRedirects) {
        throw new OpsroomError('STEP_FAILED', {
          what: `The server redirected more than ${asked.maxRedirects} times`,
          mend: 'Raise maxRedirects, or name the final url.',
        });
      }
      hop = next;
    }
  } finally {
    await agent.destroy();
  }
}

/**
 * An undici agent whose every connection is resolved, checked and pinned. It has no time limits of its own: the caller's signal has.
 * Undici is loaded with the first of them: most commands fetch nothing, and would wait for it.
 */
export async function guardedAgent(allowAddresses: readonly string[], resolve?: Resolve): Promise<Agent> {
  const { Agent, buildConnector } = await import('undici');
  return new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options, done) => {
      const host = options.hostname.replace(/^\[(.*)\]$/, '$1');
      const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80);
      const dial = (pinned: Pinned) =>
        buildConnector({ lookup: pinnedLookup(pinned), autoSelectFamily: true })(options, done);
      const fail = (error: Error) => done(error, null);
      pinHost(host, port, { allowAddresses, ...(resolve ? { resolve } : {}) }).then(dial, fail);
    },
  });
}

async function exchange(hop: Hop, asked: FetchRequest, dispatcher: Agent): Promise<FetchReply> {
  const { url, host, port } = safeUrl(hop.url, { schemes: { 'http:': 80, 'https:': 443 } });
  await asked.mayReach?.({ host, port });
  const { request } = await import('undici');
  const { signal, maxBytes } = asked;
  // The signal alone limits time: undici's own limits would cut off a server that is slow but within `timeoutMs`.
  const limits = { signal, headersTimeout: 0, bodyTimeout: 0 };
  const headers = { 'accept-encoding': 'gzip, deflate, br', ...hop.headers };
  const reply = await request(url, {
    dispatcher,
    method: hop.method,
    headers,
    body: hop.body ?? null,
    ...limits,
  }).catch((error: unknown) => {
    throw signal.aborted ? abortReason(signal) : invalidArgument(error);
  });
  const kept = joinHeaders(reply.headers);
  try {
    const read = await readBody(decoded(reply.body, kept['content-encoding']), maxBytes);
    return { status: reply.statusCode, headers: kept, ...read, url: url.href };
  } catch (error) {
    throw signal.aborted ? abortReason(signal) : error;
  }
}

function invalidArgument(error: unknown): unknown {
  const invalid = error instanceof Error && 'code' in error && error.code === 'UND_ERR_INVALID_ARG';
  return invalid
    ? new OpsroomError('ARGUMENT_INVALID', { what: `The request cannot be sent: ${error.message}` })
    : error;
}

function joinHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const entries = Object.entries(headers).filter(([name, value]) => name !== 'set-cookie' && value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  );
}

const DECODERS: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Decodes one coding; a stack of codings, or an unknown one, is handed over as it came. */
function decoded(body: Readable, coding: string | undefined): Readable {
  const decoder = coding === undefined ? undefined : DECODERS[coding.trim().toLowerCase()]?.();
  if (!decoder) return body;
  body.once('error', (error) => decoder.destroy(error));
  return body.pipe(decoder);
}

/** Reads at most `maxBytes`, then stops reading, so that neither an endless body nor a decompression bomb fills memory. */
async function readBody(stream: Readable, maxBytes: number): Promise<{ body: Buffer; truncated: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxBytes) break;
  }
  return { body: Buffer.concat(chunks).subarray(0, maxBytes), truncated: size > maxBytes };
}
