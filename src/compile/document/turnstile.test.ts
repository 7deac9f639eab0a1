import { expect, test } from 'vitest';
import { verifies } from '../../../test/harness/requirements.js';
import { Turnstile } from './turnstile.js';

function work() {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const task = (name: number) => () => {
    begun.push(name);
    return new Promise<number>((resolve) => {
      ends[name] = () => resolve(name);
    });
  };
  return { begun, ends, task };
}

/** All that was resolved has been heard of. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test(verifies('KEEP-06', 'no more are inside than there is room for, and the others come in their order'), async () => {
  const turnstile = new Turnstile(2, 2);
  const { begun, ends, task } = work();
  const all = [0, 1, 2, 3].map((name) => turnstile.pass(task(name)));
  expect(begun).toEqual([0, 1]);
  ends[1]?.();
  await settled();
  expect(begun).toEqual([0, 1, 2]);
  for (const name of [0, 2]) ends[name]?.();
  await settled();
  ends[3]?.();
  expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
});

test('who fails makes room as well', async () => {
  const turnstile = new Turnstile(1, 1);
  const failing = turnstile.pass(() => Promise.reject(new Error('no')));
  const next = turnstile.pass(() => Promise.resolve('yes'));
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('yes');
});

test(verifies('KEEP-06', 'when too many wait, who comes is sent away at once, and comes again later'), async () => {
  const turnstile = new Turnstile(1, 2);
  const { ends, task } = work();
  const taken = [0, 1, 2].map((name) => turnstile.pass(task(name)));
  await expect(turnstile.pass(task(3))).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  for (const name of [0, 1, 2]) {
    ends[name]?.();
    await settled();
  }
  expect(await Promise.all(taken)).toEqual([0, 1, 2]);
  expect(await turnstile.pass(() => Promise.resolve('later'))).toBe('later');
});
