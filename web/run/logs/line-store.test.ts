import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogLine } from '../data.js';
import { LineStore, PAGE } from './line-store.js';

const line = (number: number): LogLine => ({ number, stream: 'out', text: `line ${number}`, dropped: 0, cut: 0 });
const lines = (from: number, count: number) => Array.from({ length: count }, (_, n) => line(from + n));

test('only the pages that a reader looks at are asked for', () => {
  const store = new LineStore();
  expect(store.missing(0, 0)).toEqual([1]);
  store.put([], 1_000_000, null);
  expect(store.rows).toBe(1_000_000);
  expect(store.missing(500_000, 500_030)).toEqual([500_001]);
  store.put(lines(500_001, PAGE), 1_000_000, null);
  expect(store.missing(500_000, 500_030)).toEqual([]);
  expect(store.line(500_007)?.text).toBe('line 500007');
});

test('a page that was filled in part by a stream is asked for again', () => {
  const store = new LineStore();
  store.put(lines(205, 3), 207, null);
  expect(store.missing(199, 206)).toEqual([1, 201]);
});

test('memory is bounded, and what was read last stays', () => {
  const store = new LineStore();
  for (let page = 0; page < 500; page++) store.put(lines(page * PAGE + 1, PAGE), 500 * PAGE, null);
  expect(store.line(1)).toBeUndefined();
  expect(store.line(500 * PAGE)).toBeDefined();
});

test('dropped lines take one row, and every other line has its own', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), fc.nat(50), (head, count, tail) => {
      const store = new LineStore();
      store.put([], head + count + tail, { from: head + 1, count });
      const rows = Array.from({ length: store.rows }, (_, index) => store.row(index));
      const numbers = rows.flatMap((row) => ('number' in row ? row.number : []));
      expect(numbers).toEqual([
        ...Array.from({ length: head }, (_, n) => n + 1),
        ...Array.from({ length: tail }, (_, n) => head + count + n + 1),
      ]);
      expect(rows.filter((row) => 'dropped' in row)).toEqual([{ dropped: count }]);
      for (const [index, row] of rows.entries()) if ('number' in row) expect(store.indexOf(row.number)).toBe(index);
      expect(store.indexOf(head + 1)).toBe(head);
    }),
  );
});

test('a log that is empty is asked for once', () => {
  const store = new LineStore();
  store.put([], 0, null);
  expect(store.missing(0, 0)).toEqual([]);
});
