import { isIP, isIPv4 } from 'node:net';
import { OpsroomError } from '#kit/errors.js';
import { embeddedIPv4, isHostName } from './addresses.js';

/** A URL whose host is written in one way only, so that what a person reads and approves is where the request goes. */
export interface SafeUrl {
  readonly url: URL;
  /** Lower case, an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** The text between `//` and the next `/`, `?` or `#`, before the URL parser normalises it. */
function rawAuthority(text: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/([^/?#\\]*)/i.exec(text)?.[1] ?? '';
}

function refuse(what: string): OpsroomError {
  return new OpsroomError('ADDRESS_REFUSED', {
    what: `The url is refused: ${what}`,
    mend: 'Write the url with its plain host name or address.',
  });
}

export interface UrlRules {
  /** Accepted schemes (`https:`) and the default port of each. */
  readonly schemes: Readonly<Record<string, number>>;
  /** Database URLs carry a user and a password; elsewhere `user@` only serves to mislead. */
  readonly userInfo?: boolean;
}

/**
 * Parses a URL and refuses forms that hide the host: user information, whitespace and control characters, backslashes, a
 * trailing dot, numeric hosts in other than dotted form (`2130706433`, `0x7f.1`) and IPv6 addresses with an IPv4 inside.
 * Throws ADDRESS_REFUSED; its message never repeats the URL, which may hold a secret.
 */
export function safeUrl(text: string, { schemes, userInfo = false }: UrlRules): SafeUrl {
  if (/[\s\u0000-\u001f\u007f\\]/.test(text)) throw refuse('it holds whitespace, a control character or a backslash');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const standard = url === undefined ? undefined : schemes[url.protocol];
  if (!url || standard === undefined)
    throw refuse(`it is not a valid url that starts with ${Object.keys(schemes).join('// or ')}//`);
  const authority = rawAuthority(text);
  if (!userInfo && authority.includes('@')) throw refuse('it holds a user name; use `auth` instead');
  const rawHost = authority.replace(/^.*@/, '').replace(/:\d*$/, '').toLowerCase();
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (rawHost === '' || rawHost.endsWith('.')) throw refuse('its host is empty or ends with a dot');
  // Schemes other than http(s) keep `2130706433` as a name, which the resolver would then read as a number.
  if (isIP(host) === 0 && !isHostName(host)) throw refuse('its host is neither a name nor an address in dotted form');
  if (isIPv4(host) && rawHost !== host) throw refuse('its address is not in dotted form');
  if (embeddedIPv4(host) !== undefined) throw refuse('its IPv6 address holds an IPv4 address');
  return { url, host, port: url.port === '' ? standard : Number(url.port) };
}
