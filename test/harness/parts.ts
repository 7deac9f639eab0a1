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
