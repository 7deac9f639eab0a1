import { createRequire } from 'node:module';

type Yaml = typeof import('yaml');

const require = createRequire(import.meta.url);
let loaded: Yaml | undefined;

/** The parser and writer of YAML, loaded with the first document: it is eighty files, and a room starts without any. */
export function yaml(): Yaml {
  loaded ??= require('yaml') as Yaml;
  return loaded;
}
