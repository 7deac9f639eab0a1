import { expect, test } from 'vitest';
import { elsewhereWords, placeOf, scopeOf } from './secret-words.js';

test.each([
  [{ environment: null, app: null }, 'for every run'],
  [{ environment: 'staging', app: null }, 'for staging'],
  [{ environment: null, app: 'shop' }, 'for app shop'],
  [{ environment: 'staging', app: 'shop' }, 'for staging, app shop'],
])('%j counts %s', (scope, words) => {
  expect(placeOf(scope)).toBe(words);
});

test('what is set elsewhere says which wins, and nothing when there is none', () => {
  expect(elsewhereWords([])).toEqual([]);
  const both = elsewhereWords([
    { name: 'A', source: 'environment' },
    { name: 'B', source: 'file' },
    { name: 'C', source: 'environment' },
  ]);
  expect(both).toEqual([
    'The environment of the room also sets A, C, and wins.',
    'secrets.env also sets B; what is set here wins.',
  ]);
});

test('a scope that is left empty is everywhere', () => {
  expect(scopeOf(' ', '')).toEqual({});
  expect(scopeOf('staging ', 'shop')).toEqual({ environment: 'staging', app: 'shop' });
});
