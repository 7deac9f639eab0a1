import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactNumber, jsonSafe } from './json-safe.js';

test('numbers keep every digit, as text where a number would lose some', () => {
  expect(exactNumber('9007199254740991')).toBe(9007199254740991);
  expect(exactNumber('9007199254740993')).toBe('9007199254740993');
  expect(exactNumber('1.50')).toBe('1.50');
  expect(exactNumber('NaN')).toBe('NaN');
  fc.assert(fc.property(fc.bigInt(), (n) => JSON.stringify(jsonSafe(n)).replaceAll('"', '') === n.toString()));
});

test('whatever a driver returns survives JSON unchanged', () => {
  fc.assert(
    fc.property(
      fc.anything({ withDate: true, withBigInt: true, withTypedArray: true, withSparseArray: true }),
      (value) => {
        const safe = jsonSafe(value);
        expect(JSON.stringify(JSON.parse(JSON.stringify(safe)))).toBe(JSON.stringify(safe));
      },
    ),
  );
});

test('dates, bytes, infinities', () => {
  expect(jsonSafe([new Date(0), new Date(Number.NaN), Buffer.from('ab'), Number.POSITIVE_INFINITY, undefined])).toEqual(
    ['1970-01-01T00:00:00.000Z', null, 'YWI=', 'Infinity', null],
  );
});
