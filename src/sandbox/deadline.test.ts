import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deadline } from './deadline.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a call that may take a month is given all of it', () => {
  const month = 31 * 86_400_000;
  const signal = deadline(new AbortController().signal, month);
  vi.advanceTimersByTime(month - 1);
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
});
