import type { Sending } from '#ir/calls.js';
import { OpsroomError } from '#kit/errors.js';
import type { Destination } from '#kit/hosts.js';
import { sqlTarget } from './sql/target.js';
import { safeUrl } from './urls.js';

/** Where a request to a url goes. @throws OpsroomError ADDRESS_REFUSED */
export function urlDestination(text: string): Destination {
  const { host, port } = safeUrl(text, { schemes: { 'http:': 80, 'https:': 443 } });
  return { host, port };
}

/** Calls that send to the url in a member of their arguments. */
export const sendsToUrl = (member: string, usual?: string): Sending => ({
  from: [member],
  to: ({ [member]: url = usual }) => (typeof url === 'string' ? [urlDestination(url)] : []),
});

/** Calls of the database whose address is in `url`. */
export const sendsToDatabase: Sending = {
  from: ['url'],
  to: ({ url }) => {
    if (typeof url !== 'string') return [];
    const { host, port } = sqlTarget(url);
    return [{ host, port }];
  },
};

/** Calls that send to `host`, at `port`. */
export const sendsToHost = (usualPort: number): Sending => ({
  from: ['host', 'port'],
  to: ({ host, port = usualPort }) => (typeof host === 'string' && typeof port === 'number' ? [{ host, port }] : []),
});

/** Programs, which send where they will: what the plan says of it, as `HOST:PORT` in `sendsTo`. */
export const sendsAsSaid: Sending = {
  from: ['sendsTo'],
  to: ({ sendsTo = [] }) => [sendsTo].flat().map((place) => said(typeof place === 'string' ? place : '')),
};

/** `HOST:PORT`; an IPv6 address stands in brackets. */
export const PLACE = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/@[\]]+)):(\d{1,5})$/;

function said(place: string): Destination {
  const [, address, name, port] = PLACE.exec(place) ?? [];
  const host = address ?? name;
  if (host !== undefined && port !== undefined) return { host, port: Number(port) };
  throw new OpsroomError('ARGUMENT_INVALID', { what: `sendsTo: "${place.slice(0, 100)}" is not HOST:PORT` });
}
