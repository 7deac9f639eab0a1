import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunView } from '#operations/runs/get.js';
import { Cli, type Finished } from '../harness/cli.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { missing } from '../harness/parts.js';
import { verifies } from '../harness/requirements.js';

interface View {
  explanation: {
    steps: { id: string; label: string; ask: string | null; background: boolean }[];
    leftOut: { rule: string }[];
  };
}

let folder: string;
let room: TestDatabase;
let shop: TestDatabase;
let cli: Cli;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'opsroom-runbook-examples-'));
  cpSync('examples/runbooks', folder, { recursive: true });
  [room, shop] = await Promise.all([testDatabase(), testDatabase({ migrated: false })]);
  cli = new Cli(folder, {
    OPSROOM_HOME: join(folder, 'home'),
    DATABASE_URL: room.url,
    OPSROOM_SECRET_DATABASE_URL: shop.url,
  });
});

afterAll(async () => {
  await Promise.all([room?.close(), shop?.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const LIMIT = 120_000;
const read = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8');

/** Every block of an example, as `label step`; what is left out, as its rule; what asks, as `asks step`. */
async function blocksOf(file: string): Promise<string[]> {
  const { explanation } = (await cli.call('compile', file, '--json')).json<View>();
  return [
    ...explanation.steps.map(({ label, id, ask }) => `${ask === null ? '' : 'asks '}${label} ${id}`),
    ...explanation.leftOut.map(({ rule }) => rule).filter((rule) => rule !== 'item-holds-code'),
  ];
}

/** Runs an example through the command line; the inputs are folders and values of the test's. */
async function run(
  file: string,
  inputs: Readonly<Record<string, string>> = {},
): Promise<{ end: Finished; view: RunView }> {
  const pairs = Object.entries(inputs).flatMap(([name, value]) => ['--input', `${name}=${value}`]);
  const end = await cli.call('run', file, ...pairs, '--json');
  return { end, view: await lastRun(end) };
}

async function lastRun(end: Finished): Promise<RunView> {
  const shown = await cli.call('show', 'last', '--json');
  if (shown.code !== 0) throw new Error(`no run: ${end.stdout}${end.stderr}${shown.stderr}`);
  return shown.json<RunView>();
}

/** A copy of an example in which something is otherwise: a check that cannot hold, a port that is free. */
function changed(file: string, from: string, to: string): string {
  const text = read(file);
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  const name = file.replace(/([^/]+)$/, 'changed-$1');
  writeFileSync(join(folder, name), text.replaceAll(from, to));
  return name;
}

const words = (view: RunView) =>
  Object.fromEntries(view.steps.filter(({ status }) => status === 'done').map(({ id, word }) => [id, word]));

function place(name: string): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return path;
}

/** A port that nobody listens on. */
function freePort(): Promise<string> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(String(typeof address === 'object' ? address?.port : 0)));
    });
  });
}

