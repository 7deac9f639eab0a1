import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Both ends of a pipe for output, as descriptors that no other process inherits unless it is given them. */
export interface Pipe {
  readonly read: number;
  readonly write: number;
}

/** mkfifo costs a process: one makes a stock, which lasts for some ten steps, and the next is made before it is used up. */
const STOCK = 24;
const LOW = 8;

const stock: Pipe[] = [];
let making: Promise<void> | undefined;

/**
 * A real pipe. What Node calls a pipe is a socket, which cannot be opened by its path: `echo >/dev/stderr` and
 * `tee /dev/stdout`, usual in scripts, fail on it. Not for stdin: see input.ts. Whoever takes it closes both ends.
 */
export async function makePipe(): Promise<Pipe> {
  for (;;) {
    const pipe = stock.pop();
    // A failure in the background is met again by whoever finds the stock empty.
    if (stock.length < LOW) void restockOnce().catch(() => {});
    if (pipe) return pipe;
    await restockOnce();
  }
}

function restockOnce(): Promise<void> {
  making ??= restock().finally(() => {
    making = undefined;
  });
  return making;
}

/** Named pipes lose their names as soon as they are open, so that a worker that is killed leaves no files, or an almost empty folder at worst. */
async function restock(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'opsroom-pipes-'));
  const paths = Array.from({ length: STOCK }, (_, at) => join(folder, String(at)));
  try {
    // For all: a step under another user opens /dev/stderr with its own rights. The folder keeps others out.
    await promisify(execFile)('mkfifo', ['-m', '666', ...paths], { env: { PATH: '/usr/bin:/bin' } });
    // One by one: where descriptors run out, those that were opened are not lost.
    for (const path of paths) stock.push(openBoth(path));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The reader comes first and does not wait; so the writer does not either, and blocks later, as programs expect. */
function openBoth(path: string): Pipe {
  const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return { read, write: openSync(path, constants.O_WRONLY) };
  } catch (error) {
    closeSync(read);
    throw error;
  }
}
