import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dataOf } from '#db/cluster.js';
import { type Embedded, openEmbedded } from '#db/embedded.js';
import { placeCluster } from '#db/place.js';
import { findPostmaster } from '#db/postmaster.js';
import { HOST } from '#db/server.js';
import { removeCluster } from '../harness/cluster.js';
import { compileProgram } from '../harness/compiled.js';
import { notRoot } from '../harness/parts.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const homes: string[] = [];
const opened: Embedded[] = [];
const children: ChildProcess[] = [];
let scratch: string;
let userProgram: string;

beforeAll(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), 'opsroom-embedded-')));
  await chmod(scratch, 0o755);
  userProgram = await compileProgram(
    join(scratch, 'program'),
    ['kit', 'observe', 'db'],
    'test/fixtures/database-user.ts',
  );
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const embedded of opened) await embedded.close();
  for (const home of homes) await removeCluster(await placeCluster(home));
  await rm(scratch, { recursive: true, force: true });
});

async function newHome(): Promise<string> {
  const home = join(scratch, `home-${homes.length}`);
  await mkdir(home, { mode: 0o700 });
  homes.push(home);
  return home;
}

async function open(home: string): Promise<Embedded> {
  const embedded = await openEmbedded(home, quiet);
  opened.push(embedded);
  return embedded;
}

test('whoever loads meanwhile is told before the database is there: as it is made, as it is started, and where it runs', async () => {
  const home = await newHome();
  const told: string[] = [];
  const begin = async (what: string) => {
    const embedded = await openEmbedded(home, quiet, () => told.push(what));
    told.push(`${what}: open`);
    return embedded;
  };
  const first = await begin('new');
  const second = await begin('running');
  await second.close();
  await first.stop();
  opened.push(await begin('again'));
  const order = told.filter((one, i) => told.indexOf(one) === i);
  expect(order).toEqual(['new', 'new: open', 'running', 'running: open', 'again', 'again: open']);
});

async function postmasterOf(home: string) {
  return findPostmaster(dataOf(await placeCluster(home)));
}

function startUser(home: string, account: { uid?: number; gid?: number } = {}): ChildProcess {
  const child = fork(userProgram, [home], { ...account, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  children.push(child);
  return child;
}

async function urlOf(child: ChildProcess): Promise<string> {
  const [url] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the user process ended with ${code}`))),
  ])) as [string];
  return url;
}

/** As another starter that looks whether it is free, or a program that got it by chance. */
async function hold(url: string): Promise<Server> {
  const holder = createServer();
  holder.listen({ host: HOST, port: Number(new URL(url).port), exclusive: true });
  await once(holder, 'listening');
  return holder;
}

async function ask<T>(url: string, sql: string): Promise<T[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
}

/** Asks again until the server is back. */
async function askPatiently<T>(url: string, sql: string): Promise<T[]> {
  for (;;) {
    try {
      return await ask<T>(url, sql);
    } catch {
      await pause(20);
    }
  }
}

describe('one user', () => {
  let home: string;
  let embedded: Embedded;
  beforeAll(async () => {
    home = await newHome();
    embedded = await open(home);
  });

  test(
    verifies('RUN-16', 'the embedded database is durable, loopback only, and sorts the same everywhere'),
    async () => {
      const settings = await ask<{ name: string; setting: string }>(
        embedded.superuserUrl,
        `select name, setting from pg_settings
       where name in ('fsync', 'data_checksums', 'listen_addresses', 'unix_socket_directories', 'password_encryption')`,
      );
      expect(Object.fromEntries(settings.map((row) => [row.name, row.setting]))).toEqual({
        fsync: 'on',
        data_checksums: 'on',
        listen_addresses: '127.0.0.1',
        unix_socket_directories: '',
        password_encryption: 'scram-sha-256',
      });
      const database = await ask(
        embedded.url,
        `select datlocprovider as provider, datlocale as locale, pg_encoding_to_char(encoding) as encoding
       from pg_database where datname = current_database()`,
      );
      expect(database).toEqual([{ provider: 'b', locale: 'C.UTF-8', encoding: 'UTF8' }]);
    },
  );

  test('the engine is no superuser and does not bypass row-level security', async () => {
    const role = await ask(
      embedded.url,
      'select rolname, rolsuper, rolbypassrls, rolcreatedb from pg_roles where rolname = current_user',
    );
    expect(role).toEqual([{ rolname: 'opsroom_engine', rolsuper: false, rolbypassrls: false, rolcreatedb: false }]);
  });

  test('nobody gets in without the password', async () => {
    const wrong = new URL(embedded.url);
    wrong.password = 'guess';
    await expect(ask(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  test('the cluster is closed to other users, and does not run as root', async () => {
    const { folder } = await placeCluster(home);
    const found = await stat(folder);
    expect(found.mode & 0o777).toBe(0o700);
    expect(found.uid).not.toBe(0);
  });

  test('a second opening adopts the server, and only the last to leave stops it', async () => {
    const before = await postmasterOf(home);
    const second = await open(home);
    expect(second.url).toBe(embedded.url);
    await embedded.close();
    expect((await postmasterOf(home))?.pid).toBe(before?.pid);
    await second.close();
    expect(await postmasterOf(home)).toBeUndefined();
  });

  test('the data survives a stop, and so does the port', async () => {
    const again = await open(home);
    await ask(again.url, 'create table kept (n int); insert into kept values (7)');
    await again.stop();
    const onceMore = await open(home);
    expect(onceMore.url).toBe(again.url);
    expect(await ask(onceMore.url, 'select n from kept')).toEqual([{ n: 7 }]);
    await onceMore.close();
  });
});

describe('crashes', () => {
  test('kill -9 of the parent leaves the server; the next start adopts it', async () => {
    const home = await newHome();
    const child = startUser(home);
    const url = await urlOf(child);
    const before = await postmasterOf(home);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await postmasterOf(home))?.pid).toBe(before?.pid);
    const next = await open(home);
    expect(next.url).toBe(url);
    expect((await postmasterOf(home))?.pid).toBe(before?.pid);
    await next.close();
    expect(await postmasterOf(home)).toBeUndefined();
  });

  test('a server killed under its users comes back on the same port with what was committed', async () => {
    const home = await newHome();
    const embedded = await open(home);
    await ask(embedded.url, 'create table kept (n int); insert into kept values (7)');
    const before = await postmasterOf(home);
    process.kill(before?.pid ?? 0, 'SIGKILL');
    expect(await askPatiently(embedded.url, 'select n from kept')).toEqual([{ n: 7 }]);
    await embedded.close();
    expect(await postmasterOf(home)).toBeUndefined();
  });

  test('a deliberate stop is not undone by the users that remain', async () => {
    const home = await newHome();
    const child = startUser(home);
    await urlOf(child);
    const mine = await open(home);
    await mine.stop();
    expect(await postmasterOf(home)).toBeUndefined();
    child.send('close');
    await once(child, 'exit');
    expect(await postmasterOf(home)).toBeUndefined();
  });

  test('a pid file that names another program does not keep the server from starting', async () => {
    const home = await newHome();
    await (await open(home)).close();
    const data = dataOf(await placeCluster(home));
    await writeFile(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n0\n1\n\n127.0.0.1\n1 1\nready   \n`);
    const embedded = await open(home);
    expect(await ask(embedded.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await embedded.close();
  });
});

