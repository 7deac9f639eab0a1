import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEnvFile } from './env-file.js';
import { fileSecrets } from './file.js';
import { combineSecrets, environmentSecrets, readAllSecrets } from './source.js';

function fileWith(text: string, mode = 0o600): string {
  const path = join(mkdtempSync(join(tmpdir(), 'opsroom-secrets-')), 'secrets.env');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('the form of the file', () => {
  test('names, quotes and comments', () => {
    const text = [
      '# comment',
      '',
      'BARE=a#b$c\\d=e',
      "  SINGLE='as $it \\n stands' # why",
      'DOUBLE="two\\nlines \\"quoted\\" \\\\"',
      "KEY='-----BEGIN-----\nabc\n-----END-----'",
      'EMPTY=\r',
      'LAST=x',
    ].join('\n');
    expect(Object.fromEntries(parseEnvFile(text, 'f'))).toEqual({
      BARE: 'a#b$c\\d=e',
      SINGLE: 'as $it \\n stands',
      DOUBLE: 'two\nlines "quoted" \\',
      KEY: '-----BEGIN-----\nabc\n-----END-----',
      EMPTY: '',
      LAST: 'x',
    });
  });

  test.each([
    ['no name', 'A=1\nhunter2-value\n', 2],
    ['a space in a bare value', 'A=hunter2 value', 1],
    ['an open quote', 'A=1\n\nB="hunter2', 3],
    ['an unknown escape', 'A="hunter2\\x"', 1],
    ['text after a quote', "A='hunter2'x", 1],
    ['export', 'export A=hunter2', 1],
    ['a name twice', 'A=1\nA=hunter2', 2],
    ['NUL', 'A=hunter2\0', 1],
  ])('%s is refused with its line, never with the value', (_, text, line) => {
    const parse = () => parseEnvFile(text, 'secrets.env');
    expect(parse).toThrow(expect.objectContaining({ code: 'SECRETS_FILE', where: `secrets.env:${line}` }));
    expect(parse).not.toThrow(/hunter2/);
  });

  test('any value survives single or double quotes; any text gives values or a clear error', () => {
    const value = fc.string({ unit: 'binary' }).map((text) => text.replace(/[\0]/g, ''));
    fc.assert(
      fc.property(value, (value) => {
        const escaped = value.replace(/[\\"]/g, '\\$&');
        expect(parseEnvFile(`A="${escaped}"\nB=1`, 'f').get('A')).toBe(value);
        if (!value.includes("'")) expect(parseEnvFile(`A='${value}'`, 'f').get('A')).toBe(value);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('A', '=', '"', "'", '\\', 'n', '#', ' ', '\n') }), (text) => {
        try {
          expect(parseEnvFile(text, 'f').size).toBeLessThanOrEqual(text.split('=').length);
        } catch (error) {
          expect(error).toMatchObject({ code: 'SECRETS_FILE' });
        }
      }),
    );
  });
});

describe('the file', () => {
  test('is read anew each time', async () => {
    const path = fileWith('A=1\n');
    const source = fileSecrets(path);
    expect(await source.read('A')).toBe('1');
    writeFileSync(path, 'A=2\nB=3\n');
    expect(await readAllSecrets(source)).toEqual(
      new Map([
        ['A', '2'],
        ['B', '3'],
      ]),
    );
  });

  test('may be missing', async () => {
    expect(await fileSecrets('/nowhere/secrets.env').names()).toEqual([]);
  });

  test.each([0o640, 0o604, 0o660])('of mode %o is refused with the mend', async (mode) => {
    const path = fileWith('A=1', mode);
    const refusal = { code: 'SECRETS_FILE', mend: `Run \`chmod 600 ${path}\`.` };
    await expect(fileSecrets(path).read('A')).rejects.toMatchObject(refusal);
  });

  test('may not be a folder', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'opsroom-secrets-')), 'secrets.env');
    mkdirSync(path, { mode: 0o700 });
    await expect(fileSecrets(path).names()).rejects.toMatchObject({ code: 'SECRETS_FILE' });
  });
});

test('of several sources the first that has a name wins', async () => {
  const environment = environmentSecrets(new Map([['A', 'env']]));
  const both = combineSecrets([environment, fileSecrets(fileWith('A=file\nB=file'))]);
  expect(await both.names()).toEqual(['A', 'B']);
  expect([await both.read('A'), await both.read('B'), await both.read('C')]).toEqual(['env', 'file', undefined]);
});
