import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RateLimit } from './rate-limit.js';

test('never more pass than the burst and what time has added', () => {
  const waits = fc.array(fc.nat(3000), { minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(waits, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 10 }), (gaps, perSecond, burst) => {
      const limit = new RateLimit({ perSecond, burst });
      let now = 0;
      let passed = 0;
      for (const gap of gaps) {
        now += gap;
        if (limit.take('a', now) === 0) passed += 1;
        expect(passed).toBeLessThanOrEqual(burst + (now / 1000) * perSecond + 1e-6);
      }
    }),
  );
});

test('whoever waits as long as is said passes, and others are not held up', () => {
  const limit = new RateLimit({ perSecond: 0.5, burst: 1 });
  expect([limit.take('a', 0), limit.take('a', 0), limit.take('b', 0)]).toEqual([0, 2, 0]);
  expect(limit.take('a', 2000)).toBe(0);
});

test('only so many are remembered, the latest', () => {
  const limit = new RateLimit({ perSecond: 1, burst: 1 }, 2);
  for (const who of ['a', 'b', 'c']) limit.take(who, 0);
  expect([limit.take('c', 0), limit.take('a', 0)]).toEqual([1, 0]);
});
