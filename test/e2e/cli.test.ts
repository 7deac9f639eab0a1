import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Embedded, openEmbedded } from '#db/embedded.js';
import { placeCluster } from '#db/place.js';
import { PLANS } from '../fixtures/cli-plans.js';
import { Cli } from '../harness/cli.js';
import { removeCluster } from '../harness/cluster.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

interface Result {
  runId: string;
  status: string;
  planDigest: string;
  durationMs: number;
  steps: {
    id: string;
    status: string;
    attempts: number;
    verdicts: { id: string; passed: boolean; proven: boolean }[];
  }[];
}
interface Failure {
  error: { code: string; message: string; mend: string };
}

const verdicts = (id: string) => [{ id, passed: true, proven: true }];

let folder: string;
let embedded: Embedded;
let cli: Cli;
let first: Result;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsroom-cli-'));
  for (const [name, text] of Object.entries(PLANS)) await writeFile(join(folder, name), text);
  await mkdir(join(folder, 'dir.yaml'));
  const home = join(folder, 'home');
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  // Held open, so that each command finds the database running.
  embedded = await openEmbedded(home, quiet);
  cli = new Cli(folder, { OPSROOM_HOME: home, OPSROOM_LEASE_MS: '3000', OPSROOM_SECRET_TOKEN: 'correct-horse' });
}, 60_000);

afterAll(async () => {
  await embedded?.stop();
  await removeCluster(await placeCluster(join(folder, 'home')));
  await rm(folder, { recursive: true, force: true });
});

test('a goal that names a file is refused: of its name another plan would be drafted', async () => {
  for (const name of ['deploy.yaml', './home']) {
    const refused = await cli.call('plan', name, '--json');
    expect(refused.code).toBe(2);
    expect(refused.json<Failure>().error).toMatchObject({
      code: 'USAGE',
      mend: expect.stringContaining(`compile ${name}`),
    });
  }
});

test(verifies('TOOL-01', 'a plan of shell steps runs, is proven, and is told to programs in one shape'), async () => {
  const done = await cli.call('run', 'deploy.yaml', '--input', 'ref=main', '--json');
  expect(done.stderr).toContain('✓ build  proven');
  expect(done.code).toBe(0);
  first = done.json<Result>();
  expect(first).toEqual({
    runId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    status: 'succeeded',
    planDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
    durationMs: expect.any(Number),
    steps: [
      { id: 'build', status: 'done', attempts: 1, verdicts: verdicts('built') },
      { id: 'release', status: 'done', attempts: 1, verdicts: verdicts('out') },
    ],
  });
});

test('a run is shown by the end of its id, with what can be done', async () => {
  const shown = await cli.call('show', first.runId.slice(-8), '--json');
  expect(shown.json()).toMatchObject({
    runId: first.runId,
    word: 'proven',
    progress: { done: 2, total: 2 },
    waiting: null,
    allowed: ['rerun'],
  });
  const before = shown.json<{ endedAt: string }>().endedAt;
  expect((await cli.call('rollback', first.runId, '--json')).json<Failure>().error).toMatchObject({
    code: 'NOT_ALLOWED_NOW',
    message: expect.stringContaining('nothing to undo'),
  });
  expect((await cli.call('show', first.runId, '--json')).json()).toMatchObject({ endedAt: before });
  const listed = await cli.call('runs', '--text', 'DEPLOY', '--status', 'succeeded', '--json');
  expect(listed.json<{ runs: Result[] }>().runs.map(({ runId }) => runId)).toEqual([first.runId]);
  const log = await cli.call('logs', first.runId, '--step', 'build');
  expect(log.stdout).toBe('building main\n');
});

test('one step is shown in full: its arguments, what was seen before and after, and its lines', async () => {
  const shown = await cli.call('show', first.runId, '--step', 'build', '--json');
  expect(shown.json()).toMatchObject({
    step: 'build',
    attempts: [{ args: { env: { REF: 'main' } }, verdicts: [{ word: 'proven', before: { state: 'failed' } }] }],
    source: [{ file: 'deploy.yaml' }],
  });
  expect((await cli.call('show', first.runId, '--step', 'build')).stdout).toMatch(/built: proven\n\s+before: /);
  expect((await cli.call('show', first.runId, '--plan', '--json')).json()).toMatchObject({ title: 'Deploy' });
});

