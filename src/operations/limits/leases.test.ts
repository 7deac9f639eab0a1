import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { verifies } from '../../../test/harness/requirements.js';
import { Leases } from './leases.js';
import type { StoredRate, Taken } from './store.js';

/** What the database does, in memory: one bucket that all processes share. */
function sharedBucket(clock: { ms: number }) {
  let tokens: number | undefined;
  let at = 0;
  const asked = { times: 0 };
  const ask = async (_: string, most: number, { perSecond, burst }: StoredRate): Promise<Taken> => {
    asked.times += 1;
    tokens = Math.min(burst, (tokens ?? burst) + ((clock.ms - at) / 1000) * perSecond);
    at = clock.ms;
    const taken = Math.max(0, Math.min(most, Math.floor(tokens)));
    tokens -= taken;
    return { taken, waitMs: taken > 0 ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1000) };
  };
  return { ask, asked };
}

test(verifies('KEEP-06', 'several processes together pass a rate by no more than what they hold unspent'), async () => {
  const rate = fc.record({ perSecond: fc.integer({ min: 1, max: 500 }), burst: fc.integer({ min: 1, max: 500 }) });
  const steps = fc.array(fc.record({ who: fc.nat(2), afterMs: fc.integer({ min: 0, max: 400 }) }), { maxLength: 400 });
  await fc.assert(
    fc.asyncProperty(rate, steps, async (one, all) => {
      const clock = { ms: 0 };
      const { ask } = sharedBucket(clock);
      const processes = [0, 1, 2].map(() => new Leases(ask, () => clock.ms));
      let passed = 0;
      for (const { who, afterMs } of all) {
        clock.ms += afterMs;
        const waitMs = await processes[who]?.take('x', one);
        if (waitMs === 0) passed += 1;
        else expect(waitMs).toBeGreaterThan(0);
      }
      const held = 3 * Math.max(1, Math.floor(one.perSecond / 10));
      expect(passed).toBeLessThanOrEqual(one.burst + (clock.ms / 1000) * one.perSecond + held);
    }),
  );
});

test('a request costs no question most of the time, and many at once cost one', async () => {
  const clock = { ms: 0 };
  const { ask, asked } = sharedBucket(clock);
  const leases = new Leases(ask, () => clock.ms);
  const rate = { perSecond: 200, burst: 2000 };
  await Promise.all(Array.from({ length: 20 }, () => leases.take('x', rate)));
  expect(asked.times).toBe(1);
  for (let i = 20; i < 1000; i++) expect(await leases.take('x', rate)).toBe(0);
  expect(asked.times).toBe(50);
});

test('whoever must wait is told without asking again, and passes once it is over', async () => {
  const clock = { ms: 0 };
  const { ask, asked } = sharedBucket(clock);
  const leases = new Leases(ask, () => clock.ms);
  const rate = { perSecond: 2, burst: 1 };
  expect(await leases.take('x', rate)).toBe(0);
  expect(await leases.take('x', rate)).toBe(500);
  clock.ms += 100;
  expect(await leases.take('x', rate)).toBe(400);
  expect(asked.times).toBe(2);
  clock.ms += 400;
  expect(await leases.take('x', rate)).toBe(0);
});
