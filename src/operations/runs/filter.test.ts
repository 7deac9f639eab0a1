import { describe, expect, test } from 'vitest';
import { filterSchema, resolveFilter, withinMs } from './filter.js';

const now = new Date('2026-11-21T06:00:00Z');
const resolve = (filter: object) =>
  resolveFilter(filterSchema.parse(filter), { names: ['user:ada@here', 'person:ada@ops.example'], now });

describe('resolveFilter', () => {
  test('a span becomes the time at which it begins', () => {
    expect(resolve({ within: '24h' }).from).toEqual(new Date('2026-11-20T06:00:00Z'));
  });

  test('of a span and a time the later begins', () => {
    expect(resolve({ within: '1h', from: '2026-11-20T00:00:00Z' }).from).toEqual(new Date('2026-11-21T05:00:00Z'));
    expect(resolve({ within: '7d', from: '2026-11-20T00:00:00Z' }).from).toEqual(new Date('2026-11-20T00:00:00Z'));
  });

  test('`me` becomes whoever asks by each of their names, beside others', () => {
    expect(resolve({ requestedBy: ['me', 'key:ci'] }).requestedBy).toEqual([
      'user:ada@here',
      'person:ada@ops.example',
      'key:ci',
    ]);
  });

  test('a time in which nothing can lie is refused', () => {
    expect(() => resolve({ from: '2026-11-20T00:00:00Z', to: '2026-11-20T00:00:00Z' })).toThrow(/not before/);
  });
});

test.each([
  ['30m', 1_800_000],
  ['24h', 86_400_000],
  ['7d', 604_800_000],
])('%s is %d ms', (text, ms) => {
  expect(withinMs(text)).toBe(ms);
});

test.each(['', '0d', '7w', '-1h', '1h1h', '1000d'])('%j is no span', (text) => {
  expect(() => withinMs(text)).toThrow(/no span/);
});
