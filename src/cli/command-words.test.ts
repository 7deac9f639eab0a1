import { array, assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { readDoer, splitWords } from './command-words.js';

test.each([
  ['claude -p', ['claude', '-p']],
  [`tool "two words" 'it''s' a\\ b`, ['tool', 'two words', 'its', 'a b']],
  ['echo $(id) | cat > x; *', ['echo', '$(id)', '|', 'cat', '>', 'x;', '*']],
  [`x ''`, ['x', '']],
])('%s', (text, words) => {
  expect(splitWords(text)).toEqual(words);
});

test('words that are quoted come back as they were', () => {
  assert(
    property(array(string()), (words) => {
      const quoted = words.map((one) => `'${one.replaceAll("'", `'\\''`)}'`);
      expect(splitWords(quoted.join(' '))).toEqual(words);
    }),
  );
});

test('an agent, a program, or nothing that could be run', () => {
  expect(readDoer('agent')).toEqual({ agent: true });
  expect(readDoer('claude -p')).toEqual({ argv: ['claude', '-p'] });
  expect(() => readDoer('  ')).toThrow('Name a program');
  expect(() => readDoer('"open')).toThrow('not closed');
});
