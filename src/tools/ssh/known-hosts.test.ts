import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keyRefusal, wantedTypes } from './host-key.js';
import { fingerprintOf, keyType, knownKeys } from './known-hosts.js';

const blob = (type: string, rest: string) => {
  const name = Buffer.from(type);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  return Buffer.concat([length, name, Buffer.from(rest)]);
};
const ours = blob('ssh-ed25519', 'ours');
const theirs = blob('ssh-ed25519', 'theirs');
const line = (hosts: string, key = ours) => `${hosts} ssh-ed25519 ${key.toString('base64')} a comment`;
const finds = (file: string, host = 'shop.example', port = 22) => knownKeys(file, host, port).length === 1;

describe('known_hosts', () => {
  test.each([
    ['a name', line('shop.example'), true],
    ['a name in other letters', line('Shop.Example'), true],
    ['another name', line('shop.example.org'), false],
    ['one of several', line('a.example,shop.example'), true],
    ['a wildcard', line('*.example'), true],
    ['a wildcard that is denied', line('*.example,!shop.example'), false],
    ['one letter', line('sh?p.example'), true],
    ['a comment', `# ${line('shop.example')}`, false],
    ['half a line', 'shop.example ssh-ed25519', false],
    ['a certificate authority', `@cert-authority ${line('*')}`, false],
    ['another port', line('[shop.example]:2222'), false],
  ])('%s', (_, file, found) => {
    expect(finds(file)).toBe(found);
  });

  test('a port, a hashed name, a pattern that would take a backtracking engine for ever', () => {
    expect(finds(line('[shop.example]:2222'), 'shop.example', 2222)).toBe(true);
    const salt = Buffer.from('0123456789abcdefghij');
    const hash = createHmac('sha1', salt).update('shop.example').digest('base64');
    expect(finds(line(`|1|${salt.toString('base64')}|${hash}`))).toBe(true);
    expect(finds(line(`|1|${salt.toString('base64')}|${hash}`), 'other.example')).toBe(false);
    expect(finds(line(`${'*a'.repeat(60)}b`), 'a'.repeat(200))).toBe(false);
  });
});

describe('the key of a host', () => {
  const pins = {
    host: 'shop.example',
    port: 22,
    fingerprints: [] as string[],
    known: knownKeys(line('shop.example'), 'shop.example', 22),
  };

  test('is accepted when it is pinned, either way', () => {
    expect(keyRefusal(ours, pins)).toBeUndefined();
    expect(keyRefusal(theirs, { ...pins, fingerprints: [fingerprintOf(theirs)] })).toBeUndefined();
  });

  test('is refused, saying which it is and what to do', () => {
    const unknown = keyRefusal(ours, { ...pins, known: [] });
    expect(unknown).toMatchObject({ code: 'HOST_KEY_REFUSED', mend: expect.stringContaining(fingerprintOf(ours)) });
    const changed = keyRefusal(theirs, pins);
    expect(changed?.message).toContain('another key');
    // Whoever sits in between would be glad of a mend that says to take over the new key.
    expect(changed?.mend).not.toContain('SHA256');
    const revoked = knownKeys(`@revoked ${line('*')}\n${line('shop.example')}`, 'shop.example', 22);
    expect(keyRefusal(ours, { ...pins, known: revoked })?.message).toContain('revoked');
  });

  test('a known RSA key is asked for by the names of its signatures', () => {
    expect(keyType(ours)).toBe('ssh-ed25519');
    expect(wantedTypes([{ type: 'ssh-rsa', key: ours, revoked: false }])).toEqual(['rsa-sha2-512', 'rsa-sha2-256']);
    expect(wantedTypes([{ type: 'ssh-dss', key: ours, revoked: false }])).toBeUndefined();
  });
});
