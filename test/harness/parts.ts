import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const SBIN = ['/usr/local/sbin', '/usr/sbin', '/sbin'];
const POSTGRES = '/usr/lib/postgresql';

/** Absolute path of a program on PATH or where Debian keeps daemons (mariadbd) and PostgreSQL's own programs (initdb, pg_ctl); or undefined. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SBIN, ...postgresFolders()];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** The newest major version first. */
function postgresFolders(): string[] {
  try {
    const versions = readdirSync(POSTGRES).sort((a, b) => Number.parseFloat(b) - Number.parseFloat(a));
    return versions.map((version) => join(POSTGRES, version, 'bin'));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * For `test.skipIf(missing('bwrap'))`: says which part is missing; the reporter shows it beside each
 * test of the file that is skipped. In CI nothing may be skipped, so there
 * a missing part fails the run instead.
 */
export function missing(program: string, why = `needs ${program}`): boolean {
  if (findProgram(program)) return false;
  if (process.env['CI'] === 'true') throw new Error(`CI must have ${program}: add its package to .ci/run`);
  console.warn(`skipped: ${why}; ${program} is not installed`);
  return true;
}

/** For `test.skipIf(notRoot('…'))`. CI runs as either: whoever is not root cannot become it. */
export function notRoot(why: string): boolean {
  if (process.getuid?.() === 0) return false;
  console.warn(`skipped: ${why} needs root`);
  return true;
}
