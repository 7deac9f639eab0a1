import { describe, expect, test } from 'vitest';
import { ENOUGH, type FigureName, figure, share, TARGETS } from './figures.js';

describe('a figure', () => {
  test.each(Object.keys(TARGETS) as FigureName[])('%s has no value while there is not enough to tell', (name) => {
    expect(figure(name, 1, ENOUGH[name] - 1)).toMatchObject({ value: null, met: null, of: ENOUGH[name] - 1 });
    expect(figure(name, 1, ENOUGH[name])).toMatchObject({ value: 1, met: true });
  });

  test('a target is met beyond it, not at it', () => {
    expect(figure('runSuccess', 0.9, 100).met).toBe(false);
    expect(figure('runSuccess', 0.91, 100).met).toBe(true);
    expect(figure('runMedianMs', 120_000, 100).met).toBe(false);
    expect(figure('runMedianMs', 119_999, 100).met).toBe(true);
  });
});

test('a share of nothing is no number', () => {
  expect([share(0, 0), share(1, 4)]).toEqual([null, 0.25]);
});
