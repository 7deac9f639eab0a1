import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Embedded, openEmbedded } from '#db/embedded.js';
import { placeCluster } from '#db/place.js';
import { Cli } from '../harness/cli.js';
import { removeCluster } from '../harness/cluster.js';
import { verifies } from '../harness/requirements.js';

const block = (code: string, info = 'bash') => `\`\`\`${info}\n${code}\n\`\`\`\n\n`;

const ROTATE = `# Rotate the key

## Rotate

${block('make key')}${block('rm -rf old-keys')}## Verify

${block('test -s key.pem')}## Rollback

${block('mv key.bak key.pem')}## Troubleshooting

${block('reboot')}`;

interface View {
  steps: { id: string; place?: { line: number } }[];
  explanation: {
    steps: { id: string; label: string; rule: string; lines: { from: number; to: number }; ask: string | null }[];
    leftOut: { rule: string; lines: { from: number; to: number } }[];
  };
}
interface Failure {
  error: { code: string; mend: string };
}

let folder: string;
let cli: Cli;
let embedded: Embedded | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsroom-runbooks-'));
  cli = new Cli(folder, { OPSROOM_HOME: join(folder, 'home') });
});

afterAll(async () => {
  await embedded?.stop();
  await removeCluster(await placeCluster(join(folder, 'home')));
  await rm(folder, { recursive: true, force: true });
});

test(
  verifies('COMPILE-03', 'a runbook compiles, and each block is explained with its lines and its rule'),
  async () => {
    await writeFile(join(folder, 'rotate.md'), ROTATE);
    const shown = await cli.call('compile', 'rotate.md', '--explain');
    expect(shown).toMatchObject({ code: 0, stderr: expect.stringContaining('warning') });
    expect(shown.stdout).toContain('rotate.md:5-7');
    expect(shown.stdout).toContain('[troubleshooting-section]');

    const view = (await cli.call('compile', 'rotate.md', '--json')).json<View>();
    expect(view.steps.map(({ id, place }) => [id, place?.line])).toEqual([
      ['make-key', 5],
      ['ask-rm-old-keys', 9],
      ['rm-old-keys', 9],
    ]);
    expect(view.explanation.steps.map(({ id, label, rule, lines }) => [id, label, rule, lines.from])).toEqual([
      ['make-key', 'run', 'procedure', 5],
      ['rm-old-keys', 'run', 'destructive', 9],
      ['rm-old-keys', 'verify', 'check', 15],
      ['make-key', 'rollback', 'rollback-section', 21],
    ]);
    expect(view.explanation.leftOut).toMatchObject([{ rule: 'troubleshooting-section', lines: { from: 27, to: 29 } }]);
  },
);

test('a runbook that is written for the folder from which it is read says so, and how to work there', async () => {
  const warnings = async (text: string) => {
    await writeFile(join(folder, 'docs', 'seal.md'), text);
    return (await cli.call('compile', 'docs/seal.md', '--json')).json<{ warnings: string[] }>().warnings;
  };
  const text = `# Seal\n\n${block('./scripts/seal.sh now\ncp conf/a.yml conf/b.yml')}`;
  await mkdir(join(folder, 'docs'), { recursive: true });
  await mkdir(join(folder, 'scripts'), { recursive: true });
  await writeFile(join(folder, 'scripts', 'seal.sh'), 'true\n');
  const told = expect.stringMatching(
    /^docs\/seal\.md works in docs, .* is here \(`scripts\/seal\.sh`\).*`opsroom: \{ cwd: \.\. \}`/,
  );
  expect(await warnings(text)).toContainEqual(told);
  expect(await warnings(`---\nopsroom: { cwd: .. }\n---\n${text}`)).not.toContainEqual(told);
  expect(await warnings('# Seal\n\n```bash\n./scripts/other.sh\n```\n')).not.toContainEqual(told);
  await mkdir(join(folder, 'docs', 'conf'));
  await writeFile(join(folder, 'docs', 'conf', 'a.yml'), '');
  expect(await warnings(text)).not.toContainEqual(told);
});

