import { isIPv6 } from 'node:net';

/**
 * By what an address is counted. Whoever has IPv6 has 2^64 addresses and more: their network counts as one. An IPv4 address in
 * the form of IPv6 counts as itself. Pure.
 *
 * @param address of a connection; empty where there is none
 */
export function addressKey(address: string): string {
  const [bare = ''] = address.split('%'); // the name of an interface, of a link-local one
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  return isIPv6(bare) ? `${network(bare)}::/64` : bare;
}

/** The first four of eight groups, without leading zeros. */
function network(address: string): string {
  const [head = '', tail] = address.split('::');
  const groupsOf = (text: string) => (text === '' ? [] : text.split(':'));
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')];
  const dotted = after.at(-1)?.includes('.') ? 1 : 0; // an IPv4 address at the end stands for two groups
  const missing = tail === undefined ? 0 : 8 - before.length - after.length - dotted;
  const groups = [...before, ...Array<string>(missing).fill('0'), ...after];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
