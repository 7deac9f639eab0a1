import { readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** In the data directory: the folder of policies that the room was last started with by name. */
const FILE = 'policies-folder';

/**
 * The folder of policies that is named, for this process or else for the room. A command that is called without the variable in
 * the same project decides by the policies of the room, not by those that whoever writes in the project put there.
 *
 * @param named what `OPSROOM_POLICIES` says to this process; empty: none is named, whatever the room was started with
 * @returns an absolute path; undefined when nobody named one
 */
export function namedFolder(home: string, named: string | undefined): string | undefined {
  if (named !== undefined) return named === '' ? undefined : resolve(named);
  try {
    return readFileSync(join(home, FILE), 'utf8').trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Keeps what a room that has started was told: a folder, or by an empty name none; without the variable nothing changes. */
export async function keepNamedFolder(home: string, named: string | undefined): Promise<void> {
  const file = join(home, FILE);
  if (named === undefined) return;
  if (named === '') return rm(file, { force: true });
  await writeFile(`${file}.new`, `${resolve(named)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