test('one section compiles; a wrong one names its neighbour', async () => {
  const view = (await cli.call('compile', 'rotate.md#rotate', '--json')).json<View>();
  expect(view.explanation.leftOut.map(({ rule }) => rule)).toEqual(['troubleshooting-section']);
  const wrong = await cli.call('compile', 'rotate.md#rotat', '--json');
  expect(wrong).toMatchObject({ code: 2 });
  const { code, mend } = wrong.json<Failure>().error;
  expect([code, mend]).toEqual([
    'RUNBOOK_SECTION',
    expect.stringMatching(/^Did you mean "rotate"\? .*#rotate, #verify/),
  ]);
});

test('strict refuses a check that states no expectation', async () => {
  await writeFile(join(folder, 'weak.md'), `# W\n\n${block('make a')}## Verify\n\n${block('kubectl get pods')}`);
  expect((await cli.call('compile', 'weak.md')).stderr).toContain('states no expectation');
  const refused = await cli.call('compile', 'weak.md', '--strict', '--json');
  expect(refused.code).toBe(2);
  expect(refused.json<Failure>().error.code).toBe('RUNBOOK_WEAK_CHECK');
});

test('a file that nobody reviewed is refused where nobody can be asked, and the ways out are named', async () => {
  const refused = await cli.call('run', 'rotate.md', '--json');
  expect(refused.code).toBe(2);
  const { code, mend } = refused.json<Failure>().error;
  expect(code).toBe('RUNBOOK_UNREVIEWED');
  expect(mend).toMatch(/opsroom review .*rotate\.md.*opsroom run .*rotate\.md#rotate/);
}, 60_000);

test('a review is locked beside the file; what was accepted asks no more, what changed asks again', async () => {
  const walked = await cli.call('review', 'rotate.md', '--json');
  expect(walked.json<Failure>().error).toMatchObject({ code: 'USAGE', mend: expect.stringContaining('--accept') });
  expect((await cli.call('review', 'rotate.md', '--accept')).code).toBe(0);
  const lock = await readFile(join(folder, 'rotate.md.lock'), 'utf8');
  expect(lock.match(/digest: [0-9a-f]{64}/g)).toHaveLength(6);

  const asks = async () =>
    (await cli.call('compile', 'rotate.md', '--json')).json<View>().explanation.steps.filter(({ ask }) => ask !== null)
      .length;
  expect(await asks()).toBe(0);
  await writeFile(join(folder, 'rotate.md'), ROTATE.replace('rm -rf old-keys', 'rm -rf older-keys'));
  expect(await asks()).toBe(1);
  const refused = await cli.call('run', 'rotate.md', '--json');
  expect(refused.json<Failure>().error.code).toBe('RUNBOOK_UNREVIEWED');
}, 60_000);

test('a broken lock and a plan that is no runbook are refused', async () => {
  await writeFile(join(folder, 'broken.md'), ROTATE);
  await writeFile(join(folder, 'broken.md.lock'), 'blocks: 7\n');
  const broken = await cli.call('compile', 'broken.md', '--json');
  expect(broken.json<Failure>().error.code).toBe('RUNBOOK_LOCK');
  await writeFile(join(folder, 'plan.yaml'), 'title: x\n');
  const plan = await cli.call('review', 'plan.yaml', '--json');
  expect(plan.json<Failure>().error.code).toBe('USAGE');
});

const REAL = `# Make a key

## Make

${block('mkdir keys && cd keys\nexport NAME=fresh')}${block('$ echo "$NAME" > key.pem && cat key.pem\nfresh', 'console')}## Verify

${block('test -s key.pem')}## Rollback

${block('rm key.pem')}`;

interface Result {
  status: string;
  steps: { id: string; status: string; verdicts: { id: string; passed: boolean; proven: boolean }[] }[];
}

test(verifies(
  'COMPILE-03',
  'a runbook runs as if typed into one shell: proven by its check, undone by its rollback',
), async () => {
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  embedded = await openEmbedded(join(folder, 'home'), quiet);
  await writeFile(join(folder, 'key.md'), REAL);
  const done = await cli.call('run', 'key.md#make', '--json');
  expect(done).toMatchObject({ code: 0 });
  expect(done.json<Result>().steps[1]).toEqual(
    expect.objectContaining({
      id: 'cat-key-pem',
      verdicts: expect.arrayContaining([{ id: 'test-key-pem', passed: true, proven: true }]),
    }),
  );
  expect(await readFile(join(folder, 'keys', 'key.pem'), 'utf8')).toBe('fresh\n');

  await rm(join(folder, 'keys'), { recursive: true });
  await writeFile(join(folder, 'key.md'), REAL.replace('test -s key.pem', 'test -s other.pem'));
  await cli.call('review', 'key.md', '--accept');
  const failed = await cli.call('run', 'key.md', '--json');
  expect(failed).toMatchObject({ code: 1 });
  expect(failed.json<Result>().status).toBe('rolled_back');
  await expect(readFile(join(folder, 'keys', 'key.pem'))).rejects.toMatchObject({ code: 'ENOENT' });
}, 120_000);

const CASES = `# The shop

## Restart

${block('echo old > shop.db\n\n# 2. Start afresh if the data is corrupted\necho new > shop.db\n\n# 3. Restart\ntouch up.txt')}## Verify

${block('test -f up.txt')}`;

test(verifies(
  'COMPILE-03',
  'what a block holds for some case only is done when somebody says so, and not before',
), async () => {
  await writeFile(join(folder, 'cases.md'), CASES);
  const asked = 'start_afresh_if_the_data_is_corrupted=yes';
  for (const [answers, wanted] of [
    [[], 'old\n'],
    [['--input', asked], 'new\n'],
  ] as const) {
    const done = await cli.call('run', 'cases.md#restart', ...answers, '--json');
    expect(done).toMatchObject({ code: 0 });
    expect(done.json<Result>().status).toBe('succeeded');
    expect(await readFile(join(folder, 'shop.db'), 'utf8')).toBe(wanted);
  }
}, 120_000);

const ANEW = `# Release

## Build

${block('cd repo\necho built > built')}## Deploy

${block('cd repo\ncp built live')}${block('echo more >> live')}## Verify

${block('cd repo\ngrep -q built live')}## Rollback

${block('cd repo\nrm live')}${block('echo undone > undone')}`;

test(verifies(
  'COMPILE-03',
  'sections that each begin with the same cd begin where the run began: steps, checks and what takes back',
), async () => {
  const work = join(folder, 'anew');
  const repo = join(work, 'repo');
  const file = join(work, 'release.md');
  await mkdir(repo, { recursive: true });
  for (const [text, code, status, files] of [
    [ANEW, 0, 'succeeded', ['built', 'live']],
    [ANEW.replace('grep -q built', 'grep -q never'), 1, 'rolled_back', ['built', 'undone']],
  ] as const) {
    await writeFile(file, text);
    await cli.call('review', 'anew/release.md', '--accept');
    const done = await cli.call('run', 'anew/release.md', '--json');
    expect([done.code, done.json<Result>().status]).toEqual([code, status]);
    expect((await readdir(repo)).sort()).toEqual(files);
  }
}, 120_000);
