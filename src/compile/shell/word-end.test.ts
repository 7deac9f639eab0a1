import { expect, test } from 'vitest';
import { wordEnd } from './word-end.js';

test.each([
  ['plain', ' rest'],
  ['"a b"c', '; rest'],
  ["'a b)'", ' rest'],
  ['$(echo "a b" | tr a "$(x y)")', ' rest'],
  ['"$(echo "a b") c"', '\nrest'],
  ['`echo a b`', '&& rest'],
  ['(a "b c" d)', ' rest'],
  ['${A:-b c}', '|rest'],
  ['a\\ b', ' rest'],
  ['"a (b"', ' rest'],
  ['a', ')'],
])('%s', (word, rest) => {
  expect(wordEnd(`A=${word}${rest}`, 2, 100)).toBe(2 + word.length);
});

test.each(['"never closed', '$(echo "a)"', 'x'.repeat(101)])('unknown: %s', (word) => {
  expect(wordEnd(`A=${word}`, 2, 100)).toBeUndefined();
});
