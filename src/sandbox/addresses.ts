import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import { OpsroomError } from '#kit/errors.js';

/** What an IP address is for; everything but `public` is refused unless the target allows it. */
export type AddressClass =
  | 'public'
  | 'private'
  | 'loopback'
  | 'link-local'
  | 'cgnat'
  | 'multicast'
  | 'unspecified'
  | 'metadata'
  | 'reserved';

type Ranges = readonly (readonly [AddressClass, readonly string[]])[];

/** IANA IPv4 Special-Purpose Address Registry (RFC 6890); 168.63.129.16 is Azure's host agent on a public address. */
const IPV4: Ranges = [
  ['unspecified', ['0.0.0.0/8']],
  ['private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']],
  ['cgnat', ['100.64.0.0/10']],
  ['loopback', ['127.0.0.0/8']],
  ['link-local', ['169.254.0.0/16']],
  ['metadata', ['168.63.129.16/32']],
  ['multicast', ['224.0.0.0/4']],
  [
    'reserved',
    [
      '192.0.0.0/24',
      '192.0.2.0/24',
      '192.88.99.0/24',
      '198.18.0.0/15',
      '198.51.100.0/24',
      '203.0.113.0/24',
      '240.0.0.0/4',
    ],
  ],
];

/** IANA IPv6 Special-Purpose Address Registry, inside 2000::/3 and outside it. */
const IPV6: Ranges = [
  ['unspecified', ['::/128']],
  ['loopback', ['::1/128']],
  ['private', ['fc00::/7', 'fec0::/10', '64:ff9b:1::/48']],
  ['link-local', ['fe80::/10']],
  ['multicast', ['ff00::/8']],
  ['reserved', ['2001::/23', '2001:db8::/32', '3fff::/20']],
];

const lists = (ranges: Ranges) => ranges.map(([kind, subnets]) => [kind, blockList(subnets)] as const);
const IPV4_LISTS = lists(IPV4);
const IPV6_LISTS = lists(IPV6);
const GLOBAL_UNICAST = blockList(['2000::/3']);

/** A BlockList answers for IPv4-mapped addresses as well; addresses with an IPv4 inside never reach these lists. */
function blockList(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const slash = subnet.lastIndexOf('/');
    const net = subnet.slice(0, slash);
    list.addSubnet(net, Number(subnet.slice(slash + 1)), isIPv6(net) ? 'ipv6' : 'ipv4');
  }
  return list;
}

const hexGroup = (high: string, low: string) => (Number(high) * 256 + Number(low)).toString(16);
const parseGroups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
const dotted = (high = 0, low = 0) => [high >> 8, high & 255, low >> 8, low & 255].join('.');

/** The eight 16-bit groups of a valid IPv6 address (RFC 4291 §2.2), a dotted tail included. */
function ipv6Groups(address: string): number[] {
  const plain = address
    .replace(/%.*$/, '')
    .replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => `${hexGroup(a, b)}:${hexGroup(c, d)}`);
  const [head = '', tail = ''] = plain.split('::');
  const left = parseGroups(head);
  const right = parseGroups(tail);
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
}

/**
 * The IPv4 address that packets to this IPv6 address end at: IPv4-mapped (RFC 4291), the well-known NAT64 prefix
 * (RFC 6052) and 6to4 (RFC 3056). Without this, `::ffff:127.0.0.1` would be a way around every IPv4 rule.
 */
export function embeddedIPv4(address: string): string | undefined {
  if (!isIPv6(address)) return undefined;
  const g = ipv6Groups(address);
  const zeros = (from: number, to: number) => g.slice(from, to).every((group) => group === 0);
  if (zeros(0, 5) && g[5] === 0xffff) return dotted(g[6], g[7]);
  if (g[0] === 0x64 && g[1] === 0xff9b && zeros(2, 6)) return dotted(g[6], g[7]);
  if (g[0] === 0x2002) return dotted(g[1], g[2]);
  return undefined;
}

/** Classifies an IP address in text form; what is not an IP address at all is `reserved`, and so refused. */
export function classifyAddress(address: string): AddressClass {
  const plain = address.replace(/%.*$/, '');
  if (isIPv4(plain)) return IPV4_LISTS.find(([, list]) => list.check(plain, 'ipv4'))?.[0] ?? 'public';
  if (!isIPv6(plain)) return 'reserved';
  const inner = embeddedIPv4(plain);
  if (inner !== undefined) return classifyAddress(inner);
  const listed = IPV6_LISTS.find(([, list]) => list.check(plain, 'ipv6'))?.[0];
  return listed ?? (GLOBAL_UNICAST.check(plain, 'ipv6') ? 'public' : 'reserved');
}

