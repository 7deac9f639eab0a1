import { expect, test } from 'vitest';
import { costOf, OWN_PRICE, priceOf } from './prices.js';

const makerOf = (model: string) => (model.startsWith('claude') ? 'anthropic' : 'openai');
const cost = (model: string, input: number | null, output: number | null) =>
  costOf(priceOf({ provider: makerOf(model), model, price: undefined }), input, output);

test('a dated name has the price of its model', () => {
  expect(cost('gpt-4o-mini-2024-07-18', 1_000_000, 1_000_000)).toBeCloseTo(0.75);
  expect(cost('gpt-4o-2024-08-06', 1_000_000, 0)).toBe(2.5);
  expect(cost('claude-sonnet-4-5', 1000, 1000)).toBeCloseTo(0.018);
  expect(cost('claude-opus-4-1-20250805', 1_000_000, 0)).toBe(15);
  expect(cost('claude-3-5-haiku-latest', 0, 1_000_000)).toBe(4);
});

test('a dated name that is on the list itself has its own price', () => {
  expect(cost('gpt-4o-2024-05-13', 1_000_000, 1_000_000)).toBe(20);
});

test.each([
  ['compatible', 'gpt-5-mini'],
  ['compatible', 'claude-opus-4-5'],
  ['scripted', 'gpt-5-mini'],
  ['anthropic', 'gpt-5-mini'],
  ['openai', 'claude-opus-4-5'],
] as const)('a list is of its maker alone: %s:%s', (provider, model) => {
  expect(priceOf({ provider, model, price: undefined })).toBeUndefined();
});

test('a name that only begins as another does is not taken for it', () => {
  expect(cost('gpt-5-pro', 1_000_000, 0)).toBe(15);
  expect(cost('claude-opus-4-5-20251101', 1_000_000, 0)).toBe(5);
  expect(cost('gpt-5-pro-max', 1000, 1000)).toBeNull();
  expect(cost('claude-opus-4-9', 1000, 1000)).toBeNull();
});

test('what is not known is not guessed', () => {
  expect(cost('llama3', 1000, 1000)).toBeNull();
  expect(cost('gpt-4ominous', 1000, 1000)).toBeNull();
  expect(cost('constructor', 1000, 1000)).toBeNull();
  expect(cost('gpt-5', null, 10)).toBeNull();
});

test('a price says as of when it is; one’s own wins', () => {
  const gpt = { provider: 'openai', model: 'gpt-5' } as const;
  expect(priceOf({ ...gpt, price: undefined })?.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  expect(priceOf({ ...gpt, price: [1, 2] })).toEqual({ price: [1, 2], asOf: OWN_PRICE });
  const own = { provider: 'compatible', model: 'llama3', price: [1, 2] } as const;
  expect(costOf(priceOf(own), 500_000, 500_000)).toBe(1.5);
});
