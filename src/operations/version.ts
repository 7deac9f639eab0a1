import { readFileSync } from 'node:fs';

/** Opsroom's own version, from package.json, which lies two folders up from here in the sources and in the package. */
export const VERSION: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
