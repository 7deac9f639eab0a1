import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { credentialHash, makeCredential } from './credential.js';

/** Name of the file in the data directory. */
export const LOCAL_TOKEN_FILE = 'local.token';

export interface LocalCredential {
  /** Absolute path of the file, which only its owner may read. */
  readonly file: string;
  readonly hash: Buffer;
}

/**
 * Makes the credential by which whoever may read the data directory is known to the server of this machine. Each start
 * makes a new one, so that a copy of an old file opens nothing.
 */
export async function makeLocalCredential(home: string): Promise<LocalCredential> {
  const file = join(home, LOCAL_TOKEN_FILE);
  const value = makeCredential('local');
  const draft = `${file}.${process.pid}`;
  await rm(draft, { force: true });
  await writeFile(draft, `${value}\n`, { mode: 0o600, flag: 'wx' });
  await rename(draft, file);
  return { file, hash: credentialHash(value) };
}

/** Takes the file away when the server has stopped. */
export async function removeLocalCredential({ file }: LocalCredential): Promise<void> {
  await rm(file, { force: true });
}
