import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { invoke } from '#operations/invoke.js';
import { bindSecret } from '#operations/secrets/bind.js';
import { type DebianPostgres, startDebianPostgres } from '../harness/debian-postgres.js';
import { type HttpServer, startHttpServer } from '../harness/http-server.js';
import { missing } from '../harness/parts.js';
import { verifies } from '../harness/requirements.js';
import { story, type TemplateRoom, templateRoom } from '../harness/template-room.js';

const LIMIT = 90_000;
const folder = mkdtempSync(join(tmpdir(), 'opsroom-templates-data-'));
let room: TemplateRoom;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(missing('initdb', 'backups need the programs of PostgreSQL'))('on a real PostgreSQL', () => {
  let server: DebianPostgres;
  beforeAll(async () => {
    server = await startDebianPostgres();
    const found = execFileSync('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin | tail -n 1'], {
      encoding: 'utf8',
    }).trim();
    const PATH = `${found}:${process.env['PATH'] ?? ''}`;
    room = await templateRoom({ PATH, OPSROOM_SECRET_POSTGRES_PASSWORD: server.password });
    const hosts = [`127.0.0.1:${server.port}`];
    await invoke(bindSecret, { name: 'POSTGRES_PASSWORD', hosts }, room.api.room);
    await server.query('postgres', 'create database shop');
    await server.query('shop', 'create table orders (id int primary key, what text); create table empty (id int)');
    await server.query('shop', "insert into orders select n, 'thing ' || n from generate_series(1, 500) n");
    await server.query('shop', "create role app login password 'the old password'");
    await server.query('shop', "create role reader login password 'superuser-password' in role pg_read_all_data");
  }, LIMIT);
  afterAll(async () => {
    await room?.close();
    await server?.stop();
  }, LIMIT);

  const at = (): JsonObject => ({ host: '127.0.0.1', port: server.port, database: 'shop', environment: 'staging' });
  test(
    verifies('KEEP-03', 'a password goes to no server but the one that it is for, whoever fills in the form'),
    async () => {
      const knocked: string[] = [];
      const other = createServer((socket) => {
        knocked.push('somebody');
        socket.destroy();
      }).listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      const more = {
        'postgres-backup': { user: 'postgres', folder },
        'rotate-postgres-password': { role: 'app', admin: 'postgres', file: join(folder, 'never') },
      };
      for (const [template, inputs] of Object.entries(more)) {
        const view = await room.run(template, { ...at(), port, ...inputs });
        expect([view.status, view.steps[0]?.error?.code], story(view)).toEqual(['failed', 'SECRET_DESTINATION']);
      }
      other.close();
      expect(knocked).toEqual([]);
    },
    LIMIT,
  );

  const databases = async () =>
    (await server.query('postgres', "select datname from pg_database where datname like 'opsroom_check%'")).rows;

  test(
    verifies(
      'COMPILE-01',
      'postgres-backup: keeps a dump that was restored and held against the original, and leaves no copy behind',
    ),
    async () => {
      const view = await room.run('postgres-backup', { ...at(), user: 'postgres', folder });
      expect(view.status, story(view)).toBe('succeeded');
      expect(view.steps.map(({ word }) => word)).toEqual(['proven', 'proven', 'proven']);
      expect(readdirSync(folder).filter((name) => name.endsWith('.dump'))).toEqual([`shop-${view.runId}.dump`]);
      expect(await databases()).toEqual([]);
    },
    LIMIT,
  );

  test(
    verifies(
      'COMPILE-01',
      'postgres-backup: fails where the copy cannot be restored, and keeps no dump that nobody has seen restored',
    ),
    async () => {
      const before = readdirSync(folder);
      const view = await room.run('postgres-backup', { ...at(), user: 'reader', folder });
      expect(view.status, story(view)).toBe('rolled_back');
      expect(view.steps.find(({ id }) => id === 'restore')?.status).toBe('failed');
      expect(readdirSync(folder)).toEqual(before);
      const nowhere = await room.run('postgres-backup', { ...at(), database: 'nowhere', user: 'postgres', folder });
      expect(nowhere.status).not.toBe('succeeded');
      expect(await databases()).toEqual([]);
    },
    LIMIT,
  );

  test(
    verifies(
      'COMPILE-01',
      'rotate-postgres-password: the new password opens the database, the old one no more, and no log holds it',
    ),
    async () => {
      const file = join(folder, 'app.password');
      const inputs = { ...at(), role: 'app', admin: 'postgres', file };
      const view = await room.run('rotate-postgres-password', inputs);
      expect(view.status, story(view)).toBe('succeeded');
      expect(view.steps[0]?.word).toBe('proven');
      const fresh = readFileSync(file, 'utf8').trim();
      expect(await opens(server, fresh)).toBe(true);
      expect(await opens(server, 'the old password')).toBe(false);
      expect(JSON.stringify(view)).not.toContain(fresh);
      expect(room.api.logged.join('\n')).not.toContain(fresh);
    },
    LIMIT,
  );

  test(
    verifies(
      'COMPILE-01',
      'rotate-postgres-password: what the role had before is put back where the new one opens nothing',
    ),
    async () => {
      await server.query('shop', "create role locked nologin password 'kept'");
      const stored = async () =>
        (await server.query('shop', "select rolpassword from pg_authid where rolname = 'locked'")).rows[0];
      const before = await stored();
      const file = join(folder, 'locked.password');
      const view = await room.run('rotate-postgres-password', { ...at(), role: 'locked', admin: 'postgres', file });
      expect(view.status, story(view)).toBe('rolled_back');
      expect(await stored()).toEqual(before);
      expect(readdirSync(folder)).not.toContain('locked.password');
    },
    LIMIT,
  );

  test(
    verifies('COMPILE-01', 'rotate-postgres-password: a file that exists is neither written over nor removed'),
    async () => {
      await server.query('shop', "create role holder login password 'kept'");
      const stored = async () =>
        (await server.query('shop', "select rolpassword from pg_authid where rolname = 'holder'")).rows[0];
      const before = await stored();
      const file = join(folder, 'vault.key');
      writeFileSync(file, 'the only copy');
      const view = await room.run('rotate-postgres-password', { ...at(), role: 'holder', admin: 'postgres', file });
      expect(view.status, story(view)).not.toBe('succeeded');
      expect(readFileSync(file, 'utf8')).toBe('the only copy');
      expect(await stored()).toEqual(before);
    },
    LIMIT,
  );
});

