import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The top folder of the package or the checkout, without a trailing slash: two folders up in the sources and in dist. */
export const PACKAGE_FOLDER = fileURLToPath(new URL('../..', import.meta.url)).replace(/(?<=.)\/$/, '');

/** The text of a plan or a runbook that comes with the package (`crash.yaml`), in the form that `runs.start` takes. */
export async function readExample(name: string): Promise<{ text: string; file: string }> {
  const file = `examples/${name}`;
  return { text: await readFile(`${PACKAGE_FOLDER}/${file}`, 'utf8'), file };
}
