import { expect, test } from 'vitest';
import { settledBy } from './settled-words.js';

const ada = { by: 'user:ada@mill-2', reason: 'Somebody uses it.' };

test('who answered a step that asks is told with the answer and the reason', () => {
  expect(settledBy({ status: 'done', person: ada, asks: true }, [], [])).toEqual({
    what: 'ada said yes',
    reason: 'Somebody uses it.',
  });
  expect(settledBy({ status: 'skipped', person: ada, asks: true }, [], [])?.what).toMatch(/^ada said no/);
  expect(settledBy({ status: 'skipped', person: ada, asks: false }, [], [])?.what).toBe(
    'ada said that it is not needed',
  );
});

test('what was left out by a no names who said it; what was skipped otherwise names nobody', () => {
  const asked = { id: 'ask', status: 'skipped' as const, person: ada };
  const left = { status: 'skipped' as const, person: null, asks: false };
  expect(settledBy(left, ['ask'], [asked])).toEqual({
    what: 'Left out: ada said no at ask',
    reason: 'Somebody uses it.',
  });
  expect(settledBy(left, [], [asked])).toBeUndefined();
  expect(settledBy({ ...left, status: 'done' }, ['ask'], [asked])).toBeUndefined();
});
