import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clearStalePidFile, findPostmaster, hasPidFile, parsePidFile } from './postmaster.js';

const text = (status: string) => `4242\n/data\n1795228409\n46447\n\n127.0.0.1\n  5432001         7\n${status}\n`;

test('reads pid, port and status', () => {
  expect(parsePidFile(text('ready   '))).toEqual({ pid: 4242, port: 46_447, status: 'ready' });
  expect(parsePidFile(text('stopping'))).toEqual({ pid: 4242, port: 46_447, status: 'stopping' });
});

test('a file that is just being written counts as starting; an empty one as none', () => {
  expect(parsePidFile('4242\n/data\n1795228409\n46447\n')).toEqual({ pid: 4242, port: 46_447, status: 'starting' });
  expect(parsePidFile('4242\n')).toMatchObject({ pid: 4242, status: 'starting' });
  expect(parsePidFile('')).toBeUndefined();
  expect(parsePidFile('-1\n')).toBeUndefined();
});

test('a pid file that names another living program is no PostgreSQL, and is put away', async () => {
  const data = await mkdtemp(join(tmpdir(), 'opsroom-pid-'));
  await writeFile(join(data, 'postmaster.pid'), text('ready').replace('4242', String(process.pid)));
  expect(await findPostmaster(data)).toBeUndefined();
  expect(await hasPidFile(data)).toBe(true);
  await clearStalePidFile(data);
  expect(await hasPidFile(data)).toBe(false);
  await expect(readFile(join(data, 'postmaster.pid'))).rejects.toMatchObject({ code: 'ENOENT' });
  await rm(data, { recursive: true });
});
