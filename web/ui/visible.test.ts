import { expect, test } from 'vitest';
import { unturned, visible } from './visible.js';

test('what would turn, hide or overwrite a text is shown as its number', () => {
  expect(visible('rm \u202Egpj.exe\u200B')).toBe('rm ‹U+202E›gpj.exe‹U+200B›');
  expect(visible('a\u001B[2K\rb\n\tc')).toBe('a‹U+001B›[2K‹U+000D›b\n\tc');
  expect(visible('naïve 東京 ‹secret:X›')).toBe('naïve 東京 ‹secret:X›');
});

test.each([
  ['a variation selector', '\uFE0F', '‹U+FE0F›'],
  ['one of the others', '\u{E0100}', '‹U+E0100›'],
  ['a grapheme joiner', '\u034F', '‹U+034F›'],
  ['a Hangul filler', '\u3164', '‹U+3164›'],
  ['a Hangul initial filler', '\u115F', '‹U+115F›'],
  ['a tag', '\u{E0041}', '‹U+E0041›'],
  ['a soft hyphen', '\u00AD', '‹U+00AD›'],
  ['a blank in Braille', '\u2800', '‹U+2800›'],
  ['a line separator', '\u2028', '‹U+2028›'],
])('%s is seen', (_, character, shown) => {
  expect(visible(`deploy${character}`)).toBe(`deploy${shown}`);
});

test('of prose only what would turn its words is shown: signs and joined letters stay as they are', () => {
  expect(unturned('Delete \u202Eyadot\u202C \u26A0\uFE0F')).toBe('Delete ‹U+202E›yadot‹U+202C› \u26A0\uFE0F');
  expect(unturned('می\u200Cخواهم')).toBe('می\u200Cخواهم');
});

test('a text that looks like an escape is told apart from one', () => {
  expect(visible('‹U+202E›')).toBe('‹U+2039›U+202E›');
});
