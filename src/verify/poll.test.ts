import { expect, test } from 'vitest';
import type { CallContext, CheckResult } from '#ir/calls.js';
import { poll } from './poll.js';

const found = (passed: boolean): CheckResult => ({ passed, summary: 's', evidence: null });
const context = (signal = new AbortController().signal) => ({ signal, timeoutMs: 60_000 }) as CallContext;

/** Each look takes a second of the clock. */
function ticking() {
  let ms = 0;
  return { now: () => new Date(0), monotonicMs: () => (ms += 1000) };
}

test('a verdict looks again until it passes', async () => {
  let looks = 0;
  const result = await poll(
    async () => found(++looks === 3),
    { withinMs: 10_000, intervalMs: 1 },
    { phase: 'verdict', context: context(), clock: ticking() },
  );
  expect(result).toMatchObject({ passed: true, summary: 's (look 3)' });
});

test('the last look counts when time is over', async () => {
  let looks = 0;
  const result = await poll(
    async () => found(++looks < 0),
    { withinMs: 3000, intervalMs: 1 },
    { phase: 'verdict', context: context(), clock: ticking() },
  );
  expect(result.passed).toBe(false);
  expect(looks).toBe(3);
});

test.each(['baseline', 'precondition'] as const)('a %s looks once', async (phase) => {
  let looks = 0;
  await poll(async () => found(++looks < 0), { withinMs: 10_000, intervalMs: 1 }, { phase, context: context() });
  expect(looks).toBe(1);
});

test('a cancel ends the polling', async () => {
  const abort = new AbortController();
  let looks = 0;
  const look = async () => {
    looks += 1;
    abort.abort();
    return found(false);
  };
  await poll(look, { withinMs: 60_000, intervalMs: 60_000 }, { phase: 'verdict', context: context(abort.signal) });
  expect(looks).toBe(1);
});
