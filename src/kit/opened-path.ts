import { type FileHandle, readlink } from 'node:fs/promises';

/**
 * Where an open file really lies, by the kernel and not by its name: a folder on the way may have been swapped for a link
 * before the file was opened, and back after it. Undefined where there is no /proc.
 */
export function openedPath(file: Pick<FileHandle, 'fd'>): Promise<string | undefined> {
  return readlink(`/proc/self/fd/${file.fd}`).catch(() => undefined);
}
