import { link, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Gives a file that was written aside, in the same folder, its name. Once this resolves it stands there also after a power cut.
 * A file of that name stays as it is; the one aside is gone either way.
 * @throws Error of the file system: EEXIST when the name is taken
 */
export async function nameFile(aside: string, path: string): Promise<void> {
  try {
    await link(aside, path);
  } finally {
    await unlink(aside);
  }
  await syncFolder(dirname(path));
}

/** Makes what was named in a folder, and what was removed from it, outlast a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
