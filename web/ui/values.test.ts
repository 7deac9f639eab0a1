import { expect, test } from 'vitest';
import { folded, piecesOf, rowsOf, textOf } from './values.js';

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
  expect(piecesOf('Bearer ‹secret:CDN_TOKEN›, ‹known when it runs: steps.a.outputs.id›!', true)).toEqual([
    { kind: 'text', text: 'Bearer ' },
    { kind: 'secret', text: 'CDN_TOKEN' },
    { kind: 'text', text: ', ' },
    { kind: 'later', text: 'steps.a.outputs.id' },
    { kind: 'text', text: '!' },
  ]);
  expect([piecesOf('', true), piecesOf('', false)]).toEqual([[], []]);
  expect(piecesOf('‹secret:CDN_TOKEN›', false)).toEqual([{ kind: 'text', text: '‹secret:CDN_TOKEN›' }]);
});

test('a long text is folded, and says how much is folded away', () => {
  expect(folded('short')).toEqual({ head: 'short', rest: '' });
  expect(folded(Array.from({ length: 30 }, (_, line) => `line ${line}`).join('\n')).rest).toBe('20 more lines');
  expect(folded('x\n'.repeat(10) + 'y').rest).toBe('1 more line');
  expect(folded('x'.repeat(481)).rest).toBe('1 more character');
  const long = folded('x'.repeat(1000));
  expect([long.head.length, long.rest]).toEqual([480, '520 more characters']);
});
