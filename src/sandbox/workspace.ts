import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { OpsroomError } from '#kit/errors.js';
import { openedPath } from '#kit/opened-path.js';
import { isWithin } from './paths.js';

function outside(path: string): OpsroomError {
  return new OpsroomError('ARGUMENT_INVALID', {
    what: `"${path}" lies outside of the workspace`,
    mend: 'Name a path relative to the workspace.',
  });
}

const isMissing = (error: unknown) => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

/**
 * The real path of a file of the workspace, or undefined when there is none. Throws ARGUMENT_INVALID for a path that leads
 * outside, by its text or through a link.
 */
async function realInside(workspace: string, path: string): Promise<string | undefined> {
  if (path.includes('\0') || !isWithin(resolve(workspace, path), workspace)) throw outside(path);
  const root = await realpath(workspace);
  const real = await realpath(resolve(workspace, path)).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (real !== undefined && !isWithin(real, root)) throw outside(path);
  return real;
}

/** An existing folder of the workspace. Throws ARGUMENT_INVALID when it is outside or missing. */
export async function workspaceFolder(workspace: string, path: string): Promise<string> {
  const real = await realInside(workspace, path);
  if (real === undefined) throw new OpsroomError('ARGUMENT_INVALID', { what: `The folder "${path}" does not exist` });
  return real;
}

/**
 * Opens a file of the workspace for reading, or returns undefined when there is none. Links are resolved before and refused
 * at the end of the path, and the kernel is asked where the opened file lies, so that none that is swapped in meanwhile is
 * followed; a FIFO does not block.
 */
export async function openInside(workspace: string, path: string): Promise<FileHandle | undefined> {
  const real = await realInside(workspace, path);
  if (real === undefined) return undefined;
  const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    },
  );
  const found = file && (await openedPath(file));
  if (found === undefined || isWithin(found, await realpath(workspace))) return file;
  await file?.close();
  throw outside(path);
}

/** A file of the workspace that is being written under a name of its own. */
export interface Arrival {
  readonly file: FileHandle;
  /** Puts it in its place, over whatever was there. */
  keep(): Promise<void>;
  /** Closes it, and removes what was not kept. */
  drop(): Promise<void>;
}

/** Opens a new file for writing, in an existing folder of the workspace. Throws ARGUMENT_INVALID when that is outside or missing. */
export async function createInside(workspace: string, path: string): Promise<Arrival> {
  if (path.includes('\0') || !isWithin(resolve(workspace, path), workspace)) throw outside(path);
  const folder = await workspaceFolder(workspace, dirname(path));
  const beside = join(folder, `.${randomUUID()}.part`);
  const file = await open(
    beside,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o644,
  );
  const found = await openedPath(file);
  const drop = async () => {
    await file.close();
    await rm(beside, { force: true });
  };
  if (found !== undefined && !isWithin(found, await realpath(workspace))) {
    await drop();
    throw outside(path);
  }
  return { file, keep: () => rename(beside, join(folder, basename(path))), drop };
}
