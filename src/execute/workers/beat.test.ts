import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Watch } from './beat.js';

const LEASE = 1500;

describe('Watch', () => {
  test('a worker that stands still for a lease is dead, with the count it stopped at', () => {
    const watch = new Watch(LEASE);
    expect(watch.observe({ a: 7, b: 1 }, 0)).toEqual([]);
    expect(watch.observe({ a: 7, b: 2 }, LEASE - 1)).toEqual([]);
    expect(watch.observe({ a: 7, b: 3 }, LEASE)).toEqual([{ id: 'a', beats: 7 }]);
  });

  test('after an interruption of its own it must watch a whole lease anew', () => {
    const watch = new Watch(LEASE);
    watch.observe({ a: 7 }, 0);
    watch.interrupted();
    expect(watch.observe({ a: 7 }, 10 * LEASE)).toEqual([]);
    expect(watch.observe({ a: 7 }, 11 * LEASE - 1)).toEqual([]);
    expect(watch.observe({ a: 7 }, 11 * LEASE)).toEqual([{ id: 'a', beats: 7 }]);
  });

  test('whoever moves within every lease, or disappears and comes back, is never dead', () => {
    const step = fc.record({
      ms: fc.integer({ min: 1, max: LEASE - 1 }),
      here: fc.boolean(),
      interrupted: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const watch = new Watch(LEASE);
        let now = 0;
        let beats = 0;
        for (const { ms, here, interrupted } of steps) {
          now += ms;
          beats += 1;
          if (interrupted) watch.interrupted();
          expect(watch.observe(here ? { a: beats } : {}, now)).toEqual([]);
        }
      }),
    );
  });

  test('nobody is dead whose stillness was not watched for a lease without a break', () => {
    const step = fc.record({
      ms: fc.integer({ min: 1, max: 2 * LEASE }),
      moves: fc.boolean(),
      interrupted: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const watch = new Watch(LEASE);
        let now = 0;
        let beats = 0;
        let since: number | undefined;
        for (const { ms, moves, interrupted } of steps) {
          now += ms;
          beats += Number(moves);
          if (interrupted) watch.interrupted();
          if (moves || interrupted || since === undefined) since = now;
          expect(watch.observe({ a: beats }, now)).toEqual(now - since >= LEASE ? [{ id: 'a', beats }] : []);
        }
      }),
    );
  });
});
