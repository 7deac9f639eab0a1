import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { axisOf, noteSide, placeOf, ticksOf, WINDOWS, windowOf } from './axis.js';

test('past and future lie on one axis, now at the same place whatever the window', () => {
  for (const window of WINDOWS) {
    const axis = axisOf(window, 1_000_000_000);
    expect(placeOf(axis, axis.now)).toBeCloseTo(81.967, 2);
    expect([placeOf(axis, axis.from - 5), placeOf(axis, axis.to + 5)]).toEqual([0, 100]);
  }
  expect([windowOf('6h'), windowOf('7h'), windowOf(undefined)]).toEqual(['6h', '1h', '1h']);
});

test('ticks are few, at round times of the reader, and never under the label of now', () => {
  const zones = fc.constantFrom(0, 60, -300, 330, 345);
  fc.assert(
    fc.property(fc.constantFrom(...WINDOWS), fc.nat(2_000_000_000_000), zones, (window, now, offset) => {
      const axis = axisOf(window, now);
      const ticks = ticksOf(axis, offset);
      expect(ticks.length).toBeGreaterThan(3);
      expect(ticks.length).toBeLessThanOrEqual(11);
      for (const tick of ticks) {
        expect(Math.abs((tick + offset * 60_000) % 60_000)).toBe(0);
        expect(Math.abs(placeOf(axis, tick) - placeOf(axis, now))).toBeGreaterThan(9);
      }
    }),
  );
  const noon = Date.UTC(2026, 10, 21, 12, 3);
  const shown = ticksOf(axisOf('1h', noon), 60).map((at) => new Date(at + 3_600_000).toISOString().slice(11, 16));
  expect(shown).toEqual(['12:10', '12:20', '12:30', '12:40', '12:50', '13:10']);
});

test('a note stands behind its bar, and before it where it would be cut there and has more room', () => {
  expect(noteSide(10, 12, 'The command exited with code 1'.length)).toBe('behind');
  expect(noteSide(78, 82, 'confirm look'.length)).toBe('before');
  expect(noteSide(78, 82, 'paused'.length)).toBe('behind');
  expect(noteSide(5, 82, 'confirm look'.length)).toBe('behind');
});
