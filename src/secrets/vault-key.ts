import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, link, mkdir, open, rename, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OpsroomError } from '#kit/errors.js';
import { syncFolder } from '#kit/name-file.js';

/** The name of the vault key's file in the folder of keys. */
export const VAULT_KEY_FILE = 'vault.key';
export const VAULT_KEY_VARIABLE = 'OPSROOM_VAULT_KEY';

const KEY_BYTES = 32;
const OTHERS = 0o077;
/** Some dozens of keys; there are two while they are exchanged. */
const LARGEST = 4096;

/** A key that opens data keys. Rows name it by its id, which tells nothing of it. */
export interface VaultKey {
  readonly id: string;
  readonly bytes: Buffer;
}

export interface VaultKeys {
  /** What is encrypted now is so under this one. */
  readonly current: VaultKey;
  /** What may be opened: the current one, and those that it takes the place of. */
  readonly all: readonly VaultKey[];
  readonly from: 'environment' | 'file';
}

export interface VaultKeyPlaces {
  /** The folder of keys in the data directory. */
  readonly folder: string;
  /** What OPSROOM_VAULT_KEY says. */
  readonly variable: string | undefined;
}

export function vaultKey(bytes: Buffer): VaultKey {
  const id = createHash('sha256').update('opsroom vault key\0').update(bytes).digest('hex').slice(0, 16);
  return { id, bytes };
}

export const makeVaultKey = (): VaultKey => vaultKey(randomBytes(KEY_BYTES));

/**
 * The vault's keys: those of the environment come first, then those of the file; undefined when neither has one.
 * @throws OpsroomError VAULT_KEY when what is there is no key, or others may read the file
 */
export async function readVaultKeys({ folder, variable }: VaultKeyPlaces): Promise<VaultKeys | undefined> {
  const given = variable === undefined ? [] : parseKeys(variable, VAULT_KEY_VARIABLE);
  const kept = await readKeyFile(join(folder, VAULT_KEY_FILE));
  const [current] = [...given, ...kept];
  return current && { current, all: [...given, ...kept], from: given.length > 0 ? 'environment' : 'file' };
}

/** The keys of the file alone, the current one first. @throws OpsroomError VAULT_KEY */
export async function readKeyFile(path: string): Promise<VaultKey[]> {
  const file = await openIfThere(path);
  if (!file) return [];
  try {
    const { mode, size } = await file.stat();
    if ((mode & OTHERS) !== 0) {
      const mend = `Run \`chmod 600 ${path}\`; if somebody may have read it, then \`opsroom secrets rotate-key\`.`;
      throw new OpsroomError('VAULT_KEY', { what: 'Others may read the vault key.', where: path, mend });
    }
    if (size > LARGEST) throw new OpsroomError('VAULT_KEY', { what: 'That is no file of vault keys.', where: path });
    return parseKeys(await file.readFile('utf8'), path);
  } finally {
    await file.close();
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    const file = await open(path, 'r');
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new OpsroomError('VAULT_KEY', { what: 'The vault key cannot be read.', where: path, cause: error });
  }
  throw new OpsroomError('VAULT_KEY', { what: 'The vault key is not a file.', where: path });
}

/** One or several keys, separated by commas or white space. Never told: what was written there. */
function parseKeys(text: string, where: string): VaultKey[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) throw refused('There is no vault key in it.', where);
  const keys = words.map((word) => vaultKey(parseKey(word, where)));
  return keys.filter(({ id }, place) => keys.findIndex((key) => key.id === id) === place);
}

function parseKey(word: string, where: string): Buffer {
  const bytes = isHex(word) ? Buffer.from(word, 'hex') : fromBase64(word);
  if (!bytes) throw refused('The vault key is neither base64 nor hex.', where);
  if (bytes.length !== KEY_BYTES) throw refused(`The vault key has ${bytes.length} bytes, not ${KEY_BYTES}.`, where);
  return bytes;
}

/** 44 characters are a whole key in base64, though they may be digits of hex by chance. */
const isHex = (word: string): boolean => /^(?:[0-9a-fA-F]{2})+$/.test(word) && word.length !== 44;

/** Strictly: Node passes over what is no base64, so that a damaged key would be another key. */
function fromBase64(word: string): Buffer | undefined {
  const bytes = Buffer.from(word, 'base64');
  const bare = word.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/');
  return bytes.toString('base64').replace(/=+$/, '') === bare ? bytes : undefined;
}

const refused = (what: string, where: string): OpsroomError => new OpsroomError('VAULT_KEY', { what, where });

/** Makes the file with a new key, mode 0600. The first of several processes wins, and all get its key. */
export async function createKeyFile(path: string): Promise<VaultKey> {
  const aside = await writeAside(path, [makeVaultKey()]);
  try {
    await link(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(aside);
  }
  await syncFolder(dirname(path));
  const [key] = await readKeyFile(path);
  if (!key) throw new OpsroomError('VAULT_KEY', { where: path });
  return key;
}

/** Puts these keys in the place of the file's, at once and for good. */
export async function replaceKeyFile(path: string, keys: readonly VaultKey[]): Promise<void> {
  await rename(await writeAside(path, keys), path);
  await syncFolder(dirname(path));
}

async function writeAside(path: string, keys: readonly VaultKey[]): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  const text = keys.map(({ bytes }) => `${bytes.toString('base64')}\n`).join('');
  await writeFile(aside, text, { mode: 0o600, flag: 'wx', flush: true });
  return aside;
}
