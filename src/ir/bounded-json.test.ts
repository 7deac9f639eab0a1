import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { depthOf, MAX_DEPTH, parseBoundedJson } from './bounded-json.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const depth = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0;

const nested = (levels: number) => bytes('['.repeat(levels) + ']'.repeat(levels));

test('the depth of a text is that of its value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(depthOf(JSON.stringify(value))).toBe(depth(value));
    }),
  );
});

test.each([
  ['{"a":"[[[\\"[[["}', 1],
  ['"\\\\"', 0],
  ['["\\\\",[]]', 2],
])('%s is %d deep', (text, expected) => {
  expect(depthOf(text)).toBe(expected);
});

test('what is as deep as allowed is read, what is deeper is not', () => {
  expect(depth(parseBoundedJson(nested(MAX_DEPTH)))).toBe(MAX_DEPTH);
  expect(() => parseBoundedJson(nested(MAX_DEPTH + 1))).toThrow(/nested/);
});

test.each([
  ['bytes that are no UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
  ['NUL', bytes('"\\u0000"')],
  ['a lone surrogate in a name', bytes('{"\\ud800":1}')],
  ['a number that is infinite once it is read', bytes('{"n":[-1e999]}')],
  ['what is not JSON', bytes('{"secret-in-body"')],
])('%s is refused, and not repeated', (_name, body) => {
  expect(() => parseBoundedJson(body)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  expect(() => parseBoundedJson(body)).not.toThrow(/secret-in-body/);
});
