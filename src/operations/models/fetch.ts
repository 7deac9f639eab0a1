import { type FetchRequest, guardedFetch } from '#sandbox/fetch.js';

const MOST_BYTES = 8 * 1024 * 1024;

/** No redirect is followed, for a key goes with each request. */
const HOW = { maxRedirects: 0, maxBytes: MOST_BYTES } as const;

/**
 * `fetch` for a model's provider: it reaches public addresses, and the one that the settings name.
 * @param baseUrl a server of one's own, on this machine or in its network
 */
export function providerFetch(baseUrl: string | undefined): typeof globalThis.fetch {
  const allowAddresses = baseUrl === undefined ? [] : [hostAndPort(baseUrl)];
  return async (input, init) => {
    const request = new Request(input, init);
    const body = request.body === null ? {} : { body: Buffer.from(await request.arrayBuffer()) };
    const asked = {
      url: request.url,
      method: request.method,
      headers: Object.fromEntries(request.headers),
      ...body,
      ...HOW,
      allowAddresses,
      signal: request.signal,
    } as FetchRequest;
    const { status, headers, body: answer } = await guardedFetch(asked);
    const { 'content-encoding': _encoding, 'content-length': _length, ...kept } = headers;
    return new Response(status === 204 || status === 304 ? null : new Uint8Array(answer), { status, headers: kept });
  };
}

function hostAndPort(address: string): string {
  const { hostname, port, protocol } = new URL(address);
  return `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`;
}
