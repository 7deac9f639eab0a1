import { expect, test } from 'vitest';
import { capJson, capText } from './evidence.js';

test('a long text is cut and says so, never in the middle of a character', () => {
  expect(capText('abc', 3)).toBe('abc');
  expect(capText('abcd', 3)).toBe('abc… [truncated: 4 characters in all]');
  expect(capText('ab😀', 3)).toBe('ab… [truncated: 4 characters in all]');
});

test('a small value stays data, a large one becomes the beginning of its text', () => {
  expect(capJson({ a: [1] })).toEqual({ a: [1] });
  expect(capJson({ a: 'x'.repeat(100) }, 10)).toBe('{"a":"xxxx… [truncated: 108 characters in all]');
});
