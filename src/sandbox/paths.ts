import { isAbsolute, relative, sep } from 'node:path';

/** Whether `path` is `folder` or below it, by name alone: resolve links first where they matter. Both absolute. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Whether `path` is below `folder`, and not `folder` itself. */
export function isInside(path: string, folder: string): boolean {
  return isWithin(path, folder) && relative(folder, path) !== '';
}
