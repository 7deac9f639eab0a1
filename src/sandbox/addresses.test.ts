import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyAddress, embeddedIPv4, isAllowed, isHostName } from './addresses.js';

const hex = (high: number, low: number) => (high * 256 + low).toString(16);

describe('classifyAddress', () => {
  test.each([
    ['8.8.8.8', 'public'],
    ['172.32.0.1', 'public'],
    ['100.128.0.1', 'public'],
    ['2606:4700::1111', 'public'],
    ['64:ff9b::808:808', 'public'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['::', 'unspecified'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['fd12:3456::1', 'private'],
    ['fec0::1', 'private'],
    ['64:ff9b:1::1', 'private'],
    ['100.64.0.1', 'cgnat'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['2002:7f00:1::', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['::ffff:169.254.169.254', 'link-local'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['fd00:ec2::254', 'private'],
    ['168.63.129.16', 'metadata'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['198.18.0.1', 'reserved'],
    ['2001::1', 'reserved'],
    ['2001:db8::1', 'reserved'],
    ['::127.0.0.1', 'reserved'],
    ['4000::1', 'reserved'],
    ['example.com', 'reserved'],
    ['', 'reserved'],
  ])('%s is %s', (address, kind) => {
    expect(classifyAddress(address)).toBe(kind);
  });

  test('an IPv4 address has the same class in every IPv6 form that carries it', () => {
    fc.assert(
      fc.property(fc.ipV4(), (v4) => {
        const [a = 0, b = 0, c = 0, d = 0] = v4.split('.').map(Number);
        const forms = [
          `::ffff:${v4}`,
          `::ffff:${hex(a, b)}:${hex(c, d)}`,
          `64:ff9b::${v4}`,
          `2002:${hex(a, b)}:${hex(c, d)}::1`,
        ];
        for (const form of forms) {
          expect(embeddedIPv4(form)).toBe(v4);
          expect(classifyAddress(form)).toBe(classifyAddress(v4));
        }
      }),
    );
  });

  test('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.oneof(fc.ipV6(), fc.string()), (text) => typeof classifyAddress(text) === 'string'));
  });
});

describe('isAllowed', () => {
  const loopback = { host: 'localhost', address: '127.0.0.1', port: 8080 };
  test.each([
    ['127.0.0.1', true],
    ['127.0.0.1:8080', true],
    ['127.0.0.1:8081', false],
    ['127.0.0.0/8', true],
    ['10.0.0.0/8', false],
    ['localhost', true],
    ['LOCALHOST:8080', true],
    ['localhost:8081', false],
    ['otherhost', false],
    ['::1', false],
  ])('%s allows 127.0.0.1:8080: %s', (entry, allowed) => {
    expect(isAllowed(loopback, [entry])).toBe(allowed);
  });

  test('nothing private is allowed without an entry, everything public is', () => {
    expect(isAllowed(loopback, [])).toBe(false);
    expect(isAllowed({ host: 'example.com', address: '93.184.215.14', port: 443 }, [])).toBe(true);
  });

  test('IPv6 entries, with and without a port', () => {
    const to = { host: '::1', address: '::1', port: 5432 };
    expect(isAllowed(to, ['[::1]:5432'])).toBe(true);
    expect(isAllowed(to, ['[::1]:5433'])).toBe(false);
    expect(isAllowed(to, ['::1'])).toBe(true);
    expect(isAllowed({ host: 'db', address: 'fd00::7', port: 5432 }, ['fd00::/8'])).toBe(true);
  });

  test('a name opens private addresses, but never a metadata service', () => {
    expect(isAllowed({ host: 'db.internal', address: '10.0.0.7', port: 5432 }, ['db.internal'])).toBe(true);
    expect(isAllowed({ host: 'db.internal', address: '169.254.169.254', port: 80 }, ['db.internal'])).toBe(false);
    expect(isAllowed({ host: 'localhost', address: '10.0.0.7', port: 80 }, ['localhost'])).toBe(false);
    expect(isAllowed({ host: '169.254.169.254', address: '169.254.169.254', port: 80 }, ['169.254.169.254'])).toBe(
      true,
    );
  });

  test.each([
    '',
    '*',
    '127.1',
    '2130706433',
    '0x7f.1',
    '10.0.0.0/33',
    '::1/129',
    'host:99999',
    'http://host',
    'a b',
    '[localhost]',
  ])('the entry "%s" is refused', (entry) => {
    expect(() => isAllowed(loopback, [entry])).toThrow(expect.objectContaining({ code: 'PLAN_INVALID' }));
  });
});

test('a host name is not something that a resolver reads as a number', () => {
  for (const name of ['localhost', 'db.internal', '1password.com', '_dmarc.example.com', 'xn--bcher-kva.example'])
    expect(isHostName(name)).toBe(true);
  for (const name of ['1.2.3', '0x7f', 'a.0x7f', 'a.1', 'a..b', '.a', 'a.', 'a_b%2f'])
    expect(isHostName(name)).toBe(false);
});
