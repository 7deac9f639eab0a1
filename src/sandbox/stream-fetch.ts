import type { Agent, RequestInit as UndiciInit } from 'undici';
import { guardedAgent } from './fetch.js';
import { safeUrl } from './urls.js';

export interface StreamFetch {
  /** As the platform's, but through the address guard; redirects are handed back unless `init.redirect` is `error`. */
  fetch(url: string | URL, init?: RequestInit): Promise<Response>;
  /** Ends every connection. */
  close(): Promise<void>;
}

/**
 * A fetch whose answers are streamed, for protocols that keep an answer open. Each connection is resolved, checked and pinned.
 *
 * @param counted is told of every piece of a body, after decompression; what it throws ends the answer
 */
export function streamFetch(allowAddresses: readonly string[], counted: (bytes: number) => void): StreamFetch {
  let agent: Promise<Agent> | undefined;
  const dispatcher = () => (agent ??= guardedAgent(allowAddresses));
  return {
    fetch: async (given, init) => {
      const { url } = safeUrl(String(given), { schemes: { 'http:': 80, 'https:': 443 } });
      const redirect = init?.redirect === 'error' ? 'error' : 'manual';
      const undici = await import('undici');
      // The two declare the same interface apart.
      const asked = { ...init, redirect, dispatcher: await dispatcher() } as unknown as UndiciInit;
      return counting(await undici.fetch(url, asked), counted);
    },
    close: async () => (await dispatcher()).destroy(),
  };
}

function counting(reply: Response, counted: (bytes: number) => void): Response {
  if (reply.body === null) return reply;
  const meter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      counted(chunk.byteLength);
      controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = reply;
  return new Response(reply.body.pipeThrough(meter), { status, statusText, headers });
}
