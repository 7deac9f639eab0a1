import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { later, sleep } from './clock.js';

/** Longer than a timer of Node's holds. */
const MONTH_MS = 31 * 86_400_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what is to be done in a month is done then, and not at once', () => {
  const work = vi.fn();
  later(MONTH_MS, work);
  vi.advanceTimersByTime(MONTH_MS - 1);
  expect(work).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(work).toHaveBeenCalledOnce();
});

test('what was called off is not done, however much of its time has passed', () => {
  const work = vi.fn();
  const stop = later(MONTH_MS, work);
  vi.advanceTimersByTime(MONTH_MS - 1);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('a sleep of a month takes a month, or ends with its signal', async () => {
  const over = new AbortController();
  const awake = vi.fn();
  const slept = sleep(MONTH_MS, over.signal).then(awake);
  await vi.advanceTimersByTimeAsync(MONTH_MS - 1);
  expect(awake).not.toHaveBeenCalled();
  over.abort();
  await slept;
  expect(vi.getTimerCount()).toBe(0);
});
