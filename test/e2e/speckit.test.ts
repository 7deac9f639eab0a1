import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { placeCluster } from '#db/place.js';
import { Cli } from '../harness/cli.js';
import { removeCluster } from '../harness/cluster.js';
import type { Github } from '../harness/github.js';
import { verifies } from '../harness/requirements.js';
import { git, type SpecProject, specProject } from '../harness/spec-project.js';

const TASKS = `# Tasks: Bookshop

## Phase 1: Setup
- [x] T001 Create README.md
- [ ] T002 Create src/shop.txt with $(touch pwned) "and" \`quotes\`

## Phase 2: User Story 1 - Search
- [ ] T003 [P] [US1] Create src/search.txt
- [ ] T004 [P] [US1] Create src/index.txt (depends on T002)
`;
/** Does a task: writes each file that it names, with what it was told. */
const DOER = `for file in $OPSROOM_TASK_FILES; do mkdir -p "$(dirname "$file")"; cat > "$file"; printf '%s' "$OPSROOM_TASK_ID" > "$file.id"; done\n`;

interface Failure {
  error: { code: string };
}

let folder: string;
let cli: Cli;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsroom-speckit-'));
  cli = new Cli(folder, { OPSROOM_HOME: join(folder, 'home') });
  await mkdir(join(folder, 'specs/001-shop'), { recursive: true });
  await mkdir(join(folder, '.specify/memory'), { recursive: true });
  await writeFile(join(folder, '.specify/memory/constitution.md'), '# Principles\n');
  await writeFile(join(folder, 'specs/001-shop/tasks.md'), TASKS);
  await writeFile(join(folder, 'do.sh'), DOER);
});

afterAll(async () => {
  await removeCluster(await placeCluster(join(folder, 'home')));
  await rm(folder, { recursive: true, force: true });
});

test(verifies('COMPILE-02', 'a folder compiles, and each task is explained with its line and its rule'), async () => {
  const shown = await cli.call('compile', 'specs/001-shop', '--explain');
  expect(shown).toMatchObject({ code: 0 });
  expect(shown.stdout).toContain('specs/001-shop/tasks.md:5');
  expect(shown.stdout).toContain('[done]');
  const view = (await cli.call('compile', '.', '--json')).json<{ steps: { id: string; dependsOn: string[] }[] }>();
  expect(view.steps.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
    ['T002', []],
    ['T003', ['T002']],
    ['T004', ['T002']],
  ]);
  const unseen = await cli.call('run', '.', '--json');
  expect(unseen.code).toBe(2);
  expect(unseen.json<Failure>().error.code).toBe('SPECKIT_UNSEEN');
});

test(verifies('COMPILE-02', 'a program does each task, gets it as data, and its files prove it'), async () => {
  const ran = await cli.call('run', 'specs/001-shop', '--with', 'sh do.sh', '--seen');
  expect(ran).toMatchObject({ code: 0 });
  expect(await readFile(join(folder, 'src/shop.txt'), 'utf8')).toContain('$(touch pwned) "and" `quotes`');
  expect(await readFile(join(folder, 'src/search.txt'), 'utf8')).toContain('.specify/memory/constitution.md');
  expect(await readFile(join(folder, 'src/index.txt.id'), 'utf8')).toBe('T004');
  await expect(readFile(join(folder, 'pwned'))).rejects.toThrow('ENOENT');
}, 60_000);

test(verifies('COMPILE-02', 'a task whose files were not made has failed, whatever the program says'), async () => {
  await rm(join(folder, 'src'), { recursive: true, force: true });
  const ran = await cli.call('run', 'specs/001-shop', '--with', 'true', '--seen');
  expect(ran.code).not.toBe(0);
  expect(ran.stdout + ran.stderr).toContain('src/shop.txt does not exist');
}, 60_000);

test(verifies('PLAN-08', 'the same list goes elsewhere'), async () => {
  const brief = await cli.call('export', 'specs/001-shop', '--to', 'claude-code');
  expect(brief).toMatchObject({ code: 0 });
  expect(brief.stdout).toContain('T003');
  const workflow = await cli.call('export', '.', '--to', 'github-actions', '--with', 'sh do.sh', '--out', 'out/x.yml');
  expect(workflow).toMatchObject({ code: 0 });
  expect(await readFile(join(folder, 'out/x.yml'), 'utf8')).toContain('run: printf \'%s\' "$OPSROOM_STDIN" |');
});

