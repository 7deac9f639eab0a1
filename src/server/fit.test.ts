import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitted, MOST_ANSWER } from './fit.js';

test('what fits is not touched', () => {
  const answer = { runs: [1, 2, 3], text: 'x'.repeat(1000) };
  expect(fitted(answer)).toBe(answer);
});

test('whatever the answer, it fits, and says that it was cut', () => {
  const wide = fc.array(fc.record({ a: fc.string({ minLength: 300, maxLength: 900 }), b: fc.array(fc.jsonValue()) }), {
    minLength: 150,
    maxLength: 400,
  });
  fc.assert(
    fc.property(wide, fc.dictionary(fc.string(), fc.jsonValue()), (runs, rest) => {
      const answer = fitted({ ...rest, runs, text: 'y'.repeat(120_000) });
      expect(JSON.stringify(answer).length).toBeLessThanOrEqual(MOST_ANSWER);
      expect(answer).toHaveProperty('note');
    }),
    { numRuns: 8 },
  );
  expect(
    JSON.stringify(fitted(Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`key ${i}`, i])))).length,
  ).toBeLessThan(MOST_ANSWER);
});

test('of a log the last lines are kept, of a list the first', () => {
  const lines = Array.from({ length: 2000 }, (_, i) => ({ number: i, text: 'z'.repeat(100) }));
  const shown = fitted({ lines, runs: lines }) as { lines: { number: number }[]; runs: { number: number }[] };
  expect(shown.lines.at(-1)?.number).toBe(1999);
  expect(shown.runs[0]?.number).toBe(0);
});

test.each([0, 1])('nothing is cut in the middle of an emoji, which strict readers of JSON refuse: %i', (shift) => {
  const shown = fitted({ text: `${'a'.repeat(shift)}${'😀'.repeat(60_000)}` }) as { text: string };
  expect(shown.text).toMatch(/😀.?…$/u);
  expect(shown.text).not.toMatch(/\p{Surrogate}/u);
});
