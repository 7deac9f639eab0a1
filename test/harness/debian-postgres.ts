import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type QueryResult } from 'pg';
import { findProgram } from './parts.js';
import { freePort } from './ports.js';
import { eventually } from './processes.js';

/** A PostgreSQL of Debian's, whose own programs (pg_dump, psql) speak to it: those of the embedded one are not installed. */
export interface DebianPostgres {
  readonly port: number;
  /** Of the superuser `postgres`. */
  readonly password: string;
  query(database: string, text: string): Promise<QueryResult>;
  stop(): Promise<void>;
}

const PASSWORD = 'superuser-password';
const NOBODY = 65_534;

/** Starts one in a folder of its own, on a free port of this machine. */
export async function startDebianPostgres(): Promise<DebianPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'opsroom-debian-postgres-'));
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  const passwords = join(folder, 'password');
  writeFileSync(passwords, PASSWORD);
  // PostgreSQL refuses to run as root.
  const asRoot = process.getuid?.() === 0;
  const who = asRoot ? { uid: NOBODY, gid: NOBODY } : {};
  if (asRoot) for (const path of [folder, passwords]) chownSync(path, NOBODY, NOBODY);
  const program = (name: string) => findProgram(name) ?? name;
  const settings = ['--auth=scram-sha-256', '--no-sync', '--locale=C.UTF-8', '--encoding=UTF8'];
  execFileSync(program('initdb'), ['-D', data, '-U', 'postgres', `--pwfile=${passwords}`, ...settings], {
    ...who,
    cwd: folder,
    stdio: 'pipe',
  });
  const port = await freePort();
  const server = spawn(
    program('postgres'),
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-c', 'fsync=off', '-c', 'shared_buffers=16MB'],
    { ...who, cwd: folder, stdio: 'ignore' },
  );
  const query = async (database: string, text: string) => {
    const client = new Client({ host: '127.0.0.1', port, user: 'postgres', password: PASSWORD, database });
    await client.connect();
    try {
      return await client.query(text);
    } finally {
      await client.end();
    }
  };
  await eventually(() =>
    query('postgres', 'select 1').then(
      () => true,
      () => false,
    ),
  );
  const stop = async () => {
    const ended = once(server, 'exit');
    server.kill('SIGQUIT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { port, password: PASSWORD, query, stop };
}
