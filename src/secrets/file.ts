import { type FileHandle, open } from 'node:fs/promises';
import { OpsroomError } from '#kit/errors.js';
import { parseEnvFile } from './env-file.js';
import type { SecretSource } from './source.js';

const OTHERS = 0o077;
const LARGEST = 1024 * 1024;

/**
 * Secrets in a file of `NAME=VALUE` lines (`secrets.env` in the data directory), read anew each time so that a change
 * needs no restart. No file is no secrets. SECRETS_FILE when others may read it, or when it cannot be read or parsed.
 */
export function fileSecrets(path: string): SecretSource {
  return {
    names: async () => [...(await readSecrets(path)).keys()],
    read: async (name) => (await readSecrets(path)).get(name),
  };
}

async function readSecrets(path: string): Promise<Map<string, string>> {
  const file = await openIfThere(path);
  if (!file) return new Map();
  try {
    await requirePrivate(file, path);
    return parseEnvFile(await file.readFile('utf8'), path);
  } finally {
    await file.close();
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new OpsroomError('SECRETS_FILE', { what: 'The secrets file cannot be read.', where: path, cause: error });
  }
}

/** Judged on the open file, so that it cannot be exchanged in between. */
async function requirePrivate(file: FileHandle, path: string): Promise<void> {
  const stat = await file.stat();
  const refuse = (what: string, mend: string) => new OpsroomError('SECRETS_FILE', { what, where: path, mend });
  if (!stat.isFile()) throw refuse('It is not a file.', 'Put a file of NAME=VALUE lines there, or nothing.');
  if (stat.size > LARGEST) throw refuse('It is larger than 1 MiB.', 'Keep secrets in it, and nothing else.');
  if ((stat.mode & OTHERS) !== 0) throw refuse('Others may read the secrets file.', `Run \`chmod 600 ${path}\`.`);
}