async function opens({ port }: DebianPostgres, password: string): Promise<boolean> {
  const client = new Client({ host: '127.0.0.1', port, user: 'app', password, database: 'shop' });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

describe.skipIf(missing('git'))('on a real git remote', () => {
  let registry: HttpServer;
  const remote = join(folder, 'shop.git');
  const source = join(folder, 'source');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.example', ...args], {
      cwd: source,
      encoding: 'utf8',
    });
  const refs = (what: string) =>
    execFileSync('git', ['ls-remote', remote, what], { encoding: 'utf8' }).trim().split('\n').filter(Boolean);
  const state = { versions: ['1.0.0'] };

  beforeAll(async () => {
    room = await templateRoom({});
    registry = await startRegistry(state);
    mkdirSync(source, { recursive: true });
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', remote]);
    git('init', '--quiet', '--initial-branch=main');
    const manifest = {
      name: 'shop',
      version: '1.0.0',
      dependencies: { tiny: '^1.0.0' },
      scripts: { test: 'node test.cjs' },
    };
    writeFileSync(join(source, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(source, '.npmrc'), `registry=${registry.url}/\n`);
    writeFileSync(join(source, 'test.cjs'), "process.exit(require('tiny') === 'broken' ? 1 : 0)\n");
    writeFileSync(join(source, '.gitignore'), 'node_modules\n');
    // Not `execFileSync`: the registry answers from this process.
    await promisify(execFile)('npm', ['install', '--package-lock-only', '--no-audit', '--no-fund'], { cwd: source });
    git('add', '.');
    git('commit', '--quiet', '-m', 'The shop opens');
    git('push', '--quiet', remote, 'main');
  }, LIMIT);
  afterAll(async () => {
    await room?.close();
    await registry?.close();
  }, LIMIT);

  test(
    verifies('COMPILE-01', 'git-release: tags what was checked, once, with its changes'),
    async () => {
      const inputs = { repository: remote, version: 'v1.0.0', check: 'npm', environment: 'staging' };
      const view = await room.run('git-release', inputs);
      expect(view.status, story(view)).toBe('succeeded');
      expect(view.steps.map(({ word }) => word)).toEqual(['proven', 'proven', 'proven']);
      expect(refs('refs/tags/v1.0.0^{}')[0]).toContain(git('rev-parse', 'HEAD').trim());
      const tagged = execFileSync('git', ['-C', remote, 'cat-file', '-p', 'v1.0.0'], { encoding: 'utf8' });
      expect(tagged).toContain('- The shop opens (');
      const again = await room.run('git-release', inputs);
      expect([again.status, refs('refs/tags/*').length], story(again)).not.toContain('succeeded');
      expect(refs('refs/tags/v1.0.0')).toHaveLength(1);
    },
    LIMIT,
  );

  test(
    verifies(
      'COMPILE-01',
      'npm-dependency-update: pushes a branch with what is newer, and none when the tests do not pass',
    ),
    async () => {
      const inputs = { repository: remote, environment: 'staging' };
      const nothing = await room.run('npm-dependency-update', inputs);
      expect([nothing.status, refs('refs/heads/opsroom/*')], story(nothing)).toEqual(['succeeded', []]);
      state.versions.push('1.1.0');
      const view = await room.run('npm-dependency-update', inputs);
      expect(view.status, story(view)).toBe('succeeded');
      expect(view.steps.at(-1)?.word).toBe('proven');
      const branch = `opsroom/dependencies-${view.runId}`;
      const lock = execFileSync('git', ['-C', remote, 'show', `${branch}:package-lock.json`], { encoding: 'utf8' });
      expect(lock).toContain('"version": "1.1.0"');
      state.versions.push('1.2.0');
      const broken = await room.run('npm-dependency-update', inputs);
      expect(broken.status, story(broken)).not.toBe('succeeded');
      expect(refs('refs/heads/opsroom/*')).toHaveLength(1);
    },
    LIMIT,
  );

  test('git-release takes nothing for done on a remote that is not there', async () => {
    const inputs = { repository: join(folder, 'nowhere.git'), version: 'v2.0.0', environment: 'staging' };
    expect((await room.run('git-release', inputs)).status).not.toBe('succeeded');
  });
});

