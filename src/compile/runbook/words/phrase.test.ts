import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { phrase } from './phrase.js';

const PATTERNS = [
  /^\P{L}*(?:in the event|falls|когда)(?!\p{L})[^\p{L}\p{N}]*$/iu,
  /(?<![\p{L}\p{N}])(on|für|в) (?:the )?([\p{L}\p{N} .+_-]{1,9}?) (?:node|knoten)\W*$/iu,
  /[\s\p{P}\d]*run\b[^.\]]{0,20}[\p{P}]+$/iu,
  /(?<!\p{L})k\p{L}*s(?!\p{L})|\p{P}{2}|\P{P}\p{N}|\s+(?=\p{Lu}|⚠)/iu,
  /^[^\p{L}[\]]*run\P{L}*$/u,
];
const WORD = fc.constantFrom(
  'in the event',
  'on',
  'the',
  'node',
  'Run',
  'run',
  'Ks',
  'falls',
  'für',
  'когда',
  'ſ',
  'ß',
);
const MARK = fc.constantFrom(
  ' ',
  ' ',
  '.',
  ':',
  '-',
  '—',
  '’',
  '“',
  '→',
  '✅',
  '⚠️',
  '②',
  '·',
  '🚀',
  '[',
  ']',
  '_',
  '7',
  '\n',
  'K',
);
const TEXT = fc
  .array(fc.oneof(WORD, MARK, fc.string({ maxLength: 3 })), { maxLength: 12 })
  .map((parts) => parts.join(''));

test.each(PATTERNS)('%s is found where the whole pattern finds it, whatever the text', (pattern) => {
  const found = phrase(pattern);
  fc.assert(
    fc.property(TEXT, (text) => {
      expect(found.test(text)).toBe(pattern.test(text));
      expect(found.exec(text)).toEqual(pattern.exec(text));
      expect(found.without(text)).toBe(text.replace(pattern, ''));
    }),
    { numRuns: 2_000 },
  );
});

test.each([/^\p{Ll}+\P{Lu}/u, /^[\P{L}]+$/u, /^\u{41}\p{Script=Latin}$/u])(
  '%s, which is not made anew, is asked as it is',
  (pattern) => {
    for (const text of ['ab', 'aB', 'AB', '12', 'A1']) expect(phrase(pattern).test(text)).toBe(pattern.test(text));
  },
);
