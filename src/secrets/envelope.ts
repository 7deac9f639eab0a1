import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { OpsroomError } from '#kit/errors.js';
import type { VaultKey } from './vault-key.js';

/** What a ciphertext is bound to: the row it belongs in. */
export interface Place {
  readonly org: string;
  readonly name: string;
  /** Empty: everywhere. */
  readonly environment: string;
  readonly app: string;
  readonly version: number;
}

/** A secret as it is stored: its text under a data key, that one under the vault key that `keyId` names. */
export interface Sealed {
  readonly keyId: string;
  readonly dataKey: Buffer;
  readonly body: Buffer;
}

const CIPHER = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;
const DATA_KEY = 32;

export function seal(value: string, place: Place, key: VaultKey): Sealed {
  const dataKey = randomBytes(DATA_KEY);
  const body = encrypt(Buffer.from(value), dataKey, bodyBond(place));
  return { ...wrap(dataKey, place, key), body };
}

/**
 * The text of a sealed secret.
 * @throws OpsroomError VAULT_KEY when none of the keys is the one it was sealed under; SECRET_ALTERED when the row was changed, or was moved here from another place
 */
export function unseal(sealed: Sealed, place: Place, keys: readonly VaultKey[]): string {
  const dataKey = unwrap(sealed, place, keys);
  return decrypt(sealed.body, dataKey, bodyBond(place), place).toString('utf8');
}

/** The same secret under another vault key; its text is not opened. @throws OpsroomError as `unseal` */
export function rewrap(sealed: Sealed, place: Place, keys: readonly VaultKey[], to: VaultKey): Sealed {
  return { ...wrap(unwrap(sealed, place, keys), place, to), body: sealed.body };
}

function wrap(dataKey: Buffer, place: Place, key: VaultKey): Pick<Sealed, 'keyId' | 'dataKey'> {
  return { keyId: key.id, dataKey: encrypt(dataKey, key.bytes, keyBond(place, key.id)) };
}

function unwrap({ keyId, dataKey }: Sealed, place: Place, keys: readonly VaultKey[]): Buffer {
  const key = keys.find(({ id }) => id === keyId);
  if (!key) throw wrongKey(keyId, keys);
  return decrypt(dataKey, key.bytes, keyBond(place, keyId), place);
}

/** Rows are there that none of the keys opens. */
export function wrongKey(keyId: string, keys: readonly VaultKey[]): OpsroomError {
  const here = keys.length === 0 ? 'there is none here' : `here is ${keys.map(({ id }) => id).join(', ')}`;
  return new OpsroomError('VAULT_KEY', { what: `The vault was sealed with the key ${keyId}; ${here}.` });
}

const bodyBond = ({ org, name, environment, app, version }: Place): Buffer =>
  bond(['opsroom secret 1', org, name, environment, app, version]);

const keyBond = ({ org, name, environment, app, version }: Place, keyId: string): Buffer =>
  bond(['opsroom data key 1', org, name, environment, app, version, keyId]);

/** JSON tells the parts apart whatever they hold. */
const bond = (parts: readonly (string | number)[]): Buffer => Buffer.from(JSON.stringify(parts));

function encrypt(plain: Buffer, key: Buffer, aad: Buffer): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG }).setAAD(aad);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(sealed: Buffer, key: Buffer, aad: Buffer, place: Place): Buffer {
  try {
    const end = sealed.length - TAG;
    const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE), { authTagLength: TAG });
    decipher.setAAD(aad).setAuthTag(sealed.subarray(end));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE, end)), decipher.final()]);
  } catch (cause) {
    const what = `The row of the secret ${place.name} (version ${place.version}) was altered, or belongs elsewhere.`;
    throw new OpsroomError('SECRET_ALTERED', { what, cause });
  }
}