describe('the port of last time, which others know', () => {
  test('is waited for when somebody has it for a moment', async () => {
    const home = await newHome();
    const before = await open(home);
    await before.close();
    const log = join((await placeCluster(home)).folder, 'postgres.log');
    const { size } = await stat(log);
    const holder = await hold(before.url);
    const starters = [open(home), urlOf(startUser(home)).then((url) => ({ url }))];
    // PostgreSQL said something: it was refused the port, or has taken another.
    await eventually(async () => (await stat(log)).size > size);
    holder.close();
    expect(await Promise.all(starters)).toMatchObject([{ url: before.url }, { url: before.url }]);
  });

  test('is given up when another program keeps it', async () => {
    const home = await newHome();
    const before = await open(home);
    await before.close();
    const holder = await hold(before.url);
    const after = await open(home);
    expect(await ask(after.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(after.url).not.toBe(before.url);
    holder.close();
  });
});

describe('several processes on one data directory', () => {
  test('starters on an empty directory end up on one cluster', async () => {
    const home = await newHome();
    const users = [startUser(home), startUser(home), startUser(home)];
    const urls = await Promise.all(users.map(urlOf));
    expect(new Set(urls).size).toBe(1);
    for (const user of users) user.send('close');
    await Promise.all(users.map((user) => once(user, 'exit')));
    expect(await postmasterOf(home)).toBeUndefined();
  });

  test('who comes while the last one leaves gets a server that stays', async () => {
    const home = await newHome();
    for (let round = 0; round < 5; round++) {
      const leaving = await open(home);
      const [, coming] = await Promise.all([leaving.close(), open(home)]);
      expect(await ask(coming.url, 'select 1 as one')).toEqual([{ one: 1 }]);
      await coming.close();
    }
  });
});

test.skipIf(notRoot('starting the database as another user'))(
  'an ordinary user has the cluster in the data directory itself',
  async () => {
    const home = join(scratch, 'ordinary');
    await mkdir(home, { mode: 0o700 });
    await chown(home, 65_534, 65_534);
    const child = startUser(home, { uid: 65_534, gid: 65_534 });
    const url = await urlOf(child);
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect((await placeCluster(home)).folder).toBe(join(home, 'postgres'));
    child.send('close');
    await once(child, 'exit');
    expect(await postmasterOf(home)).toBeUndefined();
  },
);

test('a cluster of another major version is refused with the way out', async () => {
  const home = await newHome();
  await (await open(home)).close();
  await writeFile(join(dataOf(await placeCluster(home)), 'PG_VERSION'), '19\n');
  await expect(openEmbedded(home, quiet)).rejects.toMatchObject({ code: 'DATA_DIR_NEWER' });
});
