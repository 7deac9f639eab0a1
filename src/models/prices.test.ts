import { expect, test } from 'vitest';
import { costOf } from './prices.js';

test('the longest name that fits has the price', () => {
  expect(costOf('gpt-4o-mini-2024-07-18', 1_000_000, 1_000_000)).toBeCloseTo(0.75);
  expect(costOf('gpt-4o-2024-08-06', 1_000_000, 0)).toBe(2.5);
  expect(costOf('claude-sonnet-4-5', 1000, 1000)).toBeCloseTo(0.018);
});

test('what is not known is not guessed', () => {
  expect(costOf('llama3', 1000, 1000)).toBeNull();
  expect(costOf('gpt-4ominous', 1000, 1000)).toBeNull();
  expect(costOf('gpt-5', null, 10)).toBeNull();
});
