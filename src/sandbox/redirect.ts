import { OpsroomError } from '#kit/errors.js';

/** One request of a chain of redirects. */
export interface Hop {
  readonly method: string;
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const CREDENTIAL_NAME = /authorization|cookie|key|token|secret|signature|password|session/;

/** Idempotency-Key names the run, not a right; the far side needs it to tell a repetition. */
const carriesCredential = (name: string) => name !== 'idempotency-key' && CREDENTIAL_NAME.test(name);

/**
 * The request that a reply redirects to, or undefined when it is no redirect (WHATWG Fetch, "HTTP-redirect fetch"): POST
 * becomes GET on 301 and 302, everything but GET and HEAD on 303. Fetch drops Authorization when the origin changes;
 * here every header that looks like a credential goes, for the new origin was not chosen by the plan's author.
 * Throws ADDRESS_REFUSED when a redirect leads from https to http.
 */
export function nextHop(hop: Hop, status: number, location: string | undefined): Hop | undefined {
  if (!REDIRECTS.has(status) || location === undefined || location === '') return undefined;
  const from = new URL(hop.url);
  const to = resolveLocation(location, from);
  const toGet = status === 303 ? hop.method !== 'GET' && hop.method !== 'HEAD' : status <= 302 && hop.method === 'POST';
  const sameOrigin = new URL(to).origin === from.origin;
  const headers = Object.entries(hop.headers).filter(
    ([name]) => (sameOrigin || !carriesCredential(name)) && !(toGet && name.startsWith('content-')),
  );
  const body = toGet || hop.body === undefined ? {} : { body: hop.body };
  return { method: toGet ? 'GET' : hop.method, url: to, headers: Object.fromEntries(headers), ...body };
}

/** An absolute location is kept as it was written, so that the forms which the URL parser would normalise away are still refused. */
function resolveLocation(location: string, from: URL): string {
  const relative = !/^[a-z][a-z0-9+.-]*:/i.test(location);
  const written = location.startsWith('//') ? `${from.protocol}${location}` : location;
  if (!URL.canParse(written, from.href))
    throw new OpsroomError('ADDRESS_REFUSED', { what: 'The server redirects to something that is not a url' });
  const to = new URL(written, from.href);
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw new OpsroomError('ADDRESS_REFUSED', {
      what: `The server redirects from https to http (${to.host})`,
      mend: 'Name the final url, if it is meant.',
    });
  }
  return relative && !location.startsWith('//') ? to.href : written;
}
