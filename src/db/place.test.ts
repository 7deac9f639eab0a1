import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { notRoot } from '../../test/harness/parts.js';
import { openHome } from './home.js';
import { placeCluster } from './place.js';

describe.skipIf(notRoot('a cluster outside of its data directory'))('the cluster of a data directory of root', () => {
  let parent: string;
  let home: string;
  beforeEach(async () => {
    parent = await realpath(await mkdtemp(join(tmpdir(), 'opsroom-place-')));
    home = join(parent, '.opsroom');
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  const folderOf = async () => (await placeCluster(await openHome(home))).folder;

  test('is found again', async () => {
    const folder = await folderOf();
    expect(folder.startsWith(home)).toBe(false);
    expect(await folderOf()).toBe(folder);
  });

  test('is not that of another which had the same path before', async () => {
    const before = await folderOf();
    await rm(home, { recursive: true });
    expect(await folderOf()).not.toBe(before);
  });

  test('is one for all who begin at once', async () => {
    await openHome(home);
    const folders = await Promise.all(Array.from({ length: 8 }, async () => (await placeCluster(home)).folder));
    expect(new Set(folders).size).toBe(1);
    expect((await readdir(home)).filter((name) => name.startsWith('cluster'))).toEqual(['cluster']);
  });
});