/** A registry with one package, `tiny`, in the form in which npm asks for it; its 1.2.0 is broken. */
async function startRegistry(state: { versions: readonly string[] }): Promise<HttpServer> {
  const tarballs = new Map(['1.0.0', '1.1.0', '1.2.0'].map((version) => [version, tarball(version)]));
  const server = await startHttpServer((request, response) => {
    const file = /tiny-(\d\.\d\.\d)\.tgz$/.exec(request.url ?? '')?.[1];
    if (file !== undefined) {
      response.end(tarballs.get(file));
      return;
    }
    const versions = state.versions.map((version) => {
      const integrity = `sha512-${createHash('sha512')
        .update(tarballs.get(version) ?? '')
        .digest('base64')}`;
      const dist = { tarball: `${server.url}/tiny/-/tiny-${version}.tgz`, integrity };
      return [version, { name: 'tiny', version, dist }];
    });
    const document = {
      name: 'tiny',
      'dist-tags': { latest: state.versions.at(-1) },
      versions: Object.fromEntries(versions),
    };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(document));
  });
  return server;
}

function tarball(version: string): Buffer {
  const base = join(folder, `tiny-${version}`);
  mkdirSync(join(base, 'package'), { recursive: true });
  writeFileSync(join(base, 'package/package.json'), JSON.stringify({ name: 'tiny', version, main: 'index.cjs' }));
  writeFileSync(
    join(base, 'package/index.cjs'),
    `module.exports = ${JSON.stringify(version === '1.2.0' ? 'broken' : 'fine')};\n`,
  );
  execFileSync('tar', ['-C', base, '-czf', join(base, 't.tgz'), 'package']);
  return readFileSync(join(base, 't.tgz'));
}