describe('in a repository with a remote', () => {
  let at: SpecProject;
  let github: Github;
  let project: string;
  let remote: string;
  let here: Cli;
  const listed: string[] = [];
  const offered = (...more: string[]) =>
    here.call('run', 'specs/001-shop', '--with', 'sh do.sh', '--seen', ...at.offer, ...more);

  beforeAll(async () => {
    // What everybody on the machine sees while git is at work.
    const received = async () => void listed.push(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }));
    at = await specProject(folder, { received });
    ({ github, folder: project, remote } = at);
    here = new Cli(project, { OPSROOM_HOME: join(folder, 'home'), OPSROOM_SECRET_GITHUB_TOKEN: github.token });
  });
  afterAll(() => at?.close());

  test(verifies(
    'COMPILE-02',
    'a list of tasks ends as a pull request on GitHub that names its run, each task judged by the tests',
  ), async () => {
    const ran = await offered('--check', 'sh test.sh', '--json');
    const { runId, steps } = ran.json<{
      runId: string;
      steps: { id: string; status: string; verdicts: { id: string; proven: boolean }[] }[];
    }>();
    expect(ran.code, ran.stderr).toBe(0);
    const verdicts = steps.map(({ id, verdicts }) => [id, ...verdicts.map((one) => `${one.id} ${one.proven}`)]);
    expect(verdicts).toEqual([
      ['branch', 'there true'],
      ['T001', 'check true'],
      ['T002', 'check false'],
      ['commit', 'changed true'],
      ['push', 'pushed true'],
      ['pull-request', 'open true'],
    ]);
    expect(github.pulls[0]).toMatchObject({ title: 'Bookshop', head: { ref: '001-shop' }, base: { ref: 'main' } });
    expect(github.pulls[0]?.['body']).toContain(runId);
    expect(git(remote, 'show', '--format=%s', '--name-only', '001-shop')).toBe(
      'Bookshop\n\nsrc/T001.txt\nsrc/T002.txt',
    );
    expect(ran.stdout + ran.stderr).not.toContain(github.token);
  }, 60_000);

  test(verifies(
    'COMPILE-02',
    'agents do one task after the other, each from the branch as the one before left it',
  ), async () => {
    const programs = join(folder, 'programs');
    await mkdir(programs);
    // Fails unless it finds what the one before did; says what Claude Code says.
    const claude = `#!/bin/sh
if [ -e src/first.txt ]; then echo done > src/second.txt; else mkdir -p src; echo done > src/first.txt; fi
echo '{"type":"result","subtype":"success","is_error":false,"result":"ok","total_cost_usd":0.01,"usage":{"input_tokens":1,"output_tokens":1}}'
`;
    await writeFile(join(programs, 'claude'), claude, { mode: 0o755 });
    const env = { OPSROOM_HOME: join(folder, 'home'), OPSROOM_SECRET_GITHUB_TOKEN: github.token };
    here = new Cli(project, { ...env, PATH: `${programs}:${process.env['PATH']}` });
    git(project, 'switch', '-q', 'main');
    const ran = await offered('--with', 'agent', '--check', 'sh test.sh', '--input', 'branch=by-agents', '--json');
    expect(ran.code, ran.stderr + ran.stdout).toBe(0);
    const ids = ran.json<{ steps: { id: string }[] }>().steps.map(({ id }) => id);
    expect(ids).toEqual('branch T001 T001-apply T002 T002-apply push pull-request'.split(' '));
    expect(git(remote, 'log', '--format=%s', 'main..by-agents')).toBe('T002 The till\nT001 The shelf');
    expect(git(remote, 'ls-tree', '--name-only', 'by-agents', 'src/')).toBe('src/first.txt\nsrc/second.txt');
    expect(git(project, 'status', '--porcelain')).toBe('');
    expect(github.pulls.at(-1)).toMatchObject({ head: { ref: 'by-agents' } });
  }, 60_000);

  test('what the tasks left in the repository is not given the token: hooks, settings and the list of processes', async () => {
    // What git runs tells what it was given, and what those were given that started it.
    const spy = join(folder, 'spied');
    await writeFile(
      join(folder, 'spy.sh'),
      `#!/bin/sh
for at in self $PPID $(cut -d' ' -f4 /proc/$PPID/stat); do tr '\\0' '\\n' < /proc/$at/environ >> ${spy}; done
`,
      { mode: 0o755 },
    );
    const hostile = `for hook in pre-push post-checkout pre-commit; do cp ../spy.sh .git/hooks/$hook; done
git config core.hooksPath .git/hooks; git config core.fsmonitor ${join(folder, 'spy.sh')}
git config url.http://127.0.0.1:9/.insteadOf ${at.url}/; git config remote.origin.pushurl http://127.0.0.1:9/
git config credential.helper '!env >> ${spy}; cat >> ${spy};'; git config core.sshCommand ${join(folder, 'spy.sh')}
mkdir -p src; date +%s%N > src/hostile.txt\n`;
    here = new Cli(project, { OPSROOM_HOME: join(folder, 'home'), OPSROOM_SECRET_GITHUB_TOKEN: github.token });
    git(project, 'switch', '-q', 'main');
    await writeFile(join(folder, 'hostile.sh'), hostile);
    listed.length = 0;
    // The second time all of it is there from the beginning.
    for (const _ of ['first', 'second']) {
      const ran = await offered('--with', `sh ${join(folder, 'hostile.sh')}`, '--input', 'branch=hostile');
      expect(ran.code, ran.stderr + ran.stdout).toBe(0);
    }
    const spied = await readFile(spy, 'utf8');
    expect(spied).toContain('BRANCH=hostile');
    expect(spied).not.toContain(github.token);
    expect(listed).toHaveLength(2);
    expect(listed.join('')).toContain('git-remote-http');
    expect(listed.join('')).not.toContain(github.token);
    expect(git(remote, 'log', '--format=%s', 'main..hostile')).toBe('Bookshop\nBookshop');
    await rm(join(project, '.git/config'));
    await rm(join(project, '.git/hooks'), { recursive: true });
    git(project, 'remote', 'add', 'origin', remote);
  }, 60_000);

  test.each([
    ['amends the last commit', 'git commit -q -a --amend -m evil'],
    [
      'makes a branch of that name without a past',
      'git checkout -q --orphan o; git add -A; git commit -qm x; git branch -qM o rewrites',
    ],
    [
      'has git take another commit for it',
      'old=$(git rev-parse HEAD); git commit -q --allow-empty --amend -m evil; git replace $(git rev-parse HEAD) $(git commit-tree -p $old -m x HEAD^{tree})',
    ],
  ])(
    verifies('COMPILE-02', 'a program that %s is refused, and nothing of it is pushed'),
    async (_, rewrites) => {
      git(project, 'switch', '-q', 'main');
      git(project, 'config', 'user.name', 'Eve');
      git(project, 'config', 'user.email', 'eve@octo.example');
      await writeFile(
        join(folder, 'rewrites.sh'),
        `mkdir -p src; date +%s%N > src/$OPSROOM_TASK_ID.txt\nmkdir ../once 2>/dev/null && { ${rewrites}; } || :\n`,
      );
      const begun = git(project, 'rev-parse', 'main');
      const ran = await offered('--with', `sh ${join(folder, 'rewrites.sh')}`, '--input', 'branch=rewrites');
      await rm(join(folder, 'once'), { recursive: true });
      const said = ran.stdout + ran.stderr;
      git(project, 'switch', '-q', '-f', 'main');
      git(project, 'clean', '-qfd');
      git(project, 'branch', '-q', '-D', 'rewrites');
      for (const lie of git(project, 'replace', '-l').split('\n')) if (lie) git(project, 'replace', '-d', lie);
      expect([ran.code, said]).toEqual([
        1,
        expect.stringContaining(`no longer has the commit that they began from, ${begun}`),
      ]);
      expect(git(remote, 'branch', '--list', 'rewrites')).toBe('');
    },
    60_000,
  );

  test('commits that a program makes itself go along, and are counted in the log', async () => {
    git(project, 'switch', '-q', 'main');
    const commits = `mkdir -p src; date +%s%N > src/$OPSROOM_TASK_ID.txt; git add -A; git commit -qm "By $OPSROOM_TASK_ID"\n`;
    await writeFile(join(folder, 'commits.sh'), commits);
    git(project, 'config', 'user.name', 'Eve');
    git(project, 'config', 'user.email', 'eve@octo.example');
    // One after the other, as with a check: git lets nobody commit beside another.
    const program = ['--with', `sh ${join(folder, 'commits.sh')}`, '--check', 'true'];
    const ran = await offered(...program, '--input', 'branch=own-commits', '--json');
    expect(ran.code, ran.stderr + ran.stdout).toBe(0);
    expect(git(remote, 'log', '--format=%s', 'main..own-commits')).toBe('By T002\nBy T001');
    const logs = await here.call('logs', ran.json<{ runId: string }>().runId);
    expect(logs.stdout).toContain('Commits that the tasks made themselves, which go along: 2');
  }, 60_000);

  test('the branch that the pull request is for is not one to work on', async () => {
    git(project, 'switch', '-q', 'main');
    const ran = await offered('--input', 'branch=main');
    expect([ran.code, ran.stdout + ran.stderr]).toEqual([1, expect.stringContaining('Name another branch')]);
    expect(git(project, 'status', '--porcelain')).toBe('');
  }, 60_000);

  test('a token that may only read is found before the first task, though anybody may read', async () => {
    const env = { OPSROOM_HOME: join(folder, 'home'), OPSROOM_SECRET_GITHUB_TOKEN: 'ghp_that_may_only_read' };
    git(project, 'switch', '-q', 'main');
    const more = ['--pull-request', 'octo-org/open-repo', '--github-url', at.offer.at(-1) ?? ''];
    const ran = await new Cli(project, env).call('run', 'specs/001-shop', '--with', 'sh do.sh', '--seen', ...more);
    expect([ran.code, ran.stdout + ran.stderr]).toEqual([1, expect.stringContaining('may not push')]);
    expect(git(project, 'status', '--porcelain')).toBe('');
  }, 60_000);

  test('a shallow clone, as a CI makes it, is enough', async () => {
    git(folder, 'clone', '-q', '--depth', '1', `file://${remote}`, 'shallow');
    here = new Cli(join(folder, 'shallow'), {
      OPSROOM_HOME: join(folder, 'home'),
      OPSROOM_SECRET_GITHUB_TOKEN: github.token,
    });
    const ran = await offered('--input', 'branch=from-shallow');
    here = new Cli(project, { OPSROOM_HOME: join(folder, 'home'), OPSROOM_SECRET_GITHUB_TOKEN: github.token });
    expect(ran.code, ran.stderr + ran.stdout).toBe(0);
    expect(git(remote, 'log', '--format=%s', 'main..from-shallow')).toBe('Bookshop');
  }, 60_000);

  test('a branch that is ahead on GitHub is found before the first task, and so is a base that is not there', async () => {
    git(remote, 'update-ref', 'refs/heads/ahead', git(remote, 'commit-tree', '-m', 'Another', 'main^{tree}'));
    git(project, 'switch', '-q', 'main');
    const ahead = await offered('--input', 'branch=ahead');
    expect([ahead.code, ahead.stdout + ahead.stderr]).toEqual([
      1,
      expect.stringContaining('has commits that are not here'),
    ]);
    const none = await offered('--input', 'base=nowhere');
    expect([none.code, none.stdout + none.stderr]).toEqual([1, expect.stringContaining('has no branch nowhere')]);
  }, 60_000);

  test('what is not committed stays whose it is: nothing is begun', async () => {
    const before = github.pulls.length;
    await writeFile(join(project, 'mine.txt'), 'mine');
    const ran = await offered();
    await rm(join(project, 'mine.txt'));
    expect(ran.code).toBe(1);
    expect(ran.stdout + ran.stderr).toContain('There are changes that are not committed');
    expect(github.pulls).toHaveLength(before);
  }, 60_000);

  test('what is no repository, no server, or no list of tasks is refused at once', async () => {
    const said = async (...args: string[]) => {
      const { code, stdout } = await here.call(...args, '--json');
      return [code, JSON.parse(stdout).error.message];
    };
    expect(await said('compile', '.', '--pull-request', 'shop')).toEqual([
      2,
      '--pull-request: a repository is written owner/name',
    ]);
    expect(await said('compile', '.', '--github-url', 'https://ghe.example')).toEqual([
      2,
      expect.stringContaining('--pull-request'),
    ]);
    expect(await said('compile', '.', '--check', 'npm test')).toEqual([
      2,
      expect.stringContaining('a person who does a task'),
    ]);
    expect((await said('compile', 'do.sh', '--check', 'npm test'))[0]).toBe(2);
  });
});
