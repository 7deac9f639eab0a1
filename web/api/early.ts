/** A request that `public/early.js` has made before the program was there. */
interface Early {
  readonly sentMs: number;
  readonly answer: Promise<Response>;
}

declare global {
  var opsroomEarly: Map<string, Early> | undefined;
}

/** What was asked for early under the address of a request, once: whoever asks again wants to know how it is now. */
export function takeEarly({ method, url }: Pick<Request, 'method' | 'url'>): Early | undefined {
  const { pathname, search } = new URL(url);
  const early = method === 'GET' ? globalThis.opsroomEarly?.get(pathname + search) : undefined;
  if (early) globalThis.opsroomEarly?.delete(pathname + search);
  return early;
}
