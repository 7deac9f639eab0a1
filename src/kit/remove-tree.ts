import { randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { lstat, open, readdir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Deeper folders are moved up before they are emptied: a step may nest them without end, and each level holds a descriptor. */
const DEEPEST = 32;
/** What is nested deeper than these allow for stays for the next time. */
const MOST_PASSES = 1000;
const FOLDER_ITSELF = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const DESCRIPTORS = '/proc/self/fd';

/**
 * Removes a folder with all that is in it; the folder above it must be out of the reach of others. Nobody who may write
 * inside can lead the removal elsewhere by putting a link in the place of a folder meanwhile, as they can with `fs.rm`:
 * every path goes through the open descriptor of the folder that it is in. Where there is no /proc, what belongs to another
 * user is left.
 *
 * Never rejects: what cannot be removed stays.
 */
export async function removeTree(path: string): Promise<void> {
  if (!existsSync(DESCRIPTORS)) return removeOwn(path);
  await within(dirname(path), async (above) => {
    const itself = join(above, basename(path));
    await within(itself, empty);
    await quietly(rmdir(itself));
  });
}

async function removeOwn(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.uid === process.getuid?.()) await quietly(rm(path, { recursive: true, force: true }));
}

/** Calls `work` with a path of the folder that holds whatever becomes of its name; not for a link, nor for what is no folder. */
async function within(folder: string, work: (pinned: string) => Promise<void>): Promise<void> {
  const handle = await open(folder, FOLDER_ITSELF).catch(() => undefined);
  if (!handle) return;
  try {
    await work(join(DESCRIPTORS, String(handle.fd)));
  } finally {
    await quietly(handle.close());
  }
}

async function empty(top: string): Promise<void> {
  let moved = true;
  const move = async (deep: string) => {
    await rename(deep, join(top, randomUUID()));
    moved = true;
  };
  for (let pass = 0; moved && pass < MOST_PASSES; pass++) {
    moved = false;
    await emptyLevel(top, 1, move);
  }
}

async function emptyLevel(folder: string, depth: number, move: (deep: string) => Promise<void>): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) await quietly(unlink(path));
    else if (depth === DEEPEST) await quietly(move(path));
    else {
      await within(path, (below) => emptyLevel(below, depth + 1, move));
      await quietly(rmdir(path));
    }
  }
}

const quietly = (work: Promise<unknown>): Promise<void> =>
  work.then(
    () => undefined,
    () => undefined,
  );
