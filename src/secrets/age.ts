import { createCipheriv, randomBytes, type ScryptOptions, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { OpsroomError } from '#kit/errors.js';

/** To whom a file is encrypted: the holders of keys (`age1…`), or whoever knows a passphrase. */
export type Readers = { readonly recipients: readonly string[] } | { readonly passphrase: string };
/** With what one is opened: keys (`AGE-SECRET-KEY-1…`), or the passphrase. */
export type Opener = { readonly identities: readonly string[] } | { readonly passphrase: string };

const SCRYPT_LABEL = 'age-encryption.org/v1/scrypt';
/** As the age program chooses it: 2^18 rounds take a second and 256 MiB. */
const WORK = 18;
const BLOCK = 8;
const ROOM = 129 * 2 ** WORK * BLOCK;

/**
 * Encrypts a text as an armored age file (age-encryption.org/v1).
 * @throws OpsroomError USAGE naming the recipient that is none
 */
export async function encryptAge(text: string, readers: Readers): Promise<string> {
  const { armor, Encrypter, Stanza } = await import('age-encryption');
  const encrypter = new Encrypter();
  if ('passphrase' in readers) {
    const { passphrase } = readers;
    encrypter.addRecipient({ wrapFileKey: async (key) => [await scryptStanza(key, passphrase, Stanza)] });
  } else {
    for (const recipient of readers.recipients) addRecipient(encrypter, recipient);
  }
  return armor.encode(await encrypter.encrypt(text));
}

/** @throws OpsroomError USAGE when it is no age file, or not for this opener */
export async function decryptAge(file: string, opener: Opener): Promise<string> {
  const { armor, Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  try {
    if ('passphrase' in opener) decrypter.addPassphrase(opener.passphrase);
    else for (const identity of opener.identities) decrypter.addIdentity(identity);
    return await decrypter.decrypt(armor.decode(file), 'text');
  } catch (cause) {
    const what = 'The age file does not open with that.';
    throw new OpsroomError('USAGE', { what, mend: 'Give the key or the passphrase that it was encrypted for.', cause });
  }
}

function addRecipient(encrypter: { addRecipient(recipient: string): void }, recipient: string): void {
  try {
    encrypter.addRecipient(recipient);
  } catch (cause) {
    const what = `"${recipient.slice(0, 20)}…" is no recipient of age.`;
    throw new OpsroomError('USAGE', { what, mend: 'Make one with `age-keygen`; recipients begin with age1.', cause });
  }
}

type MakeStanza<S> = new (args: string[], body: Uint8Array) => S;
const scryptAsync = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** By Node's own scrypt, in another thread: that of the library would hold up everything else for a second. */
async function scryptStanza<S>(fileKey: Uint8Array, passphrase: string, Stanza: MakeStanza<S>): Promise<S> {
  const salt = randomBytes(16);
  const settings = { N: 2 ** WORK, r: BLOCK, p: 1, maxmem: ROOM };
  const key = await scryptAsync(passphrase, Buffer.concat([Buffer.from(SCRYPT_LABEL), salt]), 32, settings);
  const cipher = createCipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: 16 });
  const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
  return new Stanza(['scrypt', salt.toString('base64').replace(/=+$/, ''), String(WORK)], body);
}
