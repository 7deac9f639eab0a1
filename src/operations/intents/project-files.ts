import { constants, type FileHandle, open, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MAX_BYTES } from '#compile/yaml.js';
import { OpsroomError } from '#kit/errors.js';
import { openedPath } from '#kit/opened-path.js';
import { isWithin } from '#sandbox/paths.js';

export interface ProjectFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/**
 * Reads a file below the project folder that a request names. Nothing outside it is read, by no `..`, no link and no swap on the
 * way; nor anything hidden, where keys and the data directory lie.
 *
 * @param name relative to the project folder
 * @returns undefined when there is none
 * @throws OpsroomError USAGE for a name that leads elsewhere; PLAN_TOO_LARGE, PLAN_UNREADABLE; FILE_UNREADABLE for what may pass
 */
export async function readProjectFile(project: string, name: string): Promise<ProjectFile | undefined> {
  refuseName(name);
  const root = await realpath(project);
  const path = resolve(join(root, name));
  const file = await openPlain(path, name);
  if (!file) return undefined;
  try {
    const real = (await openedPath(file)) ?? (await realpath(path));
    if (!isWithin(real, root)) refuse(name, 'leads out of the project folder by a link');
    return { path, text: await textOf(file, name) };
  } finally {
    await file.close();
  }
}

/** The path of a file as a request would name it; undefined: it does not lie below the project folder, or is hidden there. */
export function projectName(project: string, path: string): string | undefined {
  if (!isWithin(path, project)) return undefined;
  const name = path.slice(project.length).replace(/^\/+/, '');
  return problemOf(name) === undefined ? name : undefined;
}

function refuseName(name: string): void {
  const problem = problemOf(name);
  if (problem !== undefined) refuse(name, problem);
}

function problemOf(name: string): string | undefined {
  if (name === '' || name.length > 300 || name.includes('\0') || name.includes('\\')) return 'is no path';
  if (name.startsWith('/')) return 'is not relative to the project folder';
  if (name.split('/').some((part) => part === '' || part.startsWith('.')))
    return 'has a part that is hidden, "." or ".."';
  return undefined;
}

/** Undefined when there is none. A pipe or a device is never waited for. */
async function openPlain(path: string, name: string): Promise<FileHandle | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    return await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'ELOOP') return refuse(name, 'is a link');
    throw unreadable(error, name);
  }
}

async function textOf(file: FileHandle, name: string): Promise<string> {
  const found = await file.stat();
  if (!found.isFile()) throw new OpsroomError('PLAN_UNREADABLE', { what: 'It is not a file.', where: name });
  if (found.size > MAX_BYTES) {
    const what = `The file has ${found.size} bytes; the limit is ${MAX_BYTES}.`;
    throw new OpsroomError('PLAN_TOO_LARGE', { what, where: name });
  }
  const bytes = await file.readFile().catch((error: unknown) => {
    throw unreadable(error, name);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new OpsroomError('PLAN_UNREADABLE', { what: 'It is not text in UTF-8.', where: name, cause });
  }
}

/** What is wrong with the file itself; anything else (too many files are open, a disk that is away, rights) may pass. */
const ITS_OWN: ReadonlySet<string> = new Set(['ENAMETOOLONG', 'ENXIO', 'EISDIR', 'EINVAL']);

function unreadable(cause: unknown, where: string): OpsroomError {
  const { code = '' } = cause as NodeJS.ErrnoException;
  const what = `It cannot be read: ${code}.`;
  return new OpsroomError(ITS_OWN.has(code) ? 'PLAN_UNREADABLE' : 'FILE_UNREADABLE', { what, where, cause });
}

function refuse(name: string, problem: string): never {
  throw new OpsroomError('USAGE', {
    what: `"${name.slice(0, 100)}" ${problem}.`,
    mend: 'Name a plan or runbook below the project folder, such as ops/deploy.yaml.',
  });
}
