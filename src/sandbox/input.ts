import { randomUUID } from 'node:crypto';
import { closeSync, fchmodSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** In memory, where the machine has it: what a step reads may hold secrets. */
const MEMORY = '/dev/shm';

/**
 * A file without a name that holds `data`, open for reading at its start; the caller closes it. Better than a pipe: it
 * cannot block, its reader may seek in it, and `cat /dev/stdin` can open it again, which Linux refuses for the sockets
 * that Node calls pipes, and which waits for ever on a named pipe whose writer has gone.
 */
export function openInput(data: string | Uint8Array): number {
  try {
    return openIn(MEMORY, data);
  } catch {
    // No such folder (macOS), or one that is too small for it (64 MiB in most containers).
    return openIn(tmpdir(), data);
  }
}

function openIn(folder: string, data: string | Uint8Array): number {
  const path = join(folder, `opsroom-input-${randomUUID()}`);
  const write = openSync(path, 'wx', 0o400);
  try {
    const read = openSync(path, 'r');
    unlinkSync(path);
    return filled(read, write, data);
  } finally {
    closeSync(write);
  }
}

function filled(read: number, write: number, data: string | Uint8Array): number {
  try {
    writeFileSync(write, data);
    // A step under another user opens /dev/stdin with its own rights; nobody else finds the file any more.
    fchmodSync(write, 0o444);
    return read;
  } catch (error) {
    closeSync(read);
    throw error;
  }
}
