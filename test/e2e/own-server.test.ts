import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountFor } from '#db/account.js';
import { openDatabase } from '#db/database.js';
import { migrate } from '#db/migrate.js';
import { missing } from '../harness/parts.js';
import { verifies } from '../harness/requirements.js';

const LOCAL = '00000000-0000-7000-8000-000000000001';

// Programs of a PostgreSQL server of one's own, as Debian's package puts them on PATH; the version is what it is.
describe.skipIf(missing('initdb', 'needs a PostgreSQL server of the system'))('a server of one’s own', () => {
  let folder: string;
  let server: ReturnType<typeof run>;
  let port: number;
  const url = (role: string, database = 'postgres') => `postgres://${role}:secret@127.0.0.1:${port}/${database}`;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'opsroom-own-'));
    port = await freePort();
    const account = await accountFor(folder);
    const password = join(folder, 'password');
    await writeFile(password, 'secret');
    if (account) for (const path of [folder, password]) await chown(path, account.uid, account.gid);
    const data = join(folder, 'data');
    const login = ['-U', 'admin', '--auth=scram-sha-256', `--pwfile=${password}`, '--no-sync'];
    const [code] = await once(run('initdb', ['-D', data, ...login], account), 'exit');
    expect(code).toBe(0);
    server = run('postgres', ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', ''], account);
    await ready(url('admin'));
  });

  afterAll(async () => {
    server.kill('SIGINT');
    if (server.exitCode === null) await once(server, 'exit');
    await rm(folder, { recursive: true, force: true });
  });

  async function asAdmin(...statements: string[]): Promise<void> {
    const client = new Client({ connectionString: url('admin') });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  }

  async function door(role: string, database: string): Promise<unknown[]> {
    const opened = openDatabase({ url: url(role, database), applicationName: 'test' });
    try {
      await migrate(opened);
      return await opened.door(LOCAL, async (tx) => (await tx.query('select current_user::text as role')).rows);
    } finally {
      await opened.close();
    }
  }

  test(verifies('RUN-16', 'a role that may not create roles is told what an administrator has to run'), async () => {
    await asAdmin("create role modest login password 'secret'", 'create database modest owner modest');
    const refused = await door('modest', 'modest').catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'DATABASE_FAILED',
      mend: expect.stringContaining('create role opsroom_door'),
    });
    const { mend } = refused as { mend: string };
    await asAdmin(...mend.slice(mend.indexOf('create role')).split(';').filter(Boolean));
    expect(await door('modest', 'modest')).toEqual([{ role: 'opsroom_door' }]);
  });

  test('a role that may create roles needs nobody; a second database shares the door’s role', async () => {
    await asAdmin("create role able login createrole password 'secret'", 'create database able owner able');
    expect(await door('able', 'able')).toEqual([{ role: 'opsroom_door' }]);
  });

  test('as superuser, a door is confined nevertheless', async () => {
    await asAdmin('create database super');
    expect(await door('admin', 'super')).toEqual([{ role: 'opsroom_door' }]);
  });

  test('a wrong password and a server that is away are told apart from failures', async () => {
    const wrong = openDatabase({ url: url('nobody'), applicationName: 'test' });
    await expect(migrate(wrong)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    await wrong.close();
    const away = openDatabase({ url: 'postgres://a:b@127.0.0.1:1/c', applicationName: 'test' });
    await expect(migrate(away)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    await away.close();
  });
});

function run(program: string, args: string[], account: { uid: number; gid: number } | undefined) {
  return spawn(program, args, { ...account, stdio: 'ignore', cwd: '/' });
}

async function ready(url: string): Promise<void> {
  for (;;) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await pause(20);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}
