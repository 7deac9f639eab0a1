import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Absolute path of a program on PATH (or in sbin, where Debian keeps daemons), or undefined. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
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
 * For `test.skipIf(missing('bwrap'))`: says once on stderr which part is missing. In CI nothing may be skipped, so there
 * a missing part fails the run instead.
 */
export function missing(program: string, why = `needs ${program}`): boolean {
  if (findProgram(program)) return false;
  if (process.env['CI'] === 'true') throw new Error(`CI must have ${program}: add its package to .ci/run`);
  process.stderr.write(`skipped: ${why}; ${program} is not installed\n`);
  return true;
}
