import { expect, test } from 'vitest';
import { folded, piecesOf, rowsOf, textOf, visible } from './values.js';

test('what would turn or hide a text is shown as its number', () => {
  expect(visible('rm \u202Egpj.exe\u200B')).toBe('rm ‹U+202E›gpj.exe‹U+200B›');
  expect(visible('a\u001B[2K\rb\n\tc')).toBe('a‹U+001B›[2K‹U+000D›b\n\tc');
  expect(visible('naïve 東京 ‹secret:X›')).toBe('naïve 東京 ‹secret:X›');
});

test('arguments are rows by path; a list is one value', () => {
  expect(rowsOf({ method: 'POST', headers: { auth: 'x' }, body: { tags: ['a', 'b'], none: {} }, n: null })).toEqual([
    { path: 'method', text: 'POST' },
    { path: 'headers.auth', text: 'x' },
    { path: 'body.tags', text: '["a","b"]' },
    { path: 'body.none', text: '{}' },
    { path: 'n', text: 'null' },
  ]);
  expect(rowsOf({})).toEqual([]);
  expect(rowsOf({ a: { b: { c: { d: { e: 1 } } } } })).toEqual([{ path: 'a.b.c.d', text: '{"e":1}' }]);
  expect(textOf(undefined)).toBe('nothing');
});

test('marks of the room are told apart from the text around them', () => {
  expect(piecesOf('Bearer ‹secret:CDN_TOKEN›, ‹known when it runs: steps.a.outputs.id›!')).toEqual([
    { kind: 'text', text: 'Bearer ' },
    { kind: 'secret', text: 'CDN_TOKEN' },
    { kind: 'text', text: ', ' },
    { kind: 'later', text: 'steps.a.outputs.id' },
    { kind: 'text', text: '!' },
  ]);
  expect(piecesOf('')).toEqual([]);
});

test('a long text is folded, and says how much is folded away', () => {
  expect(folded('short')).toEqual({ head: 'short', rest: '' });
  expect(folded(Array.from({ length: 30 }, (_, line) => `line ${line}`).join('\n')).rest).toBe('20 more lines');
  const long = folded('x'.repeat(1000));
  expect([long.head.length, long.rest]).toEqual([480, '520 more characters']);
});
