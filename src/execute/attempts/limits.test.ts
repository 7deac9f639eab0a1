import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withTimeout } from './limits.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a step that may take a month is given all of it', () => {
  const month = 31 * 86_400_000;
  const { signal } = withTimeout(new AbortController().signal, month, 'a');
  vi.advanceTimersByTime(month - 1);
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(signal.reason).toMatchObject({ code: 'STEP_TIMEOUT' });
});
