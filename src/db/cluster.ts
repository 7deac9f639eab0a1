import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OpsroomError } from '#kit/errors.js';
import type { Account } from './account.js';
import type { Binaries } from './binaries.js';

/** One PostgreSQL cluster on disk. `folder` holds everything; only its owner may enter. */
export interface Cluster {
  readonly folder: string;
  readonly account: Account | undefined;
  readonly binaries: Binaries;
}

export interface Passwords {
  readonly superuser: string;
  readonly engine: string;
}

export const SUPERUSER = 'postgres';
export const ENGINE_ROLE = 'opsroom_engine';
export const DATABASE = 'opsroom';
/** Between the name of a cluster and a random part, while it is built. */
export const STAGED = '.new-';
/** The embedded major version for all of 1.x; another major needs backup and restore. */
const MAJOR = 18;

export const dataOf = (cluster: Pick<Cluster, 'folder'>): string => join(cluster.folder, 'data');

/**
 * Makes the cluster unless it is there. It is built beside and renamed into place, roles and database included, so that
 * two processes that begin together end up on one cluster and a crash leaves nothing half made.
 *
 * @param begun is called once PostgreSQL is making it, which takes a second
 */
export async function ensureCluster(cluster: Cluster, begun: () => void = () => undefined): Promise<Passwords> {
  const there = await readPasswords(cluster);
  if (there) {
    await checkMajor(cluster);
    return there;
  }
  const staging: Cluster = { ...cluster, folder: `${cluster.folder}${STAGED}${randomBytes(6).toString('hex')}` };
  try {
    await build(staging, begun);
    await rename(staging.folder, cluster.folder);
  } catch (error) {
    await rm(staging.folder, { recursive: true, force: true });
    const winner = await readPasswords(cluster);
    if (!winner) throw error;
    return winner;
  }
  return ensureCluster(cluster);
}

async function build(cluster: Cluster, begun: () => void): Promise<void> {
  const passwords = { superuser: newPassword(), engine: newPassword() };
  await mkdir(dirname(cluster.folder), { recursive: true, mode: 0o711 });
  await mkdir(cluster.folder, { mode: 0o700 });
  const passwordFile = join(cluster.folder, 'initdb-password');
  await writeFile(passwordFile, passwords.superuser, { mode: 0o600 });
  await writeFile(join(cluster.folder, 'passwords.json'), JSON.stringify(passwords), { mode: 0o600 });
  if (cluster.account) {
    await chown(cluster.folder, cluster.account.uid, cluster.account.gid);
    await chown(passwordFile, cluster.account.uid, cluster.account.gid);
  }
  await initdb(cluster, passwordFile, begun);
  await rm(passwordFile);
  await bootstrap(cluster, passwords.engine);
}

async function initdb(cluster: Cluster, passwordFile: string, begun: () => void): Promise<void> {
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const access = [`--username=${SUPERUSER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const args = ['-D', dataOf(cluster), '--data-checksums', ...locale, ...access];
  await finished(cluster, cluster.binaries.initdb, args, { begun });
}

/** Single-user mode, before anyone can connect. One statement a line; the password is hex, so it needs no quoting. */
async function bootstrap(cluster: Cluster, password: string): Promise<void> {
  const statements = [
    `create role ${ENGINE_ROLE} login nosuperuser createrole password '${password}'`,
    `create database ${DATABASE} owner ${ENGINE_ROLE}`,
    `revoke connect on database ${DATABASE} from public`,
  ];
  const args = ['--single', '-D', dataOf(cluster), '-c', 'exit_on_error=on', 'postgres'];
  await finished(cluster, cluster.binaries.postgres, args, { input: `${statements.join('\n')}\n` });
}

/** Starts a PostgreSQL program in the cluster's account, away from our environment and our terminal's signals. */
export function launch(
  cluster: Cluster,
  program: string,
  args: readonly string[],
  stdio: Array<'ignore' | 'pipe' | number>,
): ChildProcess {
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
  return spawn(program, args, { ...cluster.account, cwd: '/', env, stdio, detached: true });
}

interface Ways {
  readonly input?: string;
  readonly begun?: () => void;
}

async function finished(
  cluster: Cluster,
  program: string,
  args: readonly string[],
  { input = '', begun }: Ways,
): Promise<void> {
  const child = launch(cluster, program, args, ['pipe', 'pipe', 'pipe']);
  begun?.();
  const output: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => output.push(chunk));
  child.stdin?.on('error', () => undefined); // it ended without reading: its exit code tells
  child.stdin?.end(input);
  const code = await exitOf(child);
  if (code !== 0) throw failure(`${program} ended with code ${code}`, Buffer.concat(output).toString());
}

/** The exit code of a child, -1 for a signal. A program that cannot run here at all is PLATFORM_UNSUPPORTED. */
export function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(new OpsroomError('PLATFORM_UNSUPPORTED', { cause, what: cause.message })));
    child.once('close', (code) => resolve(code ?? -1));
  });
}

/** Reads what PostgreSQL printed as an error of the catalogue. Pure. */
export function failure(what: string, output: string): OpsroomError {
  const last = output.trim().split('\n').slice(-4).join(' | ');
  if (/no space left on device|disk quota exceeded/i.test(output))
    return new OpsroomError('DISK_FULL', { where: last, mend: 'Free some space, then try again.' });
  if (/error while loading shared libraries|GLIBC_|exec format error/i.test(output)) {
    return new OpsroomError('PLATFORM_UNSUPPORTED', { where: last });
  }
  return new OpsroomError('DATABASE_FAILED', { what: `The embedded database did not start: ${what}.`, where: last });
}

async function readPasswords(cluster: Cluster): Promise<Passwords | undefined> {
  try {
    return JSON.parse(await readFile(join(cluster.folder, 'passwords.json'), 'utf8')) as Passwords;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new OpsroomError('DATA_DIR_IN_USE', {
      what: 'The embedded database belongs to another user.',
      where: cluster.folder,
      mend: 'Run Opsroom as the user who created it, or choose another directory with OPSROOM_HOME.',
      cause,
    });
  }
}

async function checkMajor(cluster: Cluster): Promise<void> {
  const found = Number.parseInt(await readFile(join(dataOf(cluster), 'PG_VERSION'), 'utf8'), 10);
  if (found === MAJOR) return;
  throw new OpsroomError('DATA_DIR_NEWER', {
    what: `The data directory holds PostgreSQL ${found}, and this version brings PostgreSQL ${MAJOR}.`,
    where: cluster.folder,
    mend: 'Take a backup with the version that wrote it, and restore it into a new directory.',
  });
}

const newPassword = (): string => randomBytes(24).toString('hex');
