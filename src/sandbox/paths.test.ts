import { expect, test } from 'vitest';
import { isInside, isWithin } from './paths.js';

test.each([
  ['/a/b', '/a', true],
  ['/a', '/a', true],
  ['/a/..b', '/a', true],
  ['/ab', '/a', false],
  ['/a/../b', '/a', false],
  ['/', '/a', false],
  ['/a', '/', true],
])('%s within %s: %s', (path, folder, expected) => {
  expect(isWithin(path, folder)).toBe(expected);
});

test('a folder is not inside itself', () => {
  expect(isInside('/a/', '/a')).toBe(false);
  expect(isInside('/a/b', '/a')).toBe(true);
});
