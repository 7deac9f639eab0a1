import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createKeyFile, makeVaultKey, readKeyFile, readVaultKeys, replaceKeyFile } from './vault-key.js';

const folder = (): string => mkdtempSync(join(tmpdir(), 'opsroom-vault-'));
const fileWith = (text: string, mode = 0o600): string => {
  const path = join(folder(), 'vault.key');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
};
const key = makeVaultKey();
const base64 = key.bytes.toString('base64');

describe('a vault key', () => {
  test.each([
    ['base64', base64],
    ['without padding', base64.replace('=', '')],
    ['base64url', key.bytes.toString('base64url')],
    ['hex', key.bytes.toString('hex')],
    ['hex in capitals', key.bytes.toString('hex').toUpperCase()],
  ])('is read from %s', async (_, variable) => {
    expect(await readVaultKeys({ folder: folder(), variable })).toMatchObject({ current: { id: key.id } });
  });

  test.each([
    ['cut short', base64.slice(0, 40), 'The vault key has 30 bytes, not 32.'],
    ['too long', Buffer.alloc(33, 1).toString('base64'), 'The vault key has 33 bytes, not 32.'],
    ['damaged', `${base64.slice(0, 20)}*${base64.slice(21)}`, 'The vault key is neither base64 nor hex.'],
    ['hex, cut short', key.bytes.toString('hex').slice(0, 62), 'The vault key has 31 bytes, not 32.'],
    ['a passphrase', 'correct horse battery staple', 'The vault key is neither base64 nor hex.'],
    ['nothing', ' \n', 'There is no vault key in it.'],
  ])('that is %s is refused, and not repeated', async (_, text, message) => {
    const refusal = { code: 'VAULT_KEY', message: expect.stringContaining(message) as string };
    await expect(readKeyFile(fileWith(text))).rejects.toMatchObject(refusal);
    await expect(readVaultKeys({ folder: folder(), variable: text })).rejects.toMatchObject(refusal);
    const [secret] = text.match(/\S+/) ?? [];
    if (secret) await expect(readKeyFile(fileWith(text))).rejects.not.toThrow(secret);
  });

  test.each([0o640, 0o604])('in a file of mode %o is refused', async (mode) => {
    await expect(readKeyFile(fileWith(base64, mode))).rejects.toMatchObject({ code: 'VAULT_KEY' });
  });

  test('that is a folder is refused, none at all is none', async () => {
    const path = join(folder(), 'vault.key');
    expect(await readKeyFile(path)).toEqual([]);
    mkdirSync(path);
    await expect(readKeyFile(path)).rejects.toMatchObject({ code: 'VAULT_KEY' });
  });
});

describe('the file', () => {
  test('is made once, closed to others, whoever asks at the same time', async () => {
    const path = join(folder(), 'keys', 'vault.key');
    const made = await Promise.all(Array.from({ length: 8 }, () => createKeyFile(path)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(path, '..'))).toEqual(['vault.key']);
  });

  test('holds several keys while they are exchanged, the current one first', async () => {
    const path = fileWith(base64);
    const next = makeVaultKey();
    await replaceKeyFile(path, [next, key]);
    expect((await readKeyFile(path)).map(({ id }) => id)).toEqual([next.id, key.id]);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(3);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('comes after the environment, and both open', async () => {
    const path = fileWith(base64);
    const given = makeVaultKey();
    const variable = given.bytes.toString('hex');
    const keys = await readVaultKeys({ folder: join(path, '..'), variable });
    expect(keys?.from).toBe('environment');
    expect(keys?.all.map(({ id }) => id)).toEqual([given.id, key.id]);
  });
});
