import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { invoke } from '#operations/invoke.js';
import type { RunView } from '#operations/runs/get.js';
import { startRun } from '#operations/runs/start.js';
import { getSkill } from '#operations/skills/get.js';
import { listSkillsOperation } from '#operations/skills/list.js';
import { type DebianPostgres, startDebianPostgres } from '../harness/debian-postgres.js';
import { type Github, startGithub } from '../harness/github.js';
import { type HttpServer, startHttpServer } from '../harness/http-server.js';
import { missing } from '../harness/parts.js';
import { verifies } from '../harness/requirements.js';
import { type Sshd, startSshd } from '../harness/sshd.js';
import { story, type TemplateRoom, templateRoom } from '../harness/template-room.js';

const LIMIT = 90_000;
const TOKEN = 'ghp_contract_server_token';
const PASSWORD = 'superuser-password';
const folder = mkdtempSync(join(tmpdir(), 'opsroom-skills-'));
let room: TemplateRoom;
let host: Sshd | undefined;

beforeAll(async () => {
  if (!missing('sshd')) host = await startSshd();
  const postgres = execFileSync('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin | tail -n 1'], {
    encoding: 'utf8',
  }).trim();
  room = await templateRoom({
    PATH: `${postgres}:${process.env['PATH'] ?? ''}`,
    OPSROOM_SECRET_GITHUB: TOKEN,
    OPSROOM_SECRET_DATABASE: PASSWORD,
    OPSROOM_SECRET_KEY: host?.privateKey ?? 'none there',
  });
}, LIMIT);
afterAll(async () => {
  await room?.close();
  await host?.stop();
  rmSync(folder, { recursive: true, force: true });
}, LIMIT);

/** Runs a plan of one step that uses a skill, in the folder, to its end. */
async function use(skill: string, args: JsonObject, target: JsonObject = {}): Promise<RunView> {
  const plan = {
    apiVersion: 'opsroom/v1',
    title: skill,
    workspace: { kind: 'inplace' },
    inputs: { elsewhere: 'moon' },
    target: { environment: 'dev', app: 'shop', allowAddresses: ['127.0.0.1'], ...target },
    steps: [{ id: 'use', skill, args }],
  };
  const given = { text: JSON.stringify(plan), file: join(folder, 'plan.yaml') };
  const { runId } = await invoke(startRun, { plan: given }, room.api.room);
  return room.ended(runId);
}

const words = ({ steps }: RunView) => Object.fromEntries(steps.map(({ id, word, status }) => [id, word ?? status]));

test(verifies('SKILL-02', 'every skill that comes with the room can be used'), async () => {
  const { skills } = await invoke(listSkillsOperation, {}, room.api.room);
  const shipped = skills.filter(({ origin }) => origin === 'shipped');
  expect(shipped.map(({ slug, problem }) => [slug, problem])).toEqual([
    ['db-migration', null],
    ['doc-to-code', null],
    ['eval-qa', null],
    ['infra-deploy', null],
    ['repo-mutation', null],
  ]);
  for (const { allowedEnvs, inputs, outputs, verifiers, digest } of shipped) {
    expect(allowedEnvs ?? ['all']).not.toEqual([]);
    expect([inputs.length, outputs.length, verifiers.length].every((count) => count > 0)).toBe(true);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  }
});

