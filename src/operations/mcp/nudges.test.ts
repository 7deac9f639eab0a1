import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Nudges } from './nudges.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a flood is passed on at once, and then once a second as long as it goes on', () => {
  const passed: string[] = [];
  const nudges = new Nudges((org, server) => passed.push(`${org} ${server}`));
  for (let n = 0; n < 1000; n += 1) nudges.tell('o', 'a');
  nudges.tell('o', 'b');
  expect(passed).toEqual(['o a', 'o b']);
  vi.advanceTimersByTime(1000);
  expect(passed).toEqual(['o a', 'o b', 'o a']);
  vi.advanceTimersByTime(5000);
  expect(passed).toHaveLength(3);
  nudges.tell('o', 'a');
  expect(passed).toHaveLength(4);
});