test(
  verifies('PROOF-04', 'an exported bundle verifies without a room; an altered one names the first broken record'),
  async () => {
    const bundle = join(folder, 'proof.json');
    expect((await cli.call('proofs', first.runId, '--out', bundle)).code).toBe(0);
    const kept = await readFile(bundle);
    const again = await cli.call('proofs', first.runId, '--out', bundle, '--json');
    expect([again.code, again.json<Failure>().error]).toMatchObject([2, { mend: expect.stringContaining('--force') }]);
    expect(await readFile(bundle)).toEqual(kept);
    expect((await cli.call('proofs', first.runId, '--out', bundle, '--force')).code).toBe(0);
    const nowhere = new Cli(tmpdir(), { OPSROOM_HOME: '/dev/null/none' });
    const good = await nowhere.call('verify', bundle, '--json');
    expect(good.json()).toMatchObject({ ok: true, run: { id: first.runId, status: 'succeeded', word: 'proven' } });
    expect(good.code).toBe(0);

    const file = JSON.parse(await readFile(bundle, 'utf8'));
    const statement = JSON.parse(Buffer.from(file.envelope.payload, 'base64').toString('utf8'));
    statement.predicate.chain[2].body.attempt = 7;
    file.envelope.payload = Buffer.from(JSON.stringify(statement)).toString('base64');
    await writeFile(bundle, JSON.stringify(file));
    const bad = await nowhere.call('verify', bundle);
    expect(bad.code).toBe(1);
    expect(bad.stdout).toContain('✗ signature');
    expect(bad.stderr).toMatch(/^error BUNDLE_BROKEN: The first broken record is 2, step build/m);
  },
);

test('what fails is undone, and the exit code is 1', async () => {
  const failed = await cli.call('run', 'fails.yaml', '--json');
  expect(failed.code).toBe(1);
  expect(existsSync(join(folder, 'made.txt'))).toBe(false);
  const { status, steps } = failed.json<Result>();
  expect(status).toBe('rolled_back');
  expect(steps.map(({ id, status: of }) => [id, of])).toEqual([
    ['make', 'done'],
    ['make/unmake', 'done'],
    ['break', 'failed'],
  ]);
});

test(verifies('PLAN-02', 'a bad plan is refused with file, line, column, step and mend'), async () => {
  const people = await cli.call('run', 'bad.yaml');
  expect(people).toMatchObject({ code: 2, stdout: '' });
  expect(people.stderr).toBe(
    'error PLAN_INVALID: there is no step "nobody" (bad.yaml:7:17, step a)\nmend: There is: a.\n',
  );
  const programs = await cli.call('compile', 'bad.yaml', '--json');
  expect(programs).toMatchObject({ code: 2, stderr: '' });
  expect(programs.json()).toMatchObject({
    error: { code: 'PLAN_INVALID', problems: [{ line: 7, column: 17, step: 'a' }] },
  });
});

test.each([
  ['a missing file', ['run', 'none.yaml'], 'PLAN_UNREADABLE'],
  ['a missing input', ['run', 'deploy.yaml'], 'INPUT_INVALID'],
  ['an unknown option', ['runs', '--frobnicate'], 'USAGE'],
  ['an unknown command', ['frobnicate'], 'USAGE'],
  ['an unknown run', ['show', 'fffffffffffff'], 'NOT_FOUND'],
  ['a step that does not exist', ['rerun', 'last', '--from', 'nobody'], 'NOT_FOUND'],
  ['a run that has ended', ['cancel', 'last'], 'ALREADY_ENDED'],
])('%s is refused with one clear error', async (_, args, code) => {
  const refused = await cli.call(...args, '--json');
  expect(refused.code).toBe(2);
  const { error } = refused.json<Failure>();
  expect(error.code).toBe(code);
  expect(error.mend).not.toBe('');
  expect(refused.stderr).not.toMatch(/\n\s+at /);
});

