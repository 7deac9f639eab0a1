import { expect, test } from 'vitest';
import { repeat } from './repeat.js';

/** Work that ends when it is told to, and says how often it was begun. */
function handWork() {
  const ends: (() => void)[] = [];
  const begun: (() => void)[] = [];
  let count = 0;
  return {
    work: () =>
      new Promise<void>((resolve) => {
        count += 1;
        ends.push(resolve);
        begun.shift()?.();
      }),
    end: () => ends.shift()?.(),
    nextBeginning: () => new Promise<void>((resolve) => begun.push(resolve)),
    count: () => count,
  };
}

const never = { everyMs: 1_000_000, failed: () => undefined };

test('begins at once, and never overlaps itself however often it is woken', async () => {
  const { work, end, nextBeginning, count } = handWork();
  const repeated = repeat(work, never);
  expect(count()).toBe(1);
  repeated.wake();
  repeated.wake();
  expect(count()).toBe(1);
  const second = nextBeginning();
  end();
  await second;
  expect(count()).toBe(2);
  end();
  await repeated.close();
  expect(count()).toBe(2);
});

test('closing waits for what is under way and begins nothing more', async () => {
  const { work, end, count } = handWork();
  const repeated = repeat(work, never);
  repeated.wake();
  let closed = false;
  const closing = repeated.close().then(() => {
    closed = true;
  });
  await Promise.resolve();
  expect(closed).toBe(false);
  end();
  await closing;
  repeated.wake();
  expect(count()).toBe(1);
});

test('goes on after a failure, which is told', async () => {
  const failures: unknown[] = [];
  let times = 0;
  await new Promise<void>((resolve) => {
    const repeated = repeat(
      async () => {
        times += 1;
        if (times === 1) throw new Error('first');
        void repeated.close().then(resolve);
      },
      { everyMs: 1, failed: (error) => failures.push(error) },
    );
  });
  expect(times).toBe(2);
  expect(failures).toEqual([new Error('first')]);
});
