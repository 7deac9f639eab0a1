import { expect, test } from 'vitest';
import { POINTER, resolvePointer } from './pointer.js';

const value = { a: [{ 'b/c': 1 }, { '~': 2 }], '': 3 };

test.each([
  ['', value],
  ['/a/0/b~1c', 1],
  ['/a/1/~0', 2],
  ['/', 3],
  ['/a/2', undefined],
  ['/a/01', undefined],
  ['/a/length', undefined],
  ['/toString', undefined],
  ['/a/0/b~1c/x', undefined],
])('%s', (pointer, found) => {
  expect(POINTER.test(pointer)).toBe(true);
  expect(resolvePointer(value, pointer)).toEqual(found);
});

test('what is no pointer', () => {
  for (const text of ['a', '/~2', '/~']) expect(POINTER.test(text)).toBe(false);
});
