import { mkdir, mkdtemp, open, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openedPath } from './opened-path.js';

test.skipIf(process.platform !== 'linux')(
  'tells a file that was reached through a link which is gone again',
  async () => {
    const room = await realpath(await mkdtemp(join(tmpdir(), 'opsroom-opened-')));
    for (const folder of ['inside', 'outside']) {
      await mkdir(join(room, folder));
      await writeFile(join(room, folder, 'file'), folder);
    }
    await rename(join(room, 'inside'), join(room, 'aside'));
    await symlink(join(room, 'outside'), join(room, 'inside'));
    const file = await open(join(room, 'inside', 'file'));
    await rm(join(room, 'inside'));
    await rename(join(room, 'aside'), join(room, 'inside'));
    expect(await realpath(join(room, 'inside', 'file'))).toBe(join(room, 'inside', 'file'));
    expect(await openedPath(file)).toBe(join(room, 'outside', 'file'));
    await file.close();
    await rm(room, { recursive: true });
  },
);
