/** Headers that belong to the connection or decide where the request goes; they are not the plan's to set. */
const RESERVED: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Whether a plan may set a header of this name: a token (RFC 9110 §5.6.2) that is not reserved. */
export function isHeaderName(name: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && !RESERVED.has(name.toLowerCase());
}
