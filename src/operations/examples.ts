import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The top folder of the package or the checkout, without a trailing slash: two folders up in the sources and in dist. */
export const PACKAGE_FOLDER = fileURLToPath(new URL('../..', import.meta.url)).replace(/(?<=.)\/$/, '');

/** The text of a plan that comes with the package, in the form that `runs.start` takes. */
export async function readExample(name: string): Promise<{ text: string; file: string }> {
  const file = `examples/${name}.yaml`;
  return { text: await readFile(`${PACKAGE_FOLDER}/${file}`, 'utf8'), file };
}
