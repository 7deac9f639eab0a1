import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parsePublicKey, signEnvelope, verifyEnvelope } from './dsse.js';
import { KEY_FILE, loadOrCreateSigningKey } from './keys.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsroom-keys-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('several at once on an empty directory get one key, which stays', async () => {
  const directory = join(folder, 'keys');
  const keys = await Promise.all(Array.from({ length: 8 }, () => loadOrCreateSigningKey(directory)));
  expect(new Set(keys.map((key) => key.keyid)).size).toBe(1);
  expect((await loadOrCreateSigningKey(directory)).keyid).toBe(keys[0]?.keyid);
  expect(await readdir(directory)).toEqual([KEY_FILE]);
  expect((await stat(join(directory, KEY_FILE))).mode & 0o777).toBe(0o600);
});

test('what it signs verifies with its public key, and no other payload or type does', async () => {
  const key = await loadOrCreateSigningKey(folder);
  const publicKey = parsePublicKey(key.publicKeyPem);
  if (publicKey === undefined) throw new Error('the public key does not parse');
  const envelope = signEnvelope('text/plain', Buffer.from('hello'), key);
  expect(verifyEnvelope(envelope, publicKey)).toBe(true);
  expect(verifyEnvelope({ ...envelope, payloadType: 'text/html' }, publicKey)).toBe(false);
  expect(verifyEnvelope({ ...envelope, payload: Buffer.from('hullo').toString('base64') }, publicKey)).toBe(false);
});

test('a key that others may read, or that is none, is refused', async () => {
  await loadOrCreateSigningKey(folder);
  await chmod(join(folder, KEY_FILE), 0o644);
  await expect(loadOrCreateSigningKey(folder)).rejects.toMatchObject({ code: 'SIGNING_KEY' });
  await writeFile(join(folder, KEY_FILE), 'nonsense');
  await chmod(join(folder, KEY_FILE), 0o600);
  await expect(loadOrCreateSigningKey(folder)).rejects.toMatchObject({ code: 'SIGNING_KEY' });
});
