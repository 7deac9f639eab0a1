import { chmod, lstat, mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { OpsroomError } from '#kit/errors.js';

const NAME = '.opsroom';
/** The layout of the data directory. Raised only when an older Opsroom could no longer read it. */
const LAYOUT = 1;

/**
 * Where the data directory is, or would be: `override` (OPSROOM_HOME), else the nearest ancestor's `.opsroom/`, else at
 * the git root, else in `cwd`. Creates nothing.
 */
export async function findHome(cwd: string, override?: string): Promise<string> {
  if (override) return override;
  const folders = ancestors(cwd);
  for (const folder of folders) {
    if (await isFolder(join(folder, NAME))) return join(folder, NAME);
  }
  for (const folder of folders) {
    if (await exists(join(folder, '.git'))) return join(folder, NAME);
  }
  return join(cwd, NAME);
}

/** The folder whose plans and runbooks a room knows by name: what `.opsroom/` lies in; with a data directory elsewhere, `cwd`. */
export function projectFolder(home: string, cwd: string): string {
  return basename(home) === NAME ? dirname(home) : resolve(cwd);
}

/**
 * Makes the data directory (0700, ignored by git) and returns its real path. Throws DATA_DIR_NEWER when a newer
 * version wrote it, USAGE when it cannot be made.
 */
export async function openHome(home: string): Promise<string> {
  try {
    // One that was there may be shared with others, such as /srv: its mode is its owner's business.
    if (await makeFolder(resolve(home))) await chmod(home, 0o700);
    await requireLayout(home);
    await writeOnce(join(home, '.gitignore'), '*\n');
    await writeOnce(join(home, 'version'), `${LAYOUT}\n`);
  } catch (cause) {
    if (cause instanceof OpsroomError) throw cause;
    const what = `The data directory cannot be made: ${(cause as Error).message}`;
    throw new OpsroomError('USAGE', { what, where: home, mend: 'Name a writable directory with OPSROOM_HOME.', cause });
  }
  return realpath(home);
}

/** Throws DATA_DIR_NEWER when a newer version wrote the data directory; changes nothing, also where there is none. */
export async function requireLayout(home: string): Promise<void> {
  await checkLayout(join(home, 'version'));
}

async function checkLayout(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => String(LAYOUT));
  const found = Number.parseInt(text, 10);
  if (found <= LAYOUT) return;
  throw new OpsroomError('DATA_DIR_NEWER', {
    what: `The data directory has layout ${text.trim()}; this version knows ${LAYOUT}.`,
    where: dirname(file),
  });
}

/**
 * Makes a folder, and those above it that are missing; an absolute path. Not `mkdir` with `recursive`, which never returns
 * where a folder is there and yet nothing can be made in it (/proc): it goes up for the missing parent, and down again.
 *
 * @returns whether the folder is new
 */
async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return false;
    if (code !== 'ENOENT' || (await exists(dirname(path)))) throw error;
  }
  await makeFolder(dirname(path));
  return makeFolder(path);
}

async function writeOnce(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
