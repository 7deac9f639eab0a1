import { expect, test } from 'vitest';
import { Gather } from './gather.js';

/** Doubles numbers; each call waits until it is let go. */
function doubling(most: number, splits?: (error: unknown) => boolean) {
  const calls: { inputs: readonly number[]; go: () => void }[] = [];
  const gather = new Gather<number, number>({
    work: async (inputs) => {
      await new Promise<void>((go) => calls.push({ inputs, go }));
      if (inputs.includes(13)) throw new Error('13');
      return inputs.map((n) => n * 2);
    },
    most,
    ...(splits ? { splits } : {}),
  });
  return { gather, calls };
}

/** Lets calls go as they come, until `done` settles. */
async function letAllGo(calls: { go: () => void }[], done: Promise<unknown>): Promise<void> {
  const progress = { over: false };
  const end = done.finally(() => {
    progress.over = true;
  });
  for (let n = 0; !progress.over; ) {
    if (n < calls.length) calls[n++]?.go();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await end;
}

test('what comes at once goes together, and so does what comes meanwhile, up to the most', async () => {
  const { gather, calls } = doubling(2);
  const first = [1, 2].map((n) => gather.ask(n));
  while (calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const asked = Promise.all([...first, ...[3, 4, 5].map((n) => gather.ask(n))]);
  await letAllGo(calls, asked);
  expect(await asked).toEqual([2, 4, 6, 8, 10]);
  expect(calls.map(({ inputs }) => inputs)).toEqual([[1, 2], [3, 4], [5]]);
});

test('when an error leaves everything undone, each is tried alone and the one at fault fails', async () => {
  const { gather, calls } = doubling(10, () => true);
  const asked = Promise.allSettled([1, 2, 13, 4].map((n) => gather.ask(n)));
  await letAllGo(calls, asked);
  expect((await asked).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(calls.map(({ inputs }) => inputs)).toEqual([[1, 2, 13, 4], [1], [2], [13], [4]]);
});

test('when nobody knows what an error left, all fail and nothing is done twice; later ones go on', async () => {
  const { gather, calls } = doubling(10);
  const asked = Promise.allSettled([1, 2, 13].map((n) => gather.ask(n)));
  await letAllGo(calls, asked);
  expect((await asked).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(calls).toHaveLength(1);
  const later = gather.ask(5);
  while (calls.length === 1) await new Promise((resolve) => setImmediate(resolve));
  calls.at(-1)?.go();
  expect(await later).toBe(10);
});
