import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimServing, endServing, findServing, publishServing } from './serving.js';

const NOW = new Date('2026-01-01T00:00:00Z');
let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'opsroom-serving-'));
});
afterEach(() => rmSync(home, { recursive: true }));

test('of many that claim at once, one wins', async () => {
  const claims = await Promise.allSettled(Array.from({ length: 8 }, () => claimServing(home, '127.0.0.1', NOW)));
  expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a claim holds until it is taken back', async () => {
  const claim = await claimServing(home, '127.0.0.1', NOW);
  await publishServing(home, { ...claim, port: 4310 });
  expect(await findServing(home)).toMatchObject({ pid: process.pid, port: 4310 });
  await expect(claimServing(home, '127.0.0.1', NOW)).rejects.toMatchObject({
    code: 'DATA_DIR_IN_USE',
    message: expect.stringContaining('port 4310'),
  });
  await endServing(home);
  expect(await findServing(home)).toBeUndefined();
  expect(readdirSync(home)).toEqual([]);
});

test.each([
  ['garbage', 'not JSON'],
  ['an empty file', ''],
  [
    'a number given to another process',
    JSON.stringify({ pid: process.pid, port: 1, host: 'h', startedAt: 't', process: '1' }),
  ],
])('%s holds nobody up', async (_name, content) => {
  writeFileSync(join(home, 'server.json'), content);
  expect(await findServing(home)).toBeUndefined();
  expect(await claimServing(home, '127.0.0.1', NOW)).toMatchObject({ pid: process.pid });
  expect(readdirSync(home)).toEqual(['server.json']);
});
