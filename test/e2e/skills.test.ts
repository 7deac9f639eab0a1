import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { invoke } from '#operations/invoke.js';
import { getSkill } from '#operations/skills/get.js';
import { listSkillsOperation } from '#operations/skills/list.js';
import { libraryAddon } from '../fixtures/library-addon.js';
import { type DebianPostgres, startDebianPostgres } from '../harness/debian-postgres.js';
import { type HttpServer, startHttpServer } from '../harness/http-server.js';
import { missing } from '../harness/parts.js';
import { verifies } from '../harness/requirements.js';
import { type SkillRoom, skillRoom, wordsOf } from '../harness/skill-room.js';
import { type Sshd, startSshd } from '../harness/sshd.js';
import { story } from '../harness/template-room.js';

const LIMIT = 90_000;
const PASSWORD = 'superuser-password';
let at: SkillRoom;
let host: Sshd | undefined;

beforeAll(async () => {
  if (!missing('sshd')) host = await startSshd();
  const postgres = execFileSync('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin | tail -n 1'], {
    encoding: 'utf8',
  }).trim();
  at = await skillRoom({
    PATH: `${postgres}:${process.env['PATH'] ?? ''}`,
    OPSROOM_SECRET_DATABASE: PASSWORD,
    OPSROOM_SECRET_KEY: host?.privateKey ?? 'none there',
  });
}, LIMIT);
afterAll(async () => {
  await at?.close();
  await host?.stop();
}, LIMIT);

test(verifies('SKILL-02', 'every skill that comes with the room can be used'), async () => {
  const { skills } = await invoke(listSkillsOperation, {}, at.room.api.room);
  const shipped = skills.filter(({ origin }) => origin === 'shipped');
  expect(shipped.map(({ slug, problem }) => [slug, problem])).toEqual([
    ['db-migration', null],
    ['doc-to-code', null],
    ['eval-qa', null],
    ['infra-deploy', null],
    ['infra-deploy-docker', null],
    ['odoo-addon', null],
    ['repo-mutation', null],
    ['reverse-engineer', null],
  ]);
  for (const { allowedEnvs, inputs, outputs, verifiers, digest } of shipped) {
    expect(allowedEnvs ?? ['all']).not.toEqual([]);
    expect([inputs.length, outputs.length, verifiers.length].every((count) => count > 0)).toBe(true);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  }
});

describe.skipIf(missing('psql', 'migrations need a PostgreSQL with its programs'))('db-migration', () => {
  let server: DebianPostgres;
  beforeAll(async () => {
    server = await startDebianPostgres();
    await server.query('postgres', 'create database shop');
  }, LIMIT);
  afterAll(() => server?.stop(), LIMIT);

  const migrate = (more: JsonObject) =>
    at.use('db-migration', {
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
      expect(wordsOf(done)).toMatchObject({ 'use-migrate': 'proven', 'use-guarded': 'proven' });
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
      expect(wordsOf(done)).toMatchObject({ 'use-guarded': 'failed' });
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
      const trap = join(at.folder, 'trap');
      const done = await migrate({ name: '003-trap', up: `\\! touch ${trap}`, down: 'select 1' });
      expect(done.status).not.toBe('succeeded');
      expect(existsSync(trap)).toBe(false);
    },
    LIMIT,
  );
});

