import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostText, isHostNamed, isHostPattern } from './hosts.js';

test.each([
  ['a.example', 'a.example', 443, true],
  ['a.example', 'A.Example', 5432, true],
  ['a.example:5432', 'a.example', 5432, true],
  ['a.example:5432', 'a.example', 443, false],
  ['a.example', 'b.a.example', 443, false],
  ['a.example', 'a.example.evil.example', 443, false],
  ['a.example', 'xa.example', 443, false],
  ['*.a.example', 'b.a.example', 443, true],
  ['*.a.example', 'c.b.a.example', 443, true],
  ['*.a.example', 'a.example', 443, false],
  ['*.a.example', 'evila.example', 443, false],
  ['127.0.0.1:8080', '127.0.0.1', 8080, true],
  ['127.0.0.1', '2130706433', 80, false],
  ['127.0.0.1', 'localhost', 80, false],
  ['[::1]', '::1', 80, true],
  ['[0:0:0:0:0:0:0:1]:80', '::1', 80, true],
  ['[::1]:80', '::2', 80, false],
])('%s names %s:%i: %s', (pattern, host, port, named) => {
  expect(isHostPattern(pattern)).toBe(true);
  expect(isHostNamed([pattern], { host, port })).toBe(named);
});

test.each([
  '',
  '*',
  '*.com',
  '*.10.0.0.1',
  'a..b',
  'https://a.example',
  'a.example/',
  'a.example:0',
  'a.example:70000',
  'u@a.example',
  'a*.example',
  '2130706433',
  '0x7f.1',
  '::1',
  '[a.example]',
  'a b',
])('is no pattern of hosts: %j', (text) => {
  expect(isHostPattern(text)).toBe(false);
  expect(isHostNamed([text], { host: text, port: 443 })).toBe(false);
});

test('no text but the host itself is named by a pattern of one host, whatever is put before or behind', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (before, behind) => {
      const host = `${before}a.example${behind}`;
      expect(isHostNamed(['a.example'], { host, port: 1 })).toBe(host.toLowerCase() === 'a.example');
    }),
  );
});

test('a destination reads as people write it', () => {
  expect([hostText({ host: 'a.example', port: 1 }), hostText({ host: '::1', port: 443 })]).toEqual([
    'a.example:1',
    '[::1]:443',
  ]);
});
