import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from './parts.js';
import { freePort } from './ports.js';

export interface MariaDb {
  /** `mysql://` of a user who may do anything, database `test`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Debian's server package creates this user; MariaDB refuses to run as root. */
const SERVER_USER = 'nobody';

/** Starts a MariaDB of the test's own: own data folder, own port, nothing shared with one that the machine may run. */
export async function startMariaDb(): Promise<MariaDb> {
  const folder = mkdtempSync(join(tmpdir(), 'opsroom-mariadb-'));
  chmodSync(folder, 0o755);
  const asRoot = process.getuid?.() === 0;
  if (asRoot) chownSync(folder, idOf('-u'), idOf('-g'));
  const user = asRoot ? [`--user=${SERVER_USER}`] : [];
  const data = `--datadir=${join(folder, 'data')}`;
  execFileSync(
    'mariadb-install-db',
    ['--no-defaults', data, '--auth-root-authentication-method=normal', '--skip-test-db', ...user],
    { stdio: 'pipe' },
  );
  const port = await freePort();
  const arguments_ = [
    '--no-defaults',
    data,
    ...user,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${join(folder, 's')}`,
  ];
  const server = spawn(findProgram('mariadbd') ?? 'mariadbd', [...arguments_, '--innodb-buffer-pool-size=8M'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await isReady(server);
  const sql = "create database test; create user op@'127.0.0.1' identified by 'pw'; grant all on *.* to op@'127.0.0.1'";
  execFileSync('mariadb', ['--no-defaults', `--socket=${join(folder, 's')}`, '-uroot', '-e', sql], { stdio: 'pipe' });
  const stop = async () => {
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `mysql://op:pw@127.0.0.1:${port}/test`, stop };
}

const idOf = (flag: '-u' | '-g') => Number(execFileSync('id', [flag, SERVER_USER], { encoding: 'utf8' }));

/** The server says "ready for connections" on stderr once the socket is open. */
async function isReady(server: ChildProcess): Promise<void> {
  let said = '';
  for await (const chunk of server.stderr ?? []) {
    said += String(chunk);
    if (said.includes('ready for connections')) break;
  }
  if (!said.includes('ready for connections')) throw new Error(`MariaDB did not start: ${said}`);
}