describe.skipIf(missing('sshd', 'a host to deploy to needs OpenSSH’s server'))('infra-deploy', () => {
  let place: string;
  let site: HttpServer;
  /** The service: what it answers with is read when it is restarted. */
  let serves = 'nothing';
  beforeAll(async () => {
    place = join(at.folder, 'srv');
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
    mkdirSync(join(at.folder, 'dist'), { recursive: true });
    writeFileSync(join(at.folder, 'dist/index.html'), page);
    execFileSync('tar', ['-czf', 'site.tar.gz', '-C', 'dist', '.'], { cwd: at.folder });
    return at.use('infra-deploy', {
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
      expect(wordsOf(first)).toMatchObject({
        'use-upload': expect.any(String),
        'use-answers': 'proven',
        use: expect.any(String),
      });
      expect(readIndex()).toBe('<h1>one</h1>');
      const broken = await deploy('broken');
      expect(broken.status, story(broken)).toBe('rolled_back');
      expect(wordsOf(broken)).toMatchObject({ 'use-answers': 'failed' });
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
      return at.use('eval-qa', {
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
    expect(wordsOf(first)).toMatchObject({ 'use-suite': 'proven', 'use-compare': 'proven', 'use-keep': 'proven' });
    const good = readFileSync(join(at.folder, 'kept/good.json'), 'utf8');
    const worse = await suite([
      ['a', true],
      ['b; $(id)', false],
      ['c', true],
    ]);
    expect(wordsOf(worse), story(worse)).toMatchObject({ 'use-compare': 'failed', 'use-keep': 'pending' });
    const gone = await suite([
      ['a', true],
      ['c', true],
    ]);
    expect(wordsOf(gone)).toMatchObject({ 'use-compare': 'failed' });
    expect(readFileSync(join(at.folder, 'kept/good.json'), 'utf8')).toBe(good);
  },
  LIMIT,
);

describe('odoo-addon', () => {
  const addon = JSON.parse(JSON.stringify(libraryAddon('library')).replaceAll('{{', '{{{{')) as JsonObject;

  test(
    verifies('SKILL-02', 'odoo-addon: without an Odoo it writes the addon, and says that it was not tried'),
    async () => {
      const done = await at.use('odoo-addon', addon);
      expect(done.status, story(done)).toBe('succeeded');
      expect(wordsOf(done)).toMatchObject({ 'use-write': 'proven', 'use-install': 'skipped' });
      expect(done.steps.at(-1)?.verdicts).toContainEqual(expect.objectContaining({ id: 'tried', passed: false }));
      expect(existsSync(join(at.folder, 'addons/library/models/library_book.py'))).toBe(true);
    },
    LIMIT,
  );

  test(
    'what was made before may stay, what somebody has changed is not written over; a name that is none writes nothing',
    async () => {
      const again = await at.use('odoo-addon', addon);
      expect(wordsOf(again), story(again)).toMatchObject({ 'use-write': 'holds, not proven by this step' });
      const menus = join(at.folder, 'addons/library/views/menus.xml');
      writeFileSync(menus, '<odoo/>');
      const over = await at.use('odoo-addon', addon);
      expect(over.steps.find(({ id }) => id === 'use-write')?.error?.message).toContain('views/menus.xml differs');
      expect(readFileSync(menus, 'utf8')).toBe('<odoo/>');
      const name = `x = 1\nimport os`;
      const fields = [{ name, type: 'char', label: 'X' }];
      const models = [{ name: 'a.b', title: 'T', fields }];
      await expect(at.use('odoo-addon', { ...addon, folder: 'hostile', models })).rejects.toThrow(/lower-case letters/);
      expect(existsSync(join(at.folder, 'hostile'))).toBe(false);
    },
    LIMIT,
  );
});

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
      const file = join(at.room.api.room.project, 'skills/note.yaml');
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, own());
      const shown = await invoke(getSkill, { skill: 'note' }, at.room.api.room);
      expect(shown).toMatchObject({
        origin: 'project',
        problem: null,
        tools: ['shell'],
        steps: ['write'],
        verifiers: ['there'],
        parts: { steps: [{ id: 'write', tool: 'shell', verifiers: [{ id: 'there', kind: 'file' }] }], verifiers: [] },
      });
      const done = await at.use('note', { text: `it's "so" $(id) {{ run.title }}` });
      expect(done.status, story(done)).toBe('succeeded');
      expect(wordsOf(done)).toMatchObject({ 'use-write': 'proven', use: 'holds, not proven by this step' });
      expect(readFileSync(join(at.folder, 'note.txt'), 'utf8')).toBe(`it's "so" $(id) note`);
      writeFileSync(file, own('http'));
      const { skills } = await invoke(listSkillsOperation, {}, at.room.api.room);
      const broken = skills.find(({ slug }) => slug === 'note');
      expect(broken?.problem).toContain('which is not listed (skills/note.yaml:');
      const line =
        own('http')
          .split('\n')
          .findIndex((text) => text.startsWith('tools:')) + 1;
      expect(broken).toMatchObject({ file: 'skills/note.yaml', place: { line, column: 1 } });
      await expect(at.use('note', { text: 'x' })).rejects.toThrow('which is not listed');
      rmSync(file);
    },
    LIMIT,
  );

  test(verifies('SKILL-03', 'files that are no skills are listed with the reason, and harm no other'), async () => {
    const { room } = at.room.api;
    const folder = join(room.project, 'skills');
    const path = (name: string) => join(folder, `${name}.yaml`);
    mkdirSync(join(folder, 'a-folder.yaml'), { recursive: true });
    writeFileSync(path('huge'), `description: ${'x'.repeat(300 * 1024)}`);
    writeFileSync(path('deep'), '['.repeat(50_000));
    const aliases = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefghi'.split('').map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(', ')}]`),
    ];
    writeFileSync(path('bomb'), aliases.join('\n'));
    writeFileSync(path('bytes'), Buffer.from([0xff, 0xfe, 0x00, 0x3a]));
    writeFileSync(
      path('polluting'),
      '__proto__: { slug: polluting, tools: [shell] }\nconstructor: { prototype: { polluted: 1 } }\n',
    );
    symlinkSync('/etc/passwd', path('outside'));
    symlinkSync(path('circle'), path('circle'));
    symlinkSync(join(folder, 'nowhere'), path('dangling'));
    execFileSync('mkfifo', [path('pipe')]);
    const { skills } = await invoke(listSkillsOperation, {}, room);
    const problems = Object.fromEntries(
      skills.filter(({ origin }) => origin === 'project').map(({ slug, problem }) => [slug, problem]),
    );
    for (const name of ['a-folder', 'huge', 'outside', 'circle', 'dangling', 'pipe'])
      expect(problems[name], name).toContain('no file of its folder');
    const said = { deep: 'nested deeper', bomb: 'unfolds to more', bytes: 'is binary', polluting: 'cannot be used' };
    for (const [name, words] of Object.entries(said)) expect(problems[name], name).toContain(words);
    expect(skills.filter(({ origin, problem }) => origin === 'shipped' && problem !== null)).toEqual([]);
    await expect(at.use('outside', {})).rejects.toThrow('no file of its folder');
    expect(JSON.stringify(skills)).not.toContain('root:');
    rmSync(folder, { recursive: true });
  });
});
