import { mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { findHome, openHome } from './home.js';

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'opsroom-home-')));
  await mkdir(join(root, 'repo', '.git'), { recursive: true });
  await mkdir(join(root, 'repo', 'a', 'b'), { recursive: true });
  return () => rm(root, { recursive: true, force: true });
});

test('the git root, when there is no data directory yet', async () => {
  expect(await findHome(join(root, 'repo', 'a', 'b'))).toBe(join(root, 'repo', '.opsroom'));
});

test('the nearest ancestor that has one wins over the git root', async () => {
  await mkdir(join(root, 'repo', 'a', '.opsroom'));
  expect(await findHome(join(root, 'repo', 'a', 'b'))).toBe(join(root, 'repo', 'a', '.opsroom'));
});

test('the folder itself, outside of any repository; OPSROOM_HOME before all', async () => {
  expect(await findHome(root)).toBe(join(root, '.opsroom'));
  expect(await findHome(join(root, 'repo'), '/srv/room')).toBe('/srv/room');
});

test('is closed to others, ignored by git, and names its layout', async () => {
  const home = await openHome(join(root, 'new', '.opsroom'));
  expect((await stat(home)).mode & 0o777).toBe(0o700);
  expect(await readFile(join(home, '.gitignore'), 'utf8')).toBe('*\n');
  expect(await readFile(join(home, 'version'), 'utf8')).toBe('1\n');
  expect(await openHome(home)).toBe(home);
});

test('a directory of a newer version is refused and left as it is', async () => {
  const home = join(root, '.opsroom');
  await mkdir(home);
  await writeFile(join(home, 'version'), '2\n');
  await expect(openHome(home)).rejects.toMatchObject({ code: 'DATA_DIR_NEWER' });
  expect(await readFile(join(home, 'version'), 'utf8')).toBe('2\n');
});

test('a path that cannot be a directory is refused by name', async () => {
  await writeFile(join(root, 'file'), '');
  await expect(openHome(join(root, 'file'))).rejects.toMatchObject({ code: 'USAGE', where: join(root, 'file') });
});

test.skipIf(process.platform !== 'linux').each(['/proc/nope', '/proc/nope/deeper', '/sys'])(
  '%s, where nothing can be made, is refused by name and not tried for ever',
  async (path) => {
    await expect(openHome(path)).rejects.toMatchObject({ code: 'USAGE', where: path });
  },
);
