import { readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeTree } from './remove-tree.js';

let room: string;
let outside: string;
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'opsroom-remove-'));
  outside = await mkdtemp(join(tmpdir(), 'opsroom-outside-'));
  await writeFile(join(outside, 'kept'), 'here');
});
afterEach(async () => {
  for (const folder of [room, outside]) await rm(folder, { recursive: true, force: true });
});

test('removes what is there, however deep, and links but not what they lead to', async () => {
  const deep = join(room, 'tree', ...Array.from({ length: 150 }, () => 'down'));
  await mkdir(deep, { recursive: true });
  await writeFile(join(deep, 'file'), 'x');
  await mkdir(join(room, 'tree', 'wide'));
  for (let n = 0; n < 20; n++) await writeFile(join(room, 'tree', 'wide', `f${n}`), '');
  await symlink(outside, join(room, 'tree', 'link'));
  await removeTree(join(room, 'tree'));
  expect(await readdir(room)).toEqual([]);
  expect(await readdir(outside)).toEqual(['kept']);
});

test('a link in the place of the folder itself is removed by nobody, nor followed', async () => {
  await symlink(outside, join(room, 'tree'));
  await removeTree(join(room, 'tree'));
  await removeTree(join(room, 'absent'));
  expect(await readdir(outside)).toEqual(['kept']);
});

test('a link that takes the place of a folder while it is emptied does not lead it elsewhere', async () => {
  const names = Array.from({ length: 2000 }, (_, n) => `file${n}`).sort();
  const victim = join(room, 'tree', 'victim');
  await mkdir(victim, { recursive: true });
  for (const name of names) for (const folder of [victim, outside]) writeFileSync(join(folder, name), '');
  const removed = removeTree(join(room, 'tree'));
  while (readdirSync(victim).length === names.length) await setImmediate();
  renameSync(victim, join(room, 'aside'));
  symlinkSync(outside, victim);
  await removed;
  expect((await readdir(outside)).sort()).toEqual([...names, 'kept']);
  expect(await readdir(join(room, 'aside'))).toEqual([]);
});
