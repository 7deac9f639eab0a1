import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { placeCluster } from '#db/place.js';
import { Cli, type Going } from '../harness/cli.js';
import { removeCluster } from '../harness/cluster.js';
import { eventually, idsRunning } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';
import { git, type SpecProject, specProject } from '../harness/spec-project.js';
import { LEASE_MS } from './fleet.js';

let folder: string;
let at: SpecProject;
let cli: Cli;
/** The worker that is to be killed once something has come to GitHub. */
let victim: { readonly after: 'push' | 'pull request'; readonly going: Going } | undefined;

/** Between what came and its answer: whoever was to hear it is dead. */
const heardByNobody = (after: 'push' | 'pull request') => async () => {
  if (victim?.after === after) await kill(victim.going);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsroom-killed-'));
  at = await specProject(folder, {
    received: heardByNobody('push'),
    opened: heardByNobody('pull request'),
  });
  cli = new Cli(at.folder, {
    OPSROOM_HOME: join(folder, 'home'),
    OPSROOM_LEASE_MS: String(LEASE_MS),
    OPSROOM_SECRET_GITHUB_TOKEN: at.github.token,
  });
});
afterEach(async () => {
  victim = undefined;
  await disarm();
  git(at.folder, 'switch', '-q', '--force', 'main');
});
afterAll(async () => {
  await at?.close();
  await removeCluster(await placeCluster(join(folder, 'home')));
  await rm(folder, { recursive: true, force: true });
});

async function kill(going: Going): Promise<void> {
  going.child.kill('SIGKILL');
  await going.finished;
}

const gitFile = (path: string) => join(at.folder, '.git', path);
const reached = () => join(folder, 'reached');

/** Where git hangs, and the lock that it holds there. */
interface Point {
  readonly name: string;
  /** The hook, or the filter of what is staged, that does not come back. */
  readonly hook: string;
  readonly when?: string;
  readonly lock?: string;
}
const POINTS: readonly Point[] = [
  { name: 'made the branch', hook: 'reference-transaction', when: '[ $1 = prepared ]', lock: 'refs/heads' },
  { name: 'went to the branch', hook: 'post-checkout' },
  { name: 'staged the changes', hook: 'filter', lock: 'index.lock' },
  {
    name: 'moved the branch to the commit',
    hook: 'reference-transaction',
    when: '[ -e src/T002.txt ] && [ $1 = prepared ]',
    lock: 'HEAD.lock',
  },
  { name: 'had made the commit', hook: 'post-commit' },
];

/** Says which git it came to, and stays there. */
const hang = () =>
  `echo $PPID > '${reached()}.new'; mv '${reached()}.new' '${reached()}'; while :; do sleep 0.0317; done`;

async function arm({ hook, when = ':' }: Point): Promise<void> {
  await mkdir(gitFile('hooks'), { recursive: true });
  if (hook === 'filter') {
    await writeFile(gitFile('info/attributes'), 'src/*.txt filter=hangs\n');
    git(at.folder, 'config', 'filter.hangs.clean', hang());
  } else {
    await writeFile(gitFile(`hooks/${hook}`), `#!/bin/sh\nif ${when}; then ${hang()}; fi\n`, { mode: 0o755 });
  }
}

/** As when the machine dies: git cannot take its locks away, and its worker cannot hear that it died. */
async function lose(going: Going): Promise<void> {
  await eventually(() => existsSync(reached()) || going.child.exitCode !== null);
  going.child.kill('SIGSTOP');
  process.kill(Number(await readFile(reached(), 'utf8')), 'SIGKILL');
  await kill(going);
  await eventually(async () => (await idsRunning('sleep 0.0317')).length === 0);
}

async function disarm(): Promise<void> {
  for (const path of [reached(), gitFile('hooks'), gitFile('info/attributes')])
    await rm(path, { recursive: true, force: true });
}

const pullsOf = (branch: string) => at.github.pulls.filter(({ head }) => (head as { ref: string }).ref === branch);
const offered = (branch: string) =>
  cli.start('run', 'specs/001-shop', '--with', 'sh do.sh', '--seen', ...at.offer, '--input', `branch=${branch}`);

/** All was done, once. */
async function done(branch: string): Promise<void> {
  const resumed = await cli.call('resume', 'last', '--json');
  expect(resumed.code, resumed.stdout + resumed.stderr).toBe(0);
  expect(git(at.remote, 'log', '--format=%s', `main..${branch}`)).toBe('Bookshop');
  expect(git(at.remote, 'ls-tree', '--name-only', branch, 'src/')).toBe('src/T001.txt\nsrc/T002.txt');
  expect(pullsOf(branch)).toHaveLength(1);
  expect(git(at.folder, 'status', '--porcelain')).toBe('');
}

test.each(POINTS)(
  verifies('RUN-03', 'a machine that dies when git $name: another worker goes on, and nothing is done twice'),
  { timeout: 60_000 },
  async (point) => {
    const branch = point.name.replaceAll(' ', '-');
    await arm(point);
    await lose(offered(branch));
    await disarm();
    const left = readdirSync(gitFile(''), { recursive: true }).filter((path) => String(path).endsWith('.lock'));
    expect(left).toEqual(point.lock === undefined ? [] : expect.arrayContaining([expect.stringContaining(point.lock)]));
    await done(branch);
  },
);

test.each(['push', 'pull request'] as const)(
  verifies('RUN-03', 'kill -9 of the worker after a %s that it has not heard of: it is found, and none is made again'),
  { timeout: 60_000 },
  async (after) => {
    const branch = after.replace(' ', '-');
    const going = offered(branch);
    victim = { after, going };
    await going.finished;
    victim = undefined;
    await done(branch);
  },
);

test('a lock that is older than the run is somebody’s: it stays, and the mend is said', async () => {
  await writeFile(gitFile('index.lock'), '');
  await utimes(gitFile('index.lock'), 1, 1);
  const refused = await offered('locked').finished;
  expect(refused.code).toBe(1);
  expect(refused.stdout + refused.stderr).toMatch(
    /left its lock behind: .*index\.lock.*remove that file.*opsroom rerun/,
  );
  expect(existsSync(gitFile('index.lock'))).toBe(true);
  await rm(gitFile('index.lock'));
  const again = await cli.call('rerun', 'last', '--json');
  expect(again.code, again.stdout + again.stderr).toBe(0);
  expect(pullsOf('locked')).toHaveLength(1);
}, 60_000);