test.each([
  ['an option', ['runs', '--frobnicate'], 'See `opsroom help runs`.'],
  ['an argument that is missing', ['show'], 'See `opsroom help show`.'],
  ['a command that is nearly one', ['rnu', 'deploy.yaml'], 'Did you mean `opsroom run`?'],
  ['a command that is none', ['frobnicate'], 'See `opsroom help`.'],
  ['help on a command that is none', ['help', 'frobnicate'], 'See `opsroom help`.'],
  ['an option before its command', ['--json', 'runs'], 'Write options after the command. See `opsroom help runs`.'],
  ['a run that is named wrongly', ['show', 'zzzz'], 'See `opsroom help show`.'],
  ['a limit that is no number', ['limits', '--lane', 'B=two'], 'Write it like --lane B=2.'],
  ['a folder that cannot be made', ['policy', 'init', 'bad.yaml/mine'], 'Name a file that can be written.'],
  [
    'a file of inputs that is not there',
    ['run', 'deploy.yaml', '--input-file', 'none.json'],
    'Name a YAML or JSON file that can be read.',
  ],
  [
    'a folder that is called as a plan is',
    ['run', 'dir.yaml'],
    'Name the file of a plan or a runbook, or a folder with a tasks.md in it, such as specs/001-name.',
  ],
  ['an item of no step', ['show', 'last', '--item', '2'], 'Add --step: opsroom show last --step STEP --item 2'],
  ['a backup that is not there', ['restore', 'none.gz'], 'Name a file that `opsroom backup` wrote.'],
])('the mend of %s is the one for it', async (_, args, mend) => {
  expect((await cli.call(...args, '--json')).json<Failure>().error.mend).toBe(mend);
});

test('no warning of a run that there will not be stands before what is refused', async () => {
  const refused = await cli.call('run', 'fails.yaml', '--input', 'nmae=x');
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toBe('error INPUT_INVALID: The plan has no input "nmae".\nmend: There are none.\n');
});

test('an organisation can be chosen only where a command works in the room', async () => {
  for (const name of ['verify', 'demo', 'schema']) expect((await cli.call('help', name)).stdout).not.toContain('--org');
  expect((await cli.call('help', 'runs')).stdout).toContain('--org');
});

