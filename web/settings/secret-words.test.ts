import { expect, test } from 'vitest';
import { elsewhereWords, hostsIn, hostsText, placeOf, scopeOf } from './secret-words.js';

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
    { name: 'A', source: 'environment', hosts: [] },
    { name: 'B', source: 'file', hosts: ['a.example'] },
    { name: 'C', source: 'environment', hosts: [] },
  ]);
  expect(both).toEqual([
    'The environment of the room also sets A, C, and wins.',
    'secrets.env also sets B (for a.example); what is set here wins.',
  ]);
});

test('a scope that is left empty is everywhere', () => {
  expect(scopeOf(' ', '')).toEqual({});
  expect(scopeOf('staging ', 'shop')).toEqual({ environment: 'staging', app: 'shop' });
});

test('hosts are parted by commas or spaces, and none is anywhere', () => {
  expect(hostsIn(' a.example:5432,\n*.b.example ,')).toEqual(['a.example:5432', '*.b.example']);
  expect([hostsText([]), hostsText(['a.example', 'b.example'])]).toEqual(['anywhere', 'a.example, b.example']);
});
