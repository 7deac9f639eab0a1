import { isOwnOrigin } from './browser.js';

/** What our pages send with each request, and a page of another origin cannot without being asked first. */
export const OWN_HEADER = 'x-opsroom';

/**
 * Why a request whose only credential is a cookie is refused; undefined when it comes from a page of the room. What changes
 * something has to show that it does: by its header, and by what its browser says of where it comes from. Pure.
 *
 * @param publicUrl the origin of a proxy in front
 */
export function crossSite(
  { method, headers }: { readonly method: string; readonly headers: Pick<Headers, 'get'> },
  publicUrl: string | undefined,
): string | undefined {
  const site = headers.get('sec-fetch-site');
  const reads = method === 'GET' || method === 'HEAD';
  // "none": somebody typed the address. Other ports of one host are the same site, but not the same origin.
  if (site !== null && site !== 'same-origin' && !(reads && site === 'none')) {
    return 'It was sent by a page of another origin.';
  }
  if (reads) return undefined;
  if (!isOwnOrigin(headers, publicUrl)) return 'It was sent by a page of another origin.';
  if (site === null && headers.get('origin') === null) return 'It does not say from which page it was sent.';
  if (headers.get(OWN_HEADER) !== '1')
    return `It has not the header \`${OWN_HEADER}: 1\`, which pages of the room send.`;
  return undefined;
}
