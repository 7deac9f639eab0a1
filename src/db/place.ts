import { createHash, randomBytes } from 'node:crypto';
import { chmod, link, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { OpsroomError } from '#kit/errors.js';
import { accountFor } from './account.js';
import { findBinaries } from './binaries.js';
import { type Cluster, STAGED } from './cluster.js';

/** In the data directory: names the folder of a cluster that lives elsewhere. */
const POINTER = 'cluster';
/** Where root puts clusters: the first that can be made, because the data directory itself is closed to other users. */
const SHARED_FOLDERS = ['/var/lib/opsroom', join(tmpdir(), 'opsroom-clusters')];

/** The cluster of a data directory (a real path): where it lies, who runs it, with which programs. Makes no cluster yet. */
export async function placeCluster(home: string): Promise<Cluster> {
  const inside = join(home, 'postgres');
  const isRoot = process.getuid?.() === 0;
  const folder = (await readPointer(home)) ?? (isRoot && !(await exists(inside)) ? await outside(home) : inside);
  const account = await accountFor(folder);
  const copyTo = folder === inside ? home : join(folder, '..');
  return { folder, account, binaries: await findBinaries(copyTo, account !== undefined) };
}

/** The folder of the cluster that a data directory has, or undefined when it has none yet. Changes nothing. */
export async function existingCluster(home: string): Promise<string | undefined> {
  const folder = (await readPointer(home)) ?? join(home, 'postgres');
  return (await exists(folder)) ? folder : undefined;
}

/**
 * Whether another process seems to make the cluster of a data directory just now: it is built beside its place, and what a crash left
 * there is old soon. Before that there is but the data directory, made a moment ago.
 */
export async function isBeingMade(home: string, nowMs: number): Promise<boolean> {
  const folder = (await readPointer(home)) ?? join(home, 'postgres');
  const beside = await readdir(dirname(folder)).catch(() => []);
  const staged = beside.filter((name) => name.startsWith(`${basename(folder)}${STAGED}`));
  const made = await Promise.all(staged.map((name) => changedMs(join(dirname(folder), name))));
  return made.some((at) => nowMs - at < BUILT_MS) || nowMs - (await changedMs(join(home, 'version'))) < BEGUN_MS;
}

/** Long for an `initdb`, also on a slow disk. */
const BUILT_MS = 60_000;
const BEGUN_MS = 5_000;

const changedMs = (path: string): Promise<number> =>
  lstat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.NEGATIVE_INFINITY,
  );

/** Removes the cluster of a data directory that nobody uses any more, wherever it lies. */
export async function removeCluster(home: string): Promise<void> {
  const folder = await existingCluster(home);
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}

/** Where the runs of a data directory that other users work in may have their folders: all candidates. */
export const openFolders = (home: string): string[] =>
  SHARED_FOLDERS.map((shared) => join(shared, `${nameOf(home)}-workspaces`));

/**
 * Makes, as root, a folder that other users can pass through but neither list nor change; undefined where there is no place
 * for one. A user who is not root has no use for it.
 */
export async function makeOpenFolder(home: string): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const folder of openFolders(home))
    if ((await makeShared(dirname(folder))) && (await makeShared(folder))) return folder;
  return undefined;
}

const nameOf = (home: string): string => createHash('sha256').update(home).digest('hex').slice(0, 16);

/** A name of its own: where another data directory once had this one's path, its cluster may still lie beside. */
async function outside(home: string): Promise<string> {
  const name = `${nameOf(home)}-${randomBytes(4).toString('hex')}`;
  for (const shared of SHARED_FOLDERS) if (await makeShared(shared)) return pointTo(home, join(shared, name));
  throw new OpsroomError('PLATFORM_UNSUPPORTED', {
    what: 'Run as root, the embedded database needs a folder that an unprivileged user can reach.',
    where: SHARED_FOLDERS.join(', '),
    mend: 'Run as an ordinary user, or set DATABASE_URL.',
  });
}

/** Of several processes that begin at once, all take the folder of the one that came first. The pointer is whole as soon as it is there. */
async function pointTo(home: string, folder: string): Promise<string> {
  const draft = join(home, `${POINTER}-${randomBytes(4).toString('hex')}`);
  await writeFile(draft, `${folder}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, join(home, POINTER));
    return folder;
  } catch (error) {
    const first = (error as NodeJS.ErrnoException).code === 'EEXIST' ? await readPointer(home) : undefined;
    if (first === undefined) throw error;
    return first;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Made by us, or found as root's own: in a temporary folder anyone could have put a link there first. */
async function makeShared(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true });
    const found = await lstat(folder);
    if (!found.isDirectory() || found.uid !== 0) return false;
    await chmod(folder, 0o711); // whatever our umask took away, the other user must pass through
    return true;
  } catch {
    return false;
  }
}

async function readPointer(home: string): Promise<string | undefined> {
  const text = await readFile(join(home, POINTER), 'utf8').catch(() => '');
  return text.trim() || undefined;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