describe('the example runbooks', () => {
  test(
    'rotate a log',
    async () => {
      expect(await blocksOf('rotate-log.md')).toEqual([
        'precondition prepare',
        'run prepare',
        'run mv-app-log-app-log-1',
        'run gzip-app-log-1',
        'verify gzip-app-log-1',
        'verify gzip-app-log-1',
        'rollback mv-app-log-app-log-1',
      ]);
      const { end, view } = await run('rotate-log.md', { logs: place('logs') });
      expect(end).toMatchObject({ code: 0 });
      expect(words(view)).toMatchObject({ 'gzip-app-log-1': 'proven' });
      expect(readdirSync(join(folder, 'logs')).sort()).toEqual(['app.log', 'app.log.1.gz']);

      const failing = changed('rotate-log.md', '-eq 5000', '-eq 4999');
      const failed = await run(failing, { logs: place('logs-2') });
      expect(failed).toMatchObject({ end: { code: 1 }, view: { status: 'rolled_back' } });
      expect(readdirSync(join(folder, 'logs-2'))).toEqual(['app.log']);
      expect(read('logs-2', 'app.log').split('\n')).toHaveLength(5001);
      expect(failed.view.notUndone.map(({ step }) => step)).toEqual(['prepare']);
    },
    LIMIT,
  );

  test(
    verifies(
      'COMPILE-03',
      'a migration in a runbook runs on a real PostgreSQL, and is taken back when its check fails',
    ),
    async () => {
      expect(await blocksOf('migrate-database.md')).toEqual([
        'run migrate',
        'run migrate-2',
        'verify migrate-2',
        'asks rollback migrate',
      ]);
      const client = new Client({ connectionString: shop.url });
      await client.connect();
      try {
        await client.query(`
        create table customers (id int primary key);
        create table orders (customer int references customers, ordered_on date);
        insert into customers values (1), (2);
        insert into orders values (1, '2024-05-01'), (1, '2023-02-03')`);
        const columns = async () => (await client.query('select * from customers')).fields.map(({ name }) => name);
        const unseen = await cli.call('run', 'migrate-database.md', '--json');
        expect(unseen).toMatchObject({ code: 2 });
        expect(unseen.stdout).toContain('RUNBOOK_UNREVIEWED');

        const failing = changed('migrate-database.md', 'count(*) = 0', 'count(*) = 7');
        await cli.call('review', failing, '--accept');
        const failed = await run(failing);
        expect(failed).toMatchObject({ end: { code: 1 }, view: { status: 'rolled_back', notUndone: [] } });
        expect(await columns()).toEqual(['id']);

        await cli.call('review', 'migrate-database.md', '--accept');
        const { end, view } = await run('migrate-database.md');
        expect(end).toMatchObject({ code: 0 });
        expect(words(view)).toMatchObject({ 'migrate-2': 'proven' });
        const { rows } = await client.query('select id, customer_since::text as since from customers order by id');
        expect(rows).toEqual([
          { id: 1, since: '2023-02-03' },
          { id: 2, since: null },
        ]);
      } finally {
        await client.end();
      }
    },
    LIMIT,
  );

  test.skipIf(missing('openssl'))(
    'renew a certificate',
    async () => {
      expect(await blocksOf('check-certificate.md')).toEqual([
        'precondition prepare',
        'run prepare',
        'run renew',
        'verify renew',
        'verify renew',
        'rollback renew',
      ]);
      const { end, view } = await run('check-certificate.md', { certificates: place('certificates') });
      expect(end).toMatchObject({ code: 0 });
      const renewed = view.steps.find(({ id }) => id === 'renew');
      expect(renewed?.verdicts.map(({ proven }) => proven)).toEqual([true, false]);

      const failing = changed('check-certificate.md', '-checkend 2592000', '-checkend 25920000');
      const failed = await run(failing, { certificates: place('certificates-2') });
      expect(failed).toMatchObject({ end: { code: 1 }, view: { status: 'rolled_back' } });
      expect(existsSync(join(folder, 'certificates-2', 'server.crt.old'))).toBe(false);
    },
    LIMIT,
  );

  test.skipIf(missing('curl'))(
    verifies('PLAN-06', 'a service is restarted in the background, ready before its check, and ends with the run'),
    async () => {
      expect(await blocksOf('restart-service.md')).toEqual([
        'run mkdir',
        'run write-the-message',
        'run stop-the-old-service',
        'run start-the-service',
        'verify start-the-service',
      ]);
      const port = await freePort();
      const inputs = { port, message: "It's back; $HOME is not.", service: place('service') };
      const { end, view } = await run('restart-service.md', inputs);
      expect(end).toMatchObject({ code: 0 });
      expect(words(view)).toMatchObject({ 'start-the-service': 'proven' });
      expect(read('service', 'status.txt')).toBe("It's back; $HOME is not.\n");
      await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed');
    },
    LIMIT,
  );

  test(
    'release this very package',
    async () => {
      expect(await blocksOf('release-package.md')).toEqual([
        'run mkdir',
        'run npm-pack',
        'run sha256sum',
        'verify sha256sum',
        'verify sha256sum',
        'rollback npm-pack',
        'reference-section',
      ]);
      expect(await cli.call('run', 'release-package.md', '--json')).toMatchObject({ code: 2 });
      const inputs = { package: resolve('.'), releases: join(folder, 'releases') };
      const { end, view } = await run('release-package.md#release', inputs);
      expect(end).toMatchObject({ code: 0 });
      expect(words(view)).toMatchObject({ sha256sum: 'proven' });
      expect(read('releases', 'SHA256SUMS')).toMatch(/^[0-9a-f]{64} {2}opsroom-\d+\.\d+\.\d+\.tgz\n$/);

      const failing = changed('release-package.md', 'package/bin/opsroom.mjs', 'package/bin/missing.mjs');
      const failed = await run(`${failing}#release`, { ...inputs, releases: join(folder, 'releases-2') });
      expect(failed).toMatchObject({ end: { code: 1 }, view: { status: 'rolled_back', notUndone: [] } });
      expect(readdirSync(join(folder, 'releases-2'))).toEqual(['withdrawn']);
    },
    LIMIT,
  );

  test.skipIf(missing('curl'))(
    verifies(
      'COMPILE-01',
      'the quick start of a README: one package manager of three, a server, a check; nothing else',
    ),
    async () => {
      const port = await freePort();
      for (const name of ['quick-start/README.md', 'quick-start/server.mjs'])
        writeFileSync(join(folder, name), read(name).replaceAll('4598', port));
      const readme = 'quick-start/README.md';
      expect(await blocksOf(readme)).toEqual([
        'precondition npm-install',
        'choice npm-install',
        'choice yarn-install',
        'choice pnpm-install',
        'run npm-run-dev',
        'verify npm-run-dev',
        'other-language',
        'synopsis',
        'uninstall-section',
      ]);
      expect((await cli.call('run', readme, '--json')).stdout).toContain('RUNBOOK_UNREVIEWED');
      await cli.call('review', readme, '--accept');
      const { end, view } = await run(readme, { package_manager: 'npm' });
      expect(end).toMatchObject({ code: 0 });
      expect(view.steps.map(({ id, status }) => [id, status])).toEqual([
        ['npm-install', 'done'],
        ['yarn-install', 'skipped'],
        ['pnpm-install', 'skipped'],
        ['npm-run-dev', 'done'],
      ]);
      expect(words(view)).toMatchObject({ 'npm-run-dev': 'proven' });
    },
    LIMIT,
  );

  test(
    'a backup is restored to prove it',
    async () => {
      const { end, view } = await run('restore-backup.md', { where: place('backup') });
      expect(end).toMatchObject({ code: 0 });
      expect(words(view)).toMatchObject({ 'back-up': 'proven', 'restore-beside-the-original': 'proven' });

      const failing = changed('restore-backup.md', '> backup.sha256', '| tr 0-9 1-90 > backup.sha256');
      const failed = await run(failing, { where: place('backup-2') });
      expect(failed).toMatchObject({ end: { code: 1 }, view: { status: 'rolled_back' } });
      expect(readdirSync(join(folder, 'backup-2')).sort()).toEqual([
        'backup.sha256',
        'backup.tar.gz',
        'broken',
        'data',
      ]);
      expect(failed.view.notUndone.map(({ step }) => step)).toEqual(['prepare', 'back-up']);
    },
    LIMIT,
  );

  test(
    'what destroys asks; once it was reviewed it goes',
    async () => {
      const builds = place('builds');
      const old = join(builds, 'old');
      mkdirSync(old);
      mkdirSync(join(builds, 'new'));
      const longAgo = new Date('2020-01-01');
      utimesSync(old, longAgo, longAgo);
      expect(await blocksOf('clean-up-disk.md')).toEqual(['run find-d', 'asks run find-d-rm', 'verify find-d-rm']);
      const asked = await run('clean-up-disk.md', { builds });
      expect(asked).toMatchObject({ end: { code: 3 }, view: { waiting: { code: 'MANUAL', step: 'ask-find-d-rm' } } });
      expect(existsSync(old)).toBe(true);
      await cli.call('review', 'clean-up-disk.md', '--accept');
      const { end, view } = await run('clean-up-disk.md', { builds });
      expect(end).toMatchObject({ code: 0 });
      expect(words(view)).toEqual({ 'find-d': 'exit code only', 'find-d-rm': 'proven' });
      expect(readdirSync(builds)).toEqual(['new']);
    },
    LIMIT,
  );

  test(
    verifies('PLAN-06', 'what a person does parks the run, and it goes on once that is confirmed'),
    async () => {
      const { end, view } = await run('new-colleague.md', { colleague: "Ada O'Neil", people: place('people') });
      expect(end).toMatchObject({ code: 3 });
      expect(view.waiting).toMatchObject({ code: 'MANUAL', step: 'order-a-laptop-and-a' });
      const confirm = (step: string) => cli.call('confirm', view.runId, step, '--reason', 'Done.', '--json');
      expect(await confirm('order-a-laptop-and-a')).toMatchObject({ code: 3 });
      expect(await confirm('tell-the-team-in-the')).toMatchObject({ code: 3 });
      expect(existsSync(join(folder, 'people', "Ada O'Neil"))).toBe(true);
      const last = await confirm('show-the-person-around');
      expect(last).toMatchObject({ code: 0 });
      expect(words(await lastRun(last))).toMatchObject({ 'on-the-first-day': 'proven' });
      expect(read('people', "Ada O'Neil", 'welcome.txt')).toBe("Welcome, Ada O'Neil!\n");
    },
    LIMIT,
  );

  test(
    'a German one',
    async () => {
      expect(await blocksOf('sicherung.md')).toEqual([
        'precondition vorbereitung',
        'run vorbereitung',
        'run cp-dienst-conf-dienst-conf-bak',
        'run sed-dienst-conf-bak',
        'verify sed-dienst-conf-bak',
        'verify sed-dienst-conf-bak',
        'rollback cp-dienst-conf-dienst-conf-bak',
      ]);
      const { end, view } = await run('sicherung.md', { dienst: place('dienst') });
      expect(end).toMatchObject({ code: 0 });
      expect(words(view)).toMatchObject({ 'sed-dienst-conf-bak': 'proven' });
      expect(read('dienst', 'dienst.conf')).toBe('modus=neu\nhafen=8080\n');

      const failing = changed('sicherung.md', "-qx 'hafen=8080'", "-qx 'hafen=8081'");
      const failed = await run(failing, { dienst: place('dienst-2') });
      expect(failed).toMatchObject({ end: { code: 1 }, view: { status: 'rolled_back' } });
      expect(read('dienst-2', 'dienst.conf')).toBe('modus=alt\nhafen=8080\n');
    },
    LIMIT,
  );

  test(
    'a session runs, and a difference from what it shows is a warning',
    async () => {
      const { end, view } = await run('count-words.md');
      expect(end).toMatchObject({ code: 0 });
      expect(view.steps[0]?.verdicts).toMatchObject([{ id: 'shown-output', required: false, passed: true }]);
      const other = await run(changed('count-words.md', '\n3\n', '\n4\n'));
      expect(other).toMatchObject({ end: { code: 0 }, view: { status: 'succeeded' } });
      expect(other.view.steps[0]?.verdicts).toMatchObject([{ id: 'shown-output', required: false, passed: false }]);
    },
    LIMIT,
  );

  test(
    verifies('COMPILE-03', 'a failing check rolls back what was done, and the run says what it could not undo'),
    async () => {
      const good = await run('change-configuration.md', { where: place('queue') });
      expect(good).toMatchObject({ end: { code: 0 }, view: { notUndone: [] } });
      expect(words(good.view)).toMatchObject({ change: 'proven' });

      const { end, view } = await run('change-configuration.md', { where: place('queue-2'), limit: '500' });
      expect(end).toMatchObject({ code: 1 });
      expect(view).toMatchObject({ status: 'rolled_back' });
      expect(read('queue-2', 'queue.json')).toBe('{"limit": 200}\n');
      expect(read('queue-2', 'sent.txt')).toBe('The limit changes to 500.\n');
      expect(view.notUndone.map(({ step, why }) => [step, why])).toEqual([
        ['prepare', 'no rollback'],
        ['tell-the-team', 'no rollback'],
      ]);
      expect((await cli.call('show', view.runId)).stdout).toContain('not undone: tell-the-team (no rollback)');
    },
    LIMIT,
  );
});
