import { expect, test } from 'vitest';
import {
  credentialHash,
  credentialHint,
  credentialKind,
  foreignService,
  makeCredential,
  sameHash,
} from './credential.js';
import { EXPIRY, expiresAt } from './expiry.js';

test('a credential tells its kind, shows a few characters, and is its own hash only', () => {
  for (const kind of ['key', 'local'] as const) {
    const value = makeCredential(kind);
    expect(credentialKind(value)).toBe(kind);
    expect(value.startsWith(credentialHint(value))).toBe(true);
    expect(credentialHint(value)).toHaveLength(11);
    expect(foreignService(value)).toBeUndefined();
    expect(sameHash(credentialHash(value), credentialHash(value))).toBe(true);
    expect(sameHash(credentialHash(value), credentialHash(makeCredential(kind)))).toBe(false);
  }
  expect(makeCredential('key')).not.toBe(makeCredential('key'));
});

test.each(['', 'opsr_', `opsr_${'A'.repeat(42)}`, `opsx_${'A'.repeat(43)}`, ` opsr_${'A'.repeat(43)}`])(
  '"%s" has not the form of a key',
  (value) => {
    expect(() => credentialKind(value)).toThrow(expect.objectContaining({ code: 'KEY_REFUSED' }));
  },
);

const NOW = new Date('2026-11-21T00:00:00Z');
test.each([
  ['90d', '2027-02-19T00:00:00.000Z'],
  ['12h', '2026-11-21T12:00:00.000Z'],
  ['never', undefined],
])('%s from now is %s', (text, expected) => {
  expect(EXPIRY.test(text)).toBe(true);
  expect(expiresAt(text, NOW)?.toISOString()).toBe(expected);
});

test.each(['', '0d', '90', '90m', '-1d', '99999d', '90d '])('"%s" is no time to expire', (text) => {
  expect(EXPIRY.test(text)).toBe(false);
});
