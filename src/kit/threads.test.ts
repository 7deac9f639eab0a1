import { expect, test } from 'vitest';
import { Threads } from './threads.js';

/** Counts its jobs, and does what each says. */
const SOURCE = `
import { parentPort } from 'node:worker_threads';
let jobs = 0;
const held = [];
parentPort.on('message', (job) => {
  jobs += 1;
  if (job === 'for ever') for (;;) jobs += 0;
  if (job === 'memory') for (;;) held.push(new Array(100_000).fill(jobs));
  if (job === 'exit') process.exit(0);
  if (job === 'throw') throw new Error('no');
  parentPort.postMessage(jobs);
});`;
const file = new URL(`data:text/javascript,${encodeURIComponent(SOURCE)}`);
const threads = (mostMs = 60_000) => new Threads<string, number>({ file, mostMs, mostMemoryMb: 32, idleMs: 60_000 });

test('a thread has one job at a time, and is kept for the next', async () => {
  const some = threads();
  expect(await Promise.all([some.do('a'), some.do('b')])).toEqual([{ answer: 1 }, { answer: 1 }]);
  expect(await some.do('c')).toEqual({ answer: 2 });
});

test.each([
  ['memory', 'memory'],
  ['exit', 'crash'],
  ['throw', 'crash'],
])('one that ends over its job (%s) says so, and another has the next job', async (job, ended) => {
  const some = threads();
  expect(await some.do(job)).toEqual({ ended });
  expect(await some.do('a')).toEqual({ answer: 1 });
});

test('one that does not end is ended, and other work goes on meanwhile', async () => {
  const some = threads(500);
  const order: string[] = [];
  const late = some.do('for ever').finally(() => order.push('the end'));
  await new Promise((resolve) => setImmediate(resolve));
  order.push('other work');
  expect(await late).toEqual({ ended: 'late' });
  expect(order).toEqual(['other work', 'the end']);
});