test('of a list, the item that failed is named, and an empty one has no items', async () => {
  const failed = await cli.call('run', 'lists.yaml');
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain('✓ none  no items');
  const shown = (await cli.call('show', 'last')).stdout;
  expect(shown).toMatch(/^none \(0\/0\) +no items +0 /m);
  expect(shown).toMatch(/^each \(2\/3\) +failed .*\n +each#1: /m);
});

test('a step for a person parks the run with exit code 3, and its confirmation goes on with it', async () => {
  const parked = await cli.call('run', 'manual.yaml');
  expect(parked.code).toBe(3);
  // Why it waits is told behind what happened, and once.
  expect(parked.stderr).not.toContain('is done by a person');
  expect(parked.stdout).toContain('opsroom confirm');
  expect((await cli.call('show', 'last')).stdout).toMatch(/Possible now: .*confirm/);
  const refused = await cli.call('confirm', 'last', 'after', '--reason', 'x', '--json');
  expect(refused.json<Failure>().error).toMatchObject({
    code: 'NOT_ALLOWED_NOW',
    message: expect.stringContaining('refused'),
  });
  const confirmed = await cli.call('confirm', 'last', 'ask', '--reason', 'switched', '--json');
  expect(confirmed.json()).toMatchObject({
    status: 'succeeded',
    steps: [{ id: 'ask', status: 'done' }, { status: 'done' }],
  });
  expect(confirmed.code).toBe(0);
  const late = await cli.call('confirm', 'last', 'ask', '--reason', 'x', '--json');
  expect(late.json<Failure>().error).toMatchObject({
    code: 'ALREADY_ENDED',
    mend: expect.stringMatching(/^Nothing waits .*`opsroom show \S+`\.$/),
  });
});

test(verifies('RUN-08', 'a re-run from a step takes over what was before it'), async () => {
  const again = await cli.call('rerun', first.runId, '--from', 'release', '--json');
  expect(again.json()).toMatchObject({ status: 'succeeded', planDigest: first.planDigest });
  const { steps, parent } = (await cli.call('show', 'last', '--json')).json<{
    parent: string;
    steps: { id: string; reusedFrom: string | null }[];
  }>();
  expect(parent).toBe(first.runId);
  expect(steps.map(({ id, reusedFrom }) => [id, reusedFrom])).toEqual([
    ['build', first.runId],
    ['release', null],
  ]);
  const edited = await cli.call('rerun', first.runId, '--input', 'ref=other');
  expect(edited.code).toBe(0);
  expect(await readFile(join(folder, 'built.txt'), 'utf8')).toBe('other\n');
});

test('a second process cancels a run, and its step is ended', async () => {
  const running = cli.start('run', 'long.yaml', '--json');
  await running.saw('… hang');
  const cancelled = await cli.call('cancel', 'last', '--reason', 'wrong branch');
  expect(cancelled).toMatchObject({ code: 0 });
  const ended = await running.finished;
  expect(ended.json()).toMatchObject({ status: 'cancelled' });
  expect(ended.code).toBe(1);
});

test('Ctrl-C pauses: the running step finishes, and the run goes on when it is resumed', async () => {
  const running = cli.start('run', 'gate.yaml', '--json');
  await eventually(() => existsSync(join(folder, 'waiting')));
  running.child.kill('SIGINT');
  await running.saw('opsroom resume');
  await eventually(async () => (await cli.call('show', 'last', '--json')).json<Result>().status === 'pausing');
  await writeFile(join(folder, 'go'), '');
  const paused = await running.finished;
  expect(paused.json()).toMatchObject({ status: 'paused', steps: [{ status: 'done' }, { status: 'pending' }] });
  expect(paused.code).toBe(3);
  const resumed = await cli.call('resume', 'last', '--json');
  expect(resumed.json()).toMatchObject({ status: 'succeeded' });
});

test('a run that asks a person beside what goes on says so wherever it is shown', { timeout: 60_000 }, async () => {
  const running = cli.start('run', 'beside.yaml');
  await running.saw('⏸ ask');
  await eventually(() => existsSync(join(folder, 'waiting')));
  const looks = await Promise.all([cli.call('runs'), cli.call('board'), cli.call('show', 'last')]);
  for (const { stdout } of looks) expect(stdout).toContain('running, asks a person');
  await writeFile(join(folder, 'go'), '');
  expect((await running.finished).code).toBe(3);
  expect((await cli.call('cancel', 'last')).code).toBe(0);
  expect((await cli.call('logs', 'last')).stderr).toBe('Nothing was printed.\n');
});

test('an export with --json is one document, with the text in it', async () => {
  const exported = await cli.call('export', 'deploy.yaml', '--to', 'markdown', '--json');
  expect(exported.json()).toMatchObject({ text: expect.stringContaining('# Deploy') });
});

test('a run whose command line was killed is taken over after its lease', async () => {
  const running = cli.start('run', 'gate.yaml');
  await eventually(() => existsSync(join(folder, 'waiting')));
  running.child.kill('SIGKILL');
  await running.finished;
  await rm(join(folder, 'waiting'));
  const resumed = cli.start('resume', 'last', '--json');
  await eventually(() => existsSync(join(folder, 'waiting')));
  await writeFile(join(folder, 'go'), '');
  const ended = await resumed.finished;
  expect(ended.json()).toMatchObject({ status: 'succeeded', steps: [{ attempts: 2 }, { attempts: 1 }] });
  expect(ended.stderr).toContain('taken over here after its lease');
});

test('with a worker up, the command line only follows: Ctrl-C leaves the run alone', async () => {
  const worker = cli.start('worker');
  try {
    const submitted = await cli.call('run', 'gate.yaml', '--detach', '--json');
    expect(submitted.code).toBe(0);
    await eventually(() => existsSync(join(folder, 'waiting')));
    const following = cli.start('resume', 'last');
    await following.saw('0/2  gate');
    following.child.kill('SIGINT');
    expect((await following.finished).code).toBe(130);
    await writeFile(join(folder, 'go'), '');
    await eventually(async () => (await cli.call('show', 'last', '--json')).json<Result>().status === 'succeeded');
  } finally {
    worker.child.kill('SIGTERM');
    await worker.finished;
  }
});

test('a list that ends early says so', async () => {
  const { stdout, stderr } = await cli.call('runs', '--limit', '1');
  expect(stdout.trim().split('\n')).toHaveLength(2);
  expect(stderr).toContain('The newest one is shown, and there are older ones: --limit N, up to 1000.');
  expect((await cli.call('runs', '--limit', '1000')).stderr).not.toContain('older');
});

test(verifies('RUN-10', 'a dry run shows arguments and what is missing, and touches nothing'), async () => {
  const before = (await cli.call('runs', '--limit', '100', '--json')).stdout;
  const dry = await cli.call('run', 'dry.yaml', '--dry-run', '--json');
  expect(dry.code).toBe(1);
  expect(dry.stdout).not.toContain('correct-horse');
  expect(dry.json()).toMatchObject({
    title: 'Dry for world',
    ready: false,
    steps: [
      {
        args: { env: { WHO: 'world', TOKEN: '‹secret:TOKEN›' } },
        preconditions: [
          { id: 'command:sh', ok: true },
          { id: 'command:no-such-program-here', ok: false, missing: expect.stringContaining('no-such-program-here') },
        ],
      },
      { args: { argv: ['echo', '‹known when it runs: steps.first.output.stdout›'] } },
    ],
  });
  expect((await cli.call('runs', '--limit', '100', '--json')).stdout).toBe(before);
  expect(existsSync(join(folder, 'touched.txt'))).toBe(false);
});

test('a run that succeeded is rolled back on request, and sealed again', async () => {
  expect((await cli.call('run', 'undo.yaml')).code).toBe(0);
  expect(existsSync(join(folder, 'undone.txt'))).toBe(true);
  const undone = await cli.call('rollback', 'last', '--reason', 'broken', '--json');
  expect(undone.json()).toMatchObject({
    status: 'rolled_back',
    steps: [{ id: 'make' }, { id: 'make/unmake', status: 'done' }],
  });
  expect(undone.code).toBe(0);
  expect(existsSync(join(folder, 'undone.txt'))).toBe(false);
  await cli.call('proofs', 'last', '--out', 'undone.json');
  const verified = await cli.call('verify', 'undone.json', '--json');
  expect(verified.json()).toMatchObject({ ok: true, run: { status: 'rolled_back' } });
});

test('what shows or steers something refuses a folder without a room, and makes none', {
  timeout: 120_000,
}, async () => {
  const elsewhere = join(folder, 'elsewhere');
  const there = new Cli(folder, { OPSROOM_HOME: elsewhere });
  const looks = [
    'runs',
    'sessions',
    'members',
    'orgs',
    'schedules',
    'webhooks',
    'notify',
    'views',
    'documents',
    'limits',
  ];
  const more = ['show last', 'logs last', 'cancel last', 'proofs last', 'secrets list', 'keys list', 'models calls'];
  const others = [
    'mcp servers',
    'mcp tools',
    'mcp logout x',
    'sessions archive x',
    'policy explain',
    'owner-link',
    'invite',
  ];
  for (const words of [...looks, ...more, ...others]) {
    const command = words.split(' ');
    const refused = await there.call(...command, '--json');
    expect(refused.json<Failure>().error).toMatchObject({
      code: 'ROOM_NOT_FOUND',
      message: expect.stringContaining(elsewhere),
    });
    expect(refused.code).toBe(2);
  }
  expect((await there.call('stop', '--json')).json()).toMatchObject({ server: 'not running', database: 'not running' });
  expect(existsSync(elsewhere)).toBe(false);
});

test('what makes something refuses bad arguments before it makes a room', { timeout: 120_000 }, async () => {
  const elsewhere = join(folder, 'elsewhere');
  const there = new Cli(folder, { OPSROOM_HOME: elsewhere });
  await writeFile(join(folder, 'taken.yaml'), '');
  const rule = ['--to', 'slack', '--secret', 'HOOK'];
  const bad = [
    ['keys', 'create'],
    ['keys', 'create', '--name', 'ci', '--scope', 'everything'],
    ['notify', 'add'],
    ['notify', 'add', 'team'],
    ['notify', 'add', 'team', ...rule, '--event', 'run.exploded'],
    ['notify', 'add', 'team', ...rule, '--quiet', 'at night'],
    ['sessions', 'create'],
    ['orgs', 'create'],
    ['views', 'save'],
    ['documents', 'add'],
    ['documents', 'add', 'none.pdf'],
    ['schedules', 'add'],
    ['schedules', 'add', 'nightly', '--plan', 'dry.yaml'],
    ['webhooks', 'add'],
    ['webhooks', 'add', 'push'],
    ['mcp', 'add'],
    ['mcp', 'add', 'files', '--env', 'odd'],
    ['secrets', 'set'],
    ['secrets', 'set', 'HOOK', 'in-the-arguments'],
    ['secrets', 'set', 'HOOK', '--from-file', 'none'],
    ['secrets', 'import', 'none.env'],
    ['plan', 'x'],
    ['plan', 'restart the shop', '--out', 'taken.yaml'],
    ['restore', 'taken.yaml'],
    ['restore', 'none.gz'],
  ];
  const codes = new Set<string>();
  const leave: string[] = [];
  for (const words of bad) {
    const refused = await there.call(...words, '--json');
    expect({ words, code: refused.code }).toEqual({ words, code: 2 });
    codes.add(refused.json<Failure>().error.code);
    if (existsSync(elsewhere)) leave.push(words.join(' '));
    await rm(elsewhere, { recursive: true, force: true });
  }
  expect(leave).toEqual([]);
  expect([...codes].sort()).toEqual(['BACKUP_UNUSABLE', 'NOT_FOUND', 'USAGE']);
});

test('templates and skills are shown without a room, and none is made', async () => {
  const elsewhere = join(folder, 'elsewhere');
  const there = new Cli(folder, { OPSROOM_HOME: elsewhere });
  const asked: [string, object][] = [
    ['templates', { templates: expect.arrayContaining([expect.objectContaining({ name: 'certificate-check' })]) }],
    ['templates show certificate-check', { name: 'certificate-check', problem: null }],
    ['templates preview certificate-check --input host=example.com', { problem: null, missing: [] }],
    ['skills', { skills: expect.arrayContaining([expect.objectContaining({ slug: 'repo-mutation' })]) }],
    ['skills show repo-mutation', { slug: 'repo-mutation', problem: null }],
    ['skills check', { skills: expect.anything() }],
  ];
  for (const [words, answer] of asked) {
    const shown = await there.call(...words.split(' '), '--json');
    expect(shown.json(), words).toMatchObject(answer);
    expect(shown.code, words).toBe(0);
  }
  const unknown = await there.call('skills', 'show', 'none', '--json');
  expect(unknown.json<Failure>().error).toMatchObject({ code: 'NOT_FOUND' });
  expect(existsSync(elsewhere)).toBe(false);
});

test('a run goes on when the database dies under it', async () => {
  // A lease that outlasts the new start on a busy machine: else the step is ended and begun anew, which is right, too.
  const patient = new Cli(folder, { OPSROOM_HOME: join(folder, 'home'), OPSROOM_LEASE_MS: '20000' });
  const running = patient.start('run', 'gate.yaml', '--json');
  await eventually(() => existsSync(join(folder, 'waiting')));
  process.kill(await postmasterOf(embedded.url), 'SIGKILL');
  await writeFile(join(folder, 'go'), '');
  const ended = await running.finished;
  expect(ended.json()).toMatchObject({ status: 'succeeded', steps: [{ attempts: 1 }, { attempts: 1 }] });
  expect(ended.code).toBe(0);
});

async function postmasterOf(url: string): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-Ao', 'pid=,args=']);
  const line = stdout.split('\n').find((text) => text.includes(`port=${new URL(url).port} `) && text.includes(' -D '));
  if (line === undefined) throw new Error('the postmaster does not run');
  return Number.parseInt(line, 10);
}

test('a run that waits says what for: a worker, or a place in its lane', async () => {
  const waits = async () =>
    (await cli.call('show', 'last', '--json')).json<{ waiting: { code: string } }>().waiting.code;
  for (let place = 1; place <= 4; place++)
    await cli.call('run', 'deploy.yaml', '--input', 'ref=x', '--lane', 'D', '--detach');
  expect(await waits()).toBe('NO_WORKER');
  await cli.call('run', 'deploy.yaml', '--input', 'ref=x', '--lane', 'D', '--detach');
  expect(await waits()).toBe('LANE_FULL');
  const following = cli.start('logs', 'last', '--follow');
  await following.saw('lane');
  following.child.kill('SIGINT');
  expect((await following.finished).code).toBe(0);
  const cancelled = await cli.call('cancel', 'last', '--json');
  expect(cancelled.json()).toMatchObject({ status: 'cancelled' });
});
