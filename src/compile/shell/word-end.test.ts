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
  ['"never closed', ''],
])('%s', (word, rest) => {
  expect(wordEnd(`A=${word}${rest}`, 2)).toBe(2 + word.length);
});