describe('skills of repositories', () => {
  let github: Github;
  const remote = join(folder, 'remote.git');
  const git = (cwd: string, ...args: string[]) => {
    const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@octo.example', '-c', 'init.defaultBranch=main'];
    return execFileSync('git', [...who, ...args], { cwd, encoding: 'utf8', stdio: 'pipe' }).trim();
  };
  const patch = (line: string) =>
    `diff --git a/sum.sh b/sum.sh\n--- a/sum.sh\n+++ b/sum.sh\n@@ -1 +1 @@\n-echo $(($1 - $2))\n+${line}\n`;
  const args = (more: JsonObject = {}): JsonObject => ({
    remote,
    repo: 'octo-org/octo-repo',
    branch: 'mend-sum',
    patches: [patch('echo $(($1 + $2))')],
    message: 'Mend the sum; $(id) "so"',
    test: ['sh', 'test.sh'],
    token: '{{ secrets.GITHUB }}',
    baseUrl: github.url,
    reviewers: ['ada'],
    ...more,
  });

  beforeAll(async () => {
    github = await startGithub();
    git(folder, 'init', '-q', '--bare', 'remote.git');
    git(folder, 'clone', '-q', 'remote.git', 'seed');
    const seed = join(folder, 'seed');
    writeFileSync(join(seed, 'sum.sh'), 'echo $(($1 - $2))\n');
    writeFileSync(join(seed, 'test.sh'), 'test "$(sh sum.sh 2 3)" = 5\n');
    git(seed, 'add', '-A');
    git(seed, 'commit', '-q', '-m', 'Begin');
    git(seed, 'push', '-q', 'origin', 'HEAD:refs/heads/main');
  });
  afterAll(() => github?.close());

  /** What GitHub's side does once a branch is there: it knows the commit, and its CI runs and ends. */
  function ciOf(branch: string, conclusion: string): () => void {
    const timer = setInterval(() => {
      const found = git(remote, 'for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`);
      if (found === '') return;
      github.refs.set(branch, found);
      const isAsked = github.asked.some(({ path }) => path.includes(found));
      const run = github.runs.find(({ head_sha }) => head_sha === found);
      if (run === undefined) github.runs.push(github.ci({ head_sha: found, status: 'in_progress', conclusion: null }));
      else if (isAsked) {
        Object.assign(run, { status: 'completed', conclusion });
        // As a webhook would.
        room.api.room.news.ring('octo-org/octo-repo');
      }
    }, 30);
    return () => clearInterval(timer);
  }

  test(
    verifies('SKILL-02', 'repo-mutation: a branch, patches, tests, a pull request and its CI, on a real remote'),
    async () => {
      const stop = ciOf('mend-sum', 'success');
      const done = await use('repo-mutation', args());
      stop();
      expect(done.status, story(done)).toBe('succeeded');
      expect(words(done)).toEqual({
        'use-begin': 'exit code only',
        'use-clone': 'proven',
        'use-patch': 'proven',
        'use-push': 'proven',
        'use-offer': 'proven',
        use: 'proven',
      });
      const sha = git(remote, 'rev-parse', 'mend-sum');
      expect(github.pulls[0]).toMatchObject({
        title: 'Mend the sum; $(id) "so"',
        body: expect.stringContaining(done.runId),
        head: { sha },
        requested_reviewers: [{ login: 'ada' }],
      });
      expect(JSON.stringify(done)).not.toContain(TOKEN);
    },
    LIMIT,
  );

  test(
    'patches that leave the tests red are not pushed; a red CI fails the whole',
    async () => {
      const wrong = await use('repo-mutation', args({ branch: 'wrong', folder: 'second', patches: [patch('echo 0')] }));
      expect(words(wrong)).toMatchObject({ 'use-patch': 'failed', use: 'pending' });
      expect(git(remote, 'branch', '--list', 'wrong')).toBe('');
      const stop = ciOf('red', 'failure');
      const red = await use('repo-mutation', args({ branch: 'red', folder: 'third' }));
      stop();
      expect(words(red), story(red)).toMatchObject({ 'use-offer': 'proven', use: 'failed' });
      expect(red.steps.at(-1)?.error?.message).toContain('ended as failure');
    },
    LIMIT,
  );

  test(
    verifies('SKILL-01', 'where it may be used is held, also when that is only known at the run'),
    async () => {
      await expect(use('repo-mutation', args(), { environment: 'moon' })).rejects.toThrow('may not be used on moon');
      const done = await use('repo-mutation', args(), { environment: '{{ inputs.elsewhere }}' });
      expect(words(done)).toMatchObject({ 'use-begin': 'failed', 'use-clone': 'pending' });
      expect(done.steps[0]?.error?.message).toBe('repo-mutation may not be used on moon');
    },
    LIMIT,
  );

  describe.skipIf(missing('bwrap', 'an agent works in bubblewrap'))('doc-to-code', () => {
    /** A scripted agent that needs nothing but a shell: it does what the last line of its task says. */
    const agent = ['sh', '-c', 'task=$(mktemp); sed -n "\\$p" > "$task"; . "$task"'];
    const wanted = (more: JsonObject): JsonObject => ({
      remote,
      repo: 'octo-org/octo-repo',
      agent,
      allowedPaths: ['sum.sh'],
      test: ['sh', 'test.sh'],
      message: 'Sums are sums',
      token: '{{ secrets.GITHUB }}',
      baseUrl: github.url,
      ...more,
    });
    const MEND = "printf 'echo $(($1 + $2))\\n' > sum.sh";

    test(
      verifies('SKILL-02', 'doc-to-code: a failing test turns green through a pull request, by a scripted agent'),
      async () => {
        const stop = ciOf('from-text', 'success');
        const done = await use(
          'doc-to-code',
          wanted({ branch: 'from-text', folder: 'fourth', text: `# Sums\n\nSum adds.\n${MEND}` }),
        );
        stop();
        expect(done.status, story(done)).toBe('succeeded');
        expect(words(done)).toMatchObject({
          'use-apply': 'proven',
          'use-push': 'proven',
          'use-offer': 'proven',
          use: 'proven',
        });
        expect(git(remote, 'show', 'from-text:sum.sh')).toBe('echo $(($1 + $2))');
        expect(git(remote, 'log', '--format=%s', 'main..from-text')).toBe('Sums are sums');
      },
      LIMIT,
    );

    test(
      'an agent that cheats, by changing the test, reaches nothing',
      async () => {
        const cheat = await use(
          'doc-to-code',
          wanted({ branch: 'cheat', folder: 'fifth', text: 'Pass.\necho true > test.sh' }),
        );
        expect(words(cheat)).toMatchObject({ 'use-work': 'failed', 'use-apply': 'pending' });
        expect(cheat.steps.find(({ id }) => id === 'use-work')?.error?.message).toContain(
          'not among the allowed paths: test.sh',
        );
        expect(git(remote, 'branch', '--list', 'cheat')).toBe('');
      },
      LIMIT,
    );
  });
});

describe.skipIf(missing('psql', 'migrations need a PostgreSQL with its programs'))('db-migration', () => {
  let server: DebianPostgres;
  beforeAll(async () => {
    server = await startDebianPostgres();
    await server.query('postgres', 'create database shop');
  }, LIMIT);
  afterAll(() => server?.stop(), LIMIT);

  const migrate = (more: JsonObject) =>
    use('db-migration', {
      host: '127.0.0.1',
      port: server.port,
      database: 'shop',
      user: 'postgres',
      password: '{{ secrets.DATABASE }}',
      tables: ['orders'],
      ...more,
    });
  const up =
    'create table orders (id int primary key, owner text); alter table orders enable row level security; create policy own on orders using (owner = current_user)';
  const rows = async (text: string) => (await server.query('shop', text)).rows;

  test(
    verifies('SKILL-02', 'db-migration: applied once, noted with its run, its tables guarded'),
    async () => {
      const done = await migrate({ name: '001-orders', up, down: 'drop table orders' });
      expect(done.status, story(done)).toBe('succeeded');
      expect(words(done)).toMatchObject({ 'use-migrate': 'proven', 'use-guarded': 'proven' });
      expect(await rows('select name, run from opsroom_migrations')).toEqual([{ name: '001-orders', run: done.runId }]);
      const again = await migrate({ name: '001-orders', up: 'create table twice (id int)', down: 'drop table twice' });
      expect(again.status).not.toBe('succeeded');
      expect(await rows("select to_regclass('twice') as t")).toEqual([{ t: null }]);
    },
    LIMIT,
  );

  test(
    verifies('SKILL-02', 'db-migration: what leaves a table unguarded is taken back'),
    async () => {
      const done = await migrate({
        name: '002-open',
        tables: ['open'],
        up: 'create table open (id int)',
        down: 'drop table open',
      });
      expect(done.status, story(done)).toBe('rolled_back');
      expect(words(done)).toMatchObject({ 'use-guarded': 'failed' });
      expect(
        await rows(
          "select to_regclass('open') as t, (select count(*)::int from opsroom_migrations where name = '002-open') as n",
        ),
      ).toEqual([{ t: null, n: 0 }]);
    },
    LIMIT,
  );

  test(
    'what looks like a command of psql is SQL, and fails as such',
    async () => {
      const trap = join(folder, 'trap');
      const done = await migrate({ name: '003-trap', up: `\\! touch ${trap}`, down: 'select 1' });
      expect(done.status).not.toBe('succeeded');
      expect(existsSync(trap)).toBe(false);
    },
    LIMIT,
  );
});

describe.skipIf(missing('sshd', 'a host to deploy to needs OpenSSH’s server'))('infra-deploy', () => {
  const place = join(folder, 'srv');
  let site: HttpServer;
  /** The service: what it answers with is read when it is restarted. */
  let serves = 'nothing';
  beforeAll(async () => {
    mkdirSync(place);
    writeFileSync(
      join(place, 'restart.sh'),
      'cp current/.release current/index.html "$1" 2>/dev/null; cat current/.release > running\n',
    );
    site = await startHttpServer((_request, response) => {
      serves = existsSync(join(place, 'running')) ? readFileSync(join(place, 'running'), 'utf8') : 'nothing';
      const isBroken = readIndex().includes('broken');
      response.writeHead(isBroken ? 500 : 200).end(isBroken ? 'error' : serves);
    });
  });
  afterAll(() => site?.close());
  const readIndex = () =>
    existsSync(join(place, 'current/index.html')) ? readFileSync(join(place, 'current/index.html'), 'utf8') : '';

  const deploy = (page: string, more: JsonObject = {}) => {
    mkdirSync(join(folder, 'dist'), { recursive: true });
    writeFileSync(join(folder, 'dist/index.html'), page);
    execFileSync('tar', ['-czf', 'site.tar.gz', '-C', 'dist', '.'], { cwd: folder });
    return use('infra-deploy', {
      host: '127.0.0.1',
      port: host?.port ?? 0,
      user: host?.user ?? '',
      hostKey: host?.fingerprint ?? '',
      privateKey: '{{ secrets.KEY }}',
      archive: 'site.tar.gz',
      folder: place,
      restart: ['sh', 'restart.sh', '/tmp'],
      health: site.url,
      withinMs: 1500,
      ...more,
    });
  };

  test(
    verifies('SKILL-02', 'infra-deploy: a release goes live over SSH; one that is broken is switched back'),
    async () => {
      const first = await deploy('<h1>one</h1>');
      expect(first.status, story(first)).toBe('succeeded');
      expect(words(first)).toMatchObject({
        'use-upload': expect.any(String),
        'use-answers': 'proven',
        use: expect.any(String),
      });
      expect(readIndex()).toBe('<h1>one</h1>');
      const broken = await deploy('broken');
      expect(broken.status, story(broken)).toBe('rolled_back');
      expect(words(broken)).toMatchObject({ 'use-answers': 'failed' });
      expect(readIndex()).toBe('<h1>one</h1>');
      expect(readFileSync(join(place, 'running'), 'utf8').trim()).toBe(first.runId);
    },
    LIMIT,
  );
});

test(
  verifies(
    'SKILL-02',
    'eval-qa: what passed in the last good run must pass still; only then it becomes the last good run',
  ),
  async () => {
    const suite = (cases: readonly (readonly [string, boolean])[]) => {
      const text = JSON.stringify({ cases: cases.map(([id, passed]) => ({ id, passed })) });
      return use('eval-qa', {
        suite: ['sh', '-c', 'printf %s "$0" > results.json; exit 1', text],
        results: 'results.json',
        baseline: 'kept/good.json',
      });
    };
    const first = await suite([
      ['a', true],
      ['b; $(id)', true],
      ['c', false],
    ]);
    expect(first.status, story(first)).toBe('succeeded');
    expect(words(first)).toMatchObject({ 'use-suite': 'proven', 'use-compare': 'proven', 'use-keep': 'proven' });
    const good = readFileSync(join(folder, 'kept/good.json'), 'utf8');
    const worse = await suite([
      ['a', true],
      ['b; $(id)', false],
      ['c', true],
    ]);
    expect(words(worse), story(worse)).toMatchObject({ 'use-compare': 'failed', 'use-keep': 'pending' });
    const gone = await suite([
      ['a', true],
      ['c', true],
    ]);
    expect(words(gone)).toMatchObject({ 'use-compare': 'failed' });
    expect(readFileSync(join(folder, 'kept/good.json'), 'utf8')).toBe(good);
  },
  LIMIT,
);

describe('a skill of one’s own', () => {
  const own = (tools = 'shell') => `slug: note
name: Write a note
description: Writes a note.
tools: [${tools}]
constraints: { max_runtime_ms: 60000 }
inputSchema: { type: object, required: [text], properties: { text: { type: string } } }
outputSchema: { type: object, required: [words], properties: { words: { type: string } } }
steps:
  - id: write
    tool: shell
    args: { run: 'printf %s "$TEXT" > note.txt; wc -w < note.txt', env: { TEXT: '{{ args.text }}' } }
    verifiers: [{ id: there, kind: file, config: { path: note.txt, contains: '{{ args.text }}' } }]
outputs: { words: '{{ steps.write.output.stdout }}' }
`;

  test(
    verifies('SKILL-03', 'is a file of the project: listed, validated, used, and bound by its digest'),
    async () => {
      const file = join(room.api.room.project, 'skills/note.yaml');
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, own());
      const shown = await invoke(getSkill, { skill: 'note' }, room.api.room);
      expect(shown).toMatchObject({
        origin: 'project',
        problem: null,
        tools: ['shell'],
        steps: ['write'],
        verifiers: ['there'],
      });
      const done = await use('note', { text: `it's "so" $(id) {{ run.title }}` });
      expect(done.status, story(done)).toBe('succeeded');
      expect(words(done)).toMatchObject({ 'use-write': 'proven', use: 'holds, not proven by this step' });
      expect(readFileSync(join(folder, 'note.txt'), 'utf8')).toBe(`it's "so" $(id) note`);
      writeFileSync(file, own('http'));
      const { skills } = await invoke(listSkillsOperation, {}, room.api.room);
      expect(skills.find(({ slug }) => slug === 'note')?.problem).toContain('which is not listed');
      await expect(use('note', { text: 'x' })).rejects.toThrow('which is not listed');
      rmSync(file);
    },
    LIMIT,
  );
});
