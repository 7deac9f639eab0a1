import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonValue } from '#ir/json.js';
import { mismatch } from './subset.js';

test.each<[JsonValue, JsonValue]>([
  [{ a: 1 }, { a: 1, b: 2 }],
  [{ a: { b: [2] } }, { a: { b: [1, 2, 3] } }],
  [[{ id: 2 }], [{ id: 1 }, { id: 2, x: 1 }]],
  [{}, { a: 1 }],
  [[], [1]],
  [null, null],
])('%j is in %j', (expected, actual) => {
  expect(mismatch(expected, actual)).toBeUndefined();
});

test.each<[JsonValue, JsonValue | undefined, string]>([
  [{ a: { b: 1 } }, { a: { b: 2 } }, '$.a.b is 2, expected 1'],
  [{ a: 1 }, {}, '$.a is missing'],
  [{ a: null }, {}, '$.a is missing'],
  [1, '1', '$ is "1", expected 1'],
  [{}, [], '$ is [], expected an object'],
  [[], {}, '$ is {}, expected a list'],
  [[1, 1], [1], '$ has no element that fits expected[1], 1'],
  [[2, 1], [1, 2], '$ has no element that fits expected[1], 1'],
  [{ toString: 1 }, {}, '$.toString is missing'],
  [0, undefined, '$ is missing'],
])('%j is not in %j', (expected, actual, why) => {
  expect(mismatch(expected, actual)).toBe(why);
});

test('every value contains itself', () => {
  const json = fc.jsonValue() as fc.Arbitrary<JsonValue>;
  fc.assert(fc.property(json, (value) => mismatch(value, value) === undefined));
});
