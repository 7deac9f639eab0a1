import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OpsroomError } from '#kit/errors.js';
import { syncFolder } from '#kit/name-file.js';
import { type SigningKey, signingKey } from './dsse.js';

/** The name of the key's file in its directory. */
export const KEY_FILE = 'signing-key.pem';

/**
 * The installation's signing key, made when there is none: PKCS8 PEM, mode 0600. Several processes may call it at once on
 * an empty directory; all get the same key.
 * @throws OpsroomError SIGNING_KEY when the file is no Ed25519 key, or others could read it.
 */
export async function loadOrCreateSigningKey(directory: string): Promise<SigningKey> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, KEY_FILE);
  const found = await load(path);
  if (found !== undefined) return found;
  await create(path);
  const made = await load(path);
  if (made === undefined) throw new OpsroomError('SIGNING_KEY', { where: path });
  return made;
}

async function load(path: string): Promise<SigningKey | undefined> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0 && process.platform !== 'win32') {
      throw new OpsroomError('SIGNING_KEY', {
        what: 'Others may read the signing key, so its signatures prove nothing.',
        where: path,
        mend: `Run \`chmod 600 ${path}\` if nobody read it; otherwise move it away, and a new one is made.`,
      });
    }
    return signingKey(createPrivateKey(await readFile(path)));
  } catch (error) {
    if (error instanceof OpsroomError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new OpsroomError('SIGNING_KEY', { where: path, cause: error });
  }
}

/** Writes aside and then links: nobody ever reads half a key, and the first of several wins. */
async function create(path: string): Promise<void> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(aside, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx', flush: true });
  try {
    await link(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(aside);
  }
  await syncFolder(dirname(path));
}
