import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/**
 * Absolute path of the program that `name` means: as the kernel takes it when it has a slash, else the first on `path`.
 * Undefined when there is none that may be executed.
 */
export function findProgram(name: string, where: { path: string; cwd: string }): string | undefined {
  if (name.includes('/')) return [resolve(where.cwd, name)].find(isExecutable);
  const folders = where.path.split(delimiter).map((folder) => resolve(where.cwd, folder));
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
