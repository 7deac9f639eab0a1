import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { piecesOf } from './ansi.js';

const ESC = '\u001b';
const text = (line: string, wanted = '') =>
  piecesOf(line, wanted)
    .map((piece) => piece.text)
    .join('');
const hits = (line: string, wanted: string) =>
  piecesOf(line, wanted)
    .filter(({ hit }) => hit)
    .map((piece) => piece.text);

describe('a line of a log', () => {
  test('has its tool’s colours and weights', () => {
    const pieces = piecesOf(`${ESC}[1;31mERROR${ESC}[0m at ${ESC}[90m12${ESC}[m`);
    expect(pieces.map((piece) => [piece.text, piece.colour, piece.strong])).toEqual([
      ['ERROR', 'red', true],
      [' at ', undefined, false],
      ['12', 'dim', false],
    ]);
  });

  test.each([
    [`${ESC}]8;;https://evil.example${ESC}\\click${ESC}]8;;${ESC}\\`, 'click'],
    [`${ESC}]0;title\u0007after`, 'after'],
    [`${ESC}[2J${ESC}[1;1Hgone${ESC}[K`, 'gone'],
    [`${ESC}P1$r0m${ESC}\\x`, 'x'],
    ['10 %\r50 %\r100 %', '100 %'],
    ['100 %\r', '100 %'],
    ['a\u202Egpj.exe', 'a�gpj.exe'],
    ['nul\u0000bell\u0007', 'nul�bell�'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['tab\there', 'tab\there'],
  ])('%j is shown as %j', (line, expected) => {
    expect(text(line)).toBe(expected);
  });

  test('names a secret in place of its value', () => {
    expect(piecesOf('URL=‹secret:ORDERS_DB› ok').map((piece) => [piece.text, piece.secret])).toEqual([
      ['URL=', false],
      ['ORDERS_DB', true],
      [' ok', false],
    ]);
  });

  test('shows every place of what is searched for, in any case and across colours', () => {
    expect(hits('Lock the lock', 'lock')).toEqual(['Lock', 'lock']);
    expect(hits(`a l${ESC}[31moc${ESC}[0mk`, 'LOCK').join('')).toBe('lock');
    expect(hits('nothing', 'lock')).toEqual([]);
    expect(hits('aaaa', 'aa')).toEqual(['aa', 'aa']);
  });

  test('of any characters ends, loses no ordinary text, and obeys nothing', () => {
    const hostile = fc.array(
      fc.oneof(fc.string(), fc.constantFrom(ESC, '[31m', ']8;;', '\r', '\u0007', '[999999;1m')),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(hostile, fc.string({ maxLength: 3 }), (parts, wanted) => {
        const shown = text(parts.join(''), wanted);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be left
        expect(shown).not.toMatch(/[\u0000-\u0008\u000d\u001b\u202e]/);
        expect(shown).toBe(text(parts.join('')));
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[\w .,<>/"'&;-]*$/), (ordinary) => {
        expect(text(ordinary)).toBe(ordinary);
      }),
    );
  });
});
