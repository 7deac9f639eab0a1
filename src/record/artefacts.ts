import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { OpsroomError } from '#kit/errors.js';
import { openedPath } from '#kit/opened-path.js';
import type { Mask } from '#observe/redact.js';

/** Up to here an artefact lies in PostgreSQL; a larger one on the disk of the data directory. */
export const INLINE_BYTES = 8 * 1024 * 1024;
export const DEFAULT_CAP_BYTES = 256 * 1024 * 1024;
const CHUNK = 256 * 1024;

export interface Declared {
  readonly name: string;
  /** Relative to the workspace, or absolute inside it. */
  readonly path: string;
}

/** A file that was read once, whole and unchanged: in memory when small, else copied under `file`. */
export interface KeptFile {
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
  readonly body: Buffer | null;
  /** Relative to the artefacts folder. */
  readonly file: string | null;
}

export interface ArtefactSettings {
  /** The artefacts folder of the data directory; made when needed. */
  readonly folder: string;
  readonly capBytes?: number;
  /** Put over text that lies in PostgreSQL. */
  readonly mask?: Mask;
}

/** Where a content-addressed file lies in the artefacts folder. */
export const pathOf = (sha256: string): string => join(sha256.slice(0, 2), sha256);

/**
 * Reads a declared file out of a workspace in one pass: hashed, and copied aside when it is large. Text of up to
 * `INLINE_BYTES` is kept with its secrets masked; digest and size are those of what is kept.
 * @throws OpsroomError ARTEFACT_MISSING when it is not there; ARTEFACT_REFUSED when it is no regular file, lies (or links)
 * outside the workspace, is larger than the cap, or changed while it was read; DISK_FULL.
 */
export async function keepFile(workspace: string, declared: Declared, settings: ArtefactSettings): Promise<KeptFile> {
  const handle = await openInside(workspace, declared);
  try {
    const before = await handle.stat({ bigint: true });
    const cap = settings.capBytes ?? DEFAULT_CAP_BYTES;
    if (!before.isFile()) throw refused(declared, 'is no regular file');
    if (before.size > cap) throw refused(declared, `has ${before.size} bytes; the limit is ${cap}`);
    const expected = Number(before.size);
    const kept = await (expected <= INLINE_BYTES
      ? intoMemory(handle, declared, expected)
      : ontoDisk(handle, declared, expected, settings.folder));
    const after = await handle.stat({ bigint: true });
    if (after.size !== before.size || after.mtimeNs !== before.mtimeNs || BigInt(kept.size) !== before.size) {
      if (kept.file !== null) await rm(join(settings.folder, kept.file), { force: true });
      throw refused(declared, 'changed while it was read');
    }
    return kept.file === null ? masked(kept, settings.mask) : await settle(kept, settings);
  } finally {
    await handle.close();
  }
}

function refused(declared: Declared, why: string): OpsroomError {
  return new OpsroomError('ARTEFACT_REFUSED', {
    what: `The artefact "${declared.name}" ${why}.`,
    where: declared.path,
  });
}

/**
 * Resolves links first and then opens without following any: a link put in between is refused by the kernel.
 * A folder on the way could still be swapped, so the kernel is asked where the opened file lies, or else the path once more.
 */
async function openInside(workspace: string, declared: Declared): Promise<FileHandle> {
  const root = await realpath(workspace);
  const isBelow = (folder: string) => isInside(folder, resolve(folder, declared.path));
  // By its text first: whether there is a file outside is nobody's business.
  if (!isBelow(root) && !isBelow(resolve(workspace))) throw refused(declared, 'lies outside the workspace');
  try {
    const path = await realpath(resolve(root, declared.path));
    if (!isInside(root, path)) throw refused(declared, 'lies outside the workspace');
    // Not blocking: opening a named pipe would wait for a writer for ever.
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const found = (await openedPath(handle)) ?? (await realpath(resolve(root, declared.path)));
    if (found === path) return handle;
    await handle.close();
    throw refused(declared, 'was replaced while it was opened');
  } catch (error) {
    if (error instanceof OpsroomError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw refused(declared, `cannot be read (${code ?? 'unknown'})`);
    throw new OpsroomError('ARTEFACT_MISSING', {
      what: `The artefact "${declared.name}" is not there.`,
      where: declared.path,
      cause: error,
    });
  }
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

async function intoMemory(handle: FileHandle, { name }: Declared, expected: number): Promise<KeptFile> {
  const chunks: Buffer[] = [];
  const { sha256, size } = await read(handle, expected, (chunk) => chunks.push(chunk));
  return { name, sha256, size, body: Buffer.concat(chunks), file: null };
}

/** Bytes that are no text are left as they are: a marker in an archive or an image would only break it. */
function masked(kept: KeptFile, mask: Mask | undefined): KeptFile {
  const { body } = kept;
  if (mask === undefined || body === null || body.includes(0) || !isUtf8(body)) return kept;
  const stream = mask.stream();
  const text = Buffer.concat([stream.write(body), stream.end()]);
  if (text.equals(body)) return kept;
  return { ...kept, body: text, size: text.length, sha256: createHash('sha256').update(text).digest('hex') };
}

async function ontoDisk(handle: FileHandle, { name }: Declared, expected: number, folder: string): Promise<KeptFile> {
  await mkdir(join(folder, 'partial'), { recursive: true, mode: 0o700 });
  const file = join('partial', `${process.pid}-${process.hrtime.bigint()}`);
  const target = await open(join(folder, file), 'wx', 0o600);
  try {
    const { sha256, size } = await read(handle, expected, (chunk) => target.writeFile(chunk));
    await target.sync();
    return { name, sha256, size, body: null, file };
  } catch (error) {
    await rm(join(folder, file), { force: true });
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      throw new OpsroomError('DISK_FULL', { where: folder, cause: error });
    throw error;
  } finally {
    await target.close();
  }
}

/** Hands on at most one byte more than expected: a file that grows faster than it is read would never end. */
async function read(
  handle: FileHandle,
  expected: number,
  write: (chunk: Buffer) => unknown,
): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  const chunks = handle.createReadStream({ start: 0, end: expected, autoClose: false, highWaterMark: CHUNK });
  for await (const chunk of chunks as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
    await write(chunk);
  }
  return { sha256: hash.digest('hex'), size };
}

/** Moves the copy to its address; a rename onto the same content changes nothing. */
async function settle(kept: KeptFile, { folder }: ArtefactSettings): Promise<KeptFile> {
  const file = pathOf(kept.sha256);
  await mkdir(dirname(join(folder, file)), { recursive: true, mode: 0o700 });
  await rename(join(folder, kept.file ?? ''), join(folder, file));
  return { ...kept, file };
}
