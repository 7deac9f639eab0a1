import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldTime, type Span, ticks } from './fold.js';

const span = (fromMs: number, toMs: number): Span => ({ fromMs, toMs });
const MIN = 60_000;
const spans = fc
  .array(fc.tuple(fc.nat(100 * MIN), fc.nat(10 * MIN)), { maxLength: 12 })
  .map((drawn) => drawn.map(([from, length]) => span(from, from + length)));
const wholes = fc.tuple(fc.nat(50 * MIN), fc.nat(80 * MIN)).map(([from, length]) => span(from, from + length));

describe('an axis', () => {
  test('keeps the order of time, from end to end, and leads back', () => {
    fc.assert(
      fc.property(spans, wholes, fc.boolean(), fc.array(fc.nat(140 * MIN)), (busy, all, fold, moments) => {
        const axis = foldTime(busy, all, fold);
        const sorted = [...moments].sort((a, b) => a - b);
        const xs = sorted.map((ms) => axis.at(ms));
        for (const [n, x] of xs.entries()) {
          expect(x).toBeGreaterThanOrEqual(n === 0 ? 0 : (xs[n - 1] ?? 0));
          expect(x).toBeLessThanOrEqual(1);
          const ms = sorted[n] ?? 0;
          if (ms > all.fromMs && ms < all.toMs) expect(Math.abs(axis.time(x) - ms)).toBeLessThan(1);
        }
        expect([axis.at(all.fromMs), axis.at(Math.max(all.toMs, all.fromMs + 1))]).toEqual([0, 1]);
      }),
    );
  });

  test('consists of parts that meet, in time and on the page', () => {
    fc.assert(
      fc.property(spans, wholes, (busy, all) => {
        const { segments } = foldTime(busy, all, true);
        expect([segments[0]?.fromMs, segments[0]?.x0, segments.at(-1)?.x1]).toEqual([all.fromMs, 0, 1]);
        for (const [n, next] of segments.slice(1).entries()) {
          expect([next.fromMs, next.x0]).toEqual([segments[n]?.toMs, segments[n]?.x1]);
        }
      }),
    );
  });

  test('never folds a moment in which something ran', () => {
    fc.assert(
      fc.property(spans, wholes, (busy, all) => {
        const folded = foldTime(busy, all, true).segments.filter((segment) => segment.folded);
        for (const { fromMs, toMs } of folded)
          for (const one of busy) expect(one.fromMs >= toMs || one.toMs <= fromMs).toBe(true);
      }),
    );
  });

  test('gives what ran the same scale everywhere, and more of it than without folding', () => {
    fc.assert(
      fc.property(spans, wholes, (busy, all) => {
        const open = foldTime(busy, all, true).segments.filter(
          ({ folded, fromMs, toMs }) => !folded && toMs - fromMs > 100,
        );
        const scales = open.map(({ fromMs, toMs, x0, x1 }) => (x1 - x0) / (toMs - fromMs));
        const plain = 1 / Math.max(1, all.toMs - all.fromMs);
        for (const scale of scales) {
          expect(scale / (scales[0] ?? 1)).toBeCloseTo(1, 5);
          expect(scale).toBeGreaterThanOrEqual(plain * 0.59);
        }
      }),
    );
  });

  test('folds one long wait into a narrow band, and nothing when it is told not to', () => {
    const busy = [span(0, 2 * MIN), span(14 * MIN, 20 * MIN)];
    const all = span(0, 20 * MIN);
    const [before, wait, after] = foldTime(busy, all, true).segments;
    expect([before?.folded, wait?.folded, after?.folded]).toEqual([false, true, false]);
    expect((wait?.x1 ?? 0) - (wait?.x0 ?? 0)).toBeCloseTo(0.06);
    expect(foldTime(busy, all, false).segments).toEqual([{ ...all, folded: false, x0: 0, x1: 1 }]);
    expect(foldTime([span(0, MIN), span(MIN + 3000, 2 * MIN)], span(0, 2 * MIN), true).segments).toHaveLength(1);
  });
});

test('what is written on an axis is round, apart, in order and never in a fold', () => {
  fc.assert(
    fc.property(spans, wholes, fc.integer({ min: 2, max: 12 }), (busy, all, most) => {
      const axis = foldTime(busy, all, true);
      const found = ticks(axis, most);
      expect(found.length).toBeLessThanOrEqual(most * 2 + 1);
      for (const [n, { ms, x }] of found.entries()) {
        expect(ms % 1000).toBe(0);
        expect(axis.segments.some(({ folded, fromMs, toMs }) => folded && ms > fromMs && ms < toMs)).toBe(false);
        if (n > 0) expect(x - (found[n - 1]?.x ?? 0)).toBeGreaterThanOrEqual(0.8 / most);
      }
    }),
  );
});
