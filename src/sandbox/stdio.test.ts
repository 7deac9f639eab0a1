import { closeSync, readdirSync, readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makePipe } from './pipes.js';
import { openStdio } from './stdio.js';

/** How many ends of our pipes this process has open. */
function openEnds(): number {
  const paths = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return paths.filter((path) => path.includes('/opsroom-pipes-')).length;
}

test.runIf(process.platform === 'linux')('an input that cannot be written leaves no pipe open', async () => {
  // The first makes a stock, from which the others are taken.
  const { read, write } = await makePipe();
  const before = openEnds();
  const unwritable = 5 as unknown as string;
  const spec = { stdin: { text: unwritable }, options: undefined, keeper: undefined };
  await expect(openStdio(spec)).rejects.toThrow();
  expect(openEnds()).toBe(before - 4);
  closeSync(read);
  closeSync(write);
});
