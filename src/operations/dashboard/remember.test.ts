import { expect, test } from 'vitest';
import { Remembered } from './remember.js';

test('whoever asks within the time gets the same answer, and one that failed is not kept', async () => {
  let now = 0;
  let made = 0;
  const remembered = new Remembered<number>(10, { monotonicMs: () => now });
  const ask = () => remembered.get('a', () => Promise.resolve(++made));
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  expect(await remembered.get('b', () => Promise.resolve(7))).toBe(7);
  now = 10;
  expect(await ask()).toBe(2);
  now = 20;
  await expect(remembered.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await ask()).toBe(3);
});
