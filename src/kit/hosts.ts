import { isIP, isIPv6 } from 'node:net';

/** Where something is sent over a network. */
export interface Destination {
  /** A name or an address, an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What a pattern of hosts looks like, for messages. */
export const HOST_PATTERN_FORM =
  'a.example, *.a.example, 10.0.0.7 or [2001:db8::1], each with :PORT if only one port is meant';

const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`);

interface Pattern {
  readonly host: string;
  readonly isWild: boolean;
  readonly port: number | undefined;
}

/** @returns undefined for what is no pattern. A wildcard stands for whole labels in front of at least two others. */
function parsePattern(text: string): Pattern | undefined {
  const [, bracketed, bare = '', portText] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(text.toLowerCase()) ?? [];
  const port = portText === undefined ? undefined : Number(portText);
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  if (bracketed !== undefined)
    return isIPv6(bracketed) ? { host: plainHost(bracketed), isWild: false, port } : undefined;
  const isWild = bare.startsWith('*.');
  const host = isWild ? bare.slice(2) : bare;
  if (isIP(host) !== 0) return isWild ? undefined : { host, isWild, port };
  // `2130706433` and `0x7f.1` are read as numbers by resolvers.
  const isName = NAME.test(host) && !/(?:^|\.)(?:\d+|0x[0-9a-f]*)$/.test(host);
  return isName && (!isWild || host.includes('.')) ? { host, isWild, port } : undefined;
}

/** Whether a text is a pattern of hosts: `HOST`, `HOST:PORT`, `*.HOST`. */
export const isHostPattern = (text: string): boolean => parsePattern(text) !== undefined;

/** Whether one of the patterns names where something goes. A wildcard does not name the host itself that it stands before. */
export function isHostNamed(patterns: readonly string[], { host, port }: Destination): boolean {
  const asked = plainHost(host);
  return patterns.some((text) => {
    const pattern = parsePattern(text);
    if (pattern === undefined || (pattern.port !== undefined && pattern.port !== port)) return false;
    return pattern.isWild ? asked.endsWith(`.${pattern.host}`) : asked === pattern.host;
  });
}

/** One form for each host: lower case, IPv6 as short as it is. */
function plainHost(host: string): string {
  const text = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return isIPv6(text) && !text.includes('%') ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
}

/** As people write it: `a.example:5432`, `[::1]:443`. */
export const hostText = ({ host, port }: Destination): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;
