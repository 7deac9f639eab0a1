import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { niceTime, niceTop, percent, standing, targetText, valueText } from './words.js';

test.each([
  [1, '100 %'],
  [0.9999, '99.9 %'],
  [0.95, '95.0 %'],
  [0.9499, '94.9 %'],
  [0, '0.0 %'],
])('%d is %s: never rounded up to more than it is', (share, text) => {
  expect(percent(share)).toBe(text);
});

test('values and targets in words', () => {
  expect(valueText('runMedianMs', 83_000)).toBe('1:23');
  expect(targetText({ target: { over: 0.995 } })).toBe('target over 99.5 %');
  expect(targetText({ target: { over: 0.9 } })).toBe('target over 90 %');
  expect(targetText({ target: { under: 600_000 } })).toBe('target under 10 min');
});

test('a figure without enough to tell is neither met nor missed', () => {
  const figure = { name: 'runSuccess', value: null, of: 2, enough: 10, target: { over: 0.9 }, met: null } as const;
  expect(standing(figure).word).toBe('not enough yet');
  expect(standing({ ...figure, value: 0.95, met: true }).word).toBe('met');
  expect(standing({ ...figure, value: 0.5, met: false }).word).toBe('missed');
});

test.each([
  [0.3, 1],
  [307, 500],
  [61_000, 120_000],
  [600_001, 3_600_000],
  [7_200_001, 10_800_000],
])('an axis for %d ms ends at %d ms', (longest, top) => {
  expect(niceTime(longest)).toBe(top);
});

test('an axis ends at or above the largest value, and not far above', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), (largest) => {
      const top = niceTop(largest);
      expect(top).toBeGreaterThanOrEqual(largest * (1 - 1e-9));
      expect(top).toBeLessThanOrEqual(largest * 2.5 * (1 + 1e-9));
    }),
  );
});
