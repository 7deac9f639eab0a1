import { stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { AnyCompiled } from './compiled.js';

/**
 * A runbook works in the folder of its file, and many are written for the folder from which they are read: a warning where what its
 * commands name is in the current folder, and nothing of it in the other.
 */
export async function elsewhereWarning(compiled: AnyCompiled, file: string): Promise<string | undefined> {
  if (!('files' in compiled) || compiled.settings.cwd !== undefined) return undefined;
  const [here, there] = [process.cwd(), dirname(resolve(file))];
  if (here === there || (await present(compiled.files, there)).length > 0) return undefined;
  const found = await present(compiled.files, here);
  if (found.length === 0) return undefined;
  const shown = found.slice(0, MOST_SHOWN).map((name) => `\`${name}\``);
  return (
    `${file} works in ${relative(here, there) || '.'}, where its file lies, and what it names is here (${shown.join(', ')}). ` +
    `For this folder say \`opsroom: { cwd: ${relative(there, here)} }\` in its front matter.`
  );
}

const MOST_SHOWN = 3;

async function present(files: readonly string[], folder: string): Promise<readonly string[]> {
  const found = await Promise.all(files.map((file) => stat(join(folder, file)).then(isThere, isNotThere)));
  return files.filter((_, at) => found[at]);
}

const isThere = () => true;
const isNotThere = () => false;