interface AllowEntry {
  readonly host?: string;
  readonly subnet?: BlockList;
  readonly port?: number;
}

/** A DNS name in lower case that no resolver reads as a number: its last label is not decimal or 0x… (WHATWG URL, "ends in a number"). */
export function isHostName(host: string): boolean {
  return HOST_NAME.test(host) && !/(^|\.)(\d+|0x[0-9a-f]*)$/.test(host);
}

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})?(\.[a-z0-9_]([a-z0-9_-]{0,62})?)*$/;

/** `IP`, `IP/BITS`, `HOST`, and each but the second with `:PORT` (an IPv6 address then in brackets). */
function parseAllowEntry(entry: string): AllowEntry {
  const wrong = () =>
    new OpsroomError('PLAN_INVALID', {
      what: `"${entry}" is not an address that can be allowed`,
      where: 'target.allowAddresses',
      mend: 'Write an IP address, a range (10.0.0.0/8), a host name, or HOST:PORT.',
    });
  const text = entry.trim().toLowerCase();
  const range = /^([0-9a-f.:]+)\/(\d{1,3})$/.exec(text);
  if (range) {
    const [, net = '', bits = ''] = range;
    if (isIP(net) === 0 || Number(bits) > (isIPv6(net) ? 128 : 32)) throw wrong();
    return { subnet: blockList([text]) };
  }
  const [, bracketed, bare, portText] =
    /^(?:\[([^\]]+)\]|([^:]+|[0-9a-f:.]+?))(?::(\d{1,5}))?$/.exec(isIPv6(text) ? `[${text}]` : text) ?? [];
  const host = bracketed ?? bare;
  if (host === undefined || (portText !== undefined && Number(portText) > 65_535)) throw wrong();
  const port = portText === undefined ? {} : { port: Number(portText) };
  if (isIP(host) !== 0) return { subnet: blockList([`${host}/${isIPv6(host) ? 128 : 32}`]), ...port };
  // `127.1` and `2130706433` would be taken for names here and for addresses by the resolver.
  if (bracketed !== undefined || !isHostName(host)) throw wrong();
  return { host, ...port };
}

/** Where a connection is about to go: the name that was asked for, one address it resolved to, and the port. */
export interface Destination {
  readonly host: string;
  readonly address: string;
  readonly port: number;
}

const BY_NAME: ReadonlySet<AddressClass> = new Set(['private', 'loopback', 'cgnat', 'reserved']);

function entryAllows(entry: AllowEntry, to: Destination, kind: AddressClass): boolean {
  if (entry.port !== undefined && entry.port !== to.port) return false;
  if (entry.subnet) return entry.subnet.check(to.address, isIPv6(to.address) ? 'ipv6' : 'ipv4');
  if (entry.host === 'localhost') return kind === 'loopback';
  // A name says nothing of where it will point tomorrow, so it never opens metadata services (169.254.169.254).
  return entry.host === to.host.toLowerCase() && BY_NAME.has(kind);
}

/**
 * Whether a connection may be made. Public addresses always may; others need an entry of `target.allowAddresses`:
 * an exact IP, a CIDR range, a host name or `localhost` (loopback addresses only), each with an optional port.
 * Throws PLAN_INVALID for an entry that cannot be understood.
 */
export function isAllowed(to: Destination, allowAddresses: readonly string[]): boolean {
  const kind = classifyAddress(to.address);
  const entries = allowAddresses.map(parseAllowEntry);
  return kind === 'public' || entries.some((entry) => entryAllows(entry, to, kind));
}

/** ADDRESS_REFUSED, with the host and the class but without the rest of the URL, which may hold a secret. */
export function addressRefused(host: string, port: number, why: string): OpsroomError {
  return new OpsroomError('ADDRESS_REFUSED', {
    what: `The address of ${host}:${port} is refused: ${why}`,
    mend: `If it is meant, allow it in the plan: target: { allowAddresses: ["${host}:${port}"] }.`,
  });
}
