import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepNamedFolder, namedFolder } from './named-folder.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'opsroom-named-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

test('what a room was started with holds for whoever names nothing, until it is started with another', async () => {
  expect(namedFolder(home, undefined)).toBeUndefined();
  await keepNamedFolder(home, '/etc/room/policies');
  await keepNamedFolder(home, undefined);
  expect(namedFolder(home, undefined)).toBe('/etc/room/policies');
  expect(namedFolder(home, '/elsewhere')).toBe('/elsewhere');
  await keepNamedFolder(home, '/srv/policies');
  expect(namedFolder(home, undefined)).toBe('/srv/policies');
  expect(namedFolder(home, '')).toBeUndefined();
  await keepNamedFolder(home, '');
  expect(namedFolder(home, undefined)).toBeUndefined();
});
