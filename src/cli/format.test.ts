import { expect, test } from 'vitest';
import { duration, linesOf, logLine, oneLine, size, table, time } from './format.js';

test.each([
  [-3, '0 ms'],
  [999, '999 ms'],
  [1000, '1.0 s'],
  [9949, '9.9 s'],
  [9950, '10 s'],
  [59_600, '1 min 00 s'],
  [185_000, '3 min 05 s'],
  [7_800_000, '2 h 10 min'],
  [273_600_000, '3 d 4 h'],
])('%d ms reads as %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [4300, '4.2 KiB'],
  [16 * 1024 * 1024, '16 MiB'],
])('%d bytes read as %s', (bytes, text) => {
  expect(size(bytes)).toBe(text);
});

test('a time names its zone and stays the same moment', () => {
  const text = time('2026-11-21T03:06:09.123Z');
  expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d$/);
  expect(new Date(text).getTime()).toBe(Date.parse('2026-11-21T03:06:09Z'));
});

test('text of strangers cannot move the cursor', () => {
  expect(oneLine('a\u001B[2Jb\r\nc\u009B1m')).toBe('a [2Jb c 1m');
});

test('text that has lines keeps them and what they begin with', () => {
  expect(linesOf("cat > f <<'EOF'\r\n\tone  \n  two\u001B[2J\nEOF")).toEqual([
    "cat > f <<'EOF'",
    '\tone',
    '  two [2J',
    'EOF',
  ]);
});

test('a log keeps its colours and loses what else a terminal obeys', () => {
  expect(logLine('\u001B[31mred\u001B[0m\ttab\u001B[2J\u001B]0;title\u0007end\r')).toBe(
    '\u001B[31mred\u001B[0m\ttabend',
  );
});

test('columns line up, whatever is coloured', () => {
  expect(
    table([
      ['a', '\u001B[1mbb\u001B[22m', 'c'],
      ['aaa', 'b'],
    ]),
  ).toBe('a    \u001B[1mbb\u001B[22m  c\naaa  b');
});
