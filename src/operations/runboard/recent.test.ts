import { expect, test } from 'vitest';
import { Recent } from './recent.js';

test('is made once for all who ask within a while, anew afterwards, and for each key and owner by itself', async () => {
  const recent = new Recent<number>(200);
  const [room, other] = [{}, {}];
  let made = 0;
  const ask = (owner: object, key: string, nowMs: number) => recent.get(owner, key, nowMs, async () => ++made);
  expect(await Promise.all([ask(room, 'a', 0), ask(room, 'a', 0), ask(room, 'a', 199)])).toEqual([1, 1, 1]);
  expect(await ask(room, 'a', 200)).toBe(2);
  expect(await ask(room, 'b', 200)).toBe(3);
  expect(await ask(other, 'a', 200)).toBe(4);
});

test('a failure is told to those who wait for it, and to nobody after', async () => {
  const recent = new Recent<number>(200);
  const room = {};
  const failing = recent.get(room, 'a', 0, () => Promise.reject(new Error('away')));
  await expect(failing).rejects.toThrow('away');
  expect(await recent.get(room, 'a', 1, async () => 5)).toBe(5);
});
