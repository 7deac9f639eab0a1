import type { ChildProcess } from 'node:child_process';
import { open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { sleep } from '#kit/clock.js';
import { OpsroomError } from '#kit/errors.js';
import { type Cluster, dataOf, exitOf, failure, launch } from './cluster.js';
import { clearStalePidFile, findPostmaster, type Postmaster } from './postmaster.js';

export const HOST = '127.0.0.1';
/** Crash recovery of a large cluster takes minutes, and a dying server writes its checkpoint first. */
const PATIENCE_MS = 300_000;
const POLL_MS = 10;
/** Refusals that end by themselves: another starter was first, took the port, or a killed server's children still live. */
const PASSING = /lock file "[^"]*" already exists|pre-existing shared memory block/;
const PORT_TAKEN = /could not bind|could not create any TCP\/IP sockets/;
/** Running workers know the last port: whoever has it is given about two seconds to let it go before another is taken. */
const PORT_TRIES = 20;
const PORT_POLL_MS = 100;
const LOG_LIMIT = 16 * 1024 * 1024;

/**
 * A running PostgreSQL for the cluster: adopted when one lives, waited for when it starts or stops, started otherwise.
 * PostgreSQL's own pid file decides between two starters: the one that loses adopts the other's server.
 *
 * @param begun is called once it runs, or starts, or stops
 */
export async function ensureServer(cluster: Cluster, begun: () => void = () => undefined): Promise<Postmaster> {
  const data = dataOf(cluster);
  let portTaken = 0;
  for (let waited = 0; waited < PATIENCE_MS; waited += POLL_MS) {
    const found = await findPostmaster(data);
    if (found) begun();
    if (found?.status === 'ready') return found;
    const began = found ? undefined : await startServer(cluster, begun, portTaken < PORT_TRIES);
    if (began === 'ready') continue;
    if (began === 'port taken') portTaken += 1;
    await sleep(began === 'port taken' ? PORT_POLL_MS : POLL_MS);
  }
  throw new OpsroomError('DATA_DIR_IN_USE', { where: data });
}

/** Fast shutdown of the PostgreSQL that serves the cluster, if any; resolves when it is gone. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const found = await findPostmaster(dataOf(cluster));
  if (!found) return;
  signal(found.pid, 'SIGINT');
  for (let waited = 0; waited < PATIENCE_MS; waited += POLL_MS) {
    if ((await findPostmaster(dataOf(cluster)))?.pid !== found.pid) return;
    await sleep(POLL_MS);
  }
  throw new OpsroomError('DATA_DIR_IN_USE', { what: 'The embedded database does not stop.', where: dataOf(cluster) });
}

/** What became of a start: `passing` where another was first, or a server is not quite gone. */
type Began = 'ready' | 'port taken' | 'passing';

/** Throws when PostgreSQL refuses for good. @param asBefore on the port of last time, if there was one */
async function startServer(cluster: Cluster, begun: () => void, asBefore: boolean): Promise<Began> {
  const data = dataOf(cluster);
  await clearStalePidFile(data);
  const port = (asBefore && (await lastPort(cluster))) || (await freePort());
  const logFile = join(cluster.folder, 'postgres.log');
  await rotate(logFile);
  const log = await open(logFile, 'a', 0o600);
  const from = (await log.stat()).size;
  const child = launch(cluster, cluster.binaries.postgres, serverArguments(data, port), ['ignore', log.fd, log.fd]);
  child.unref();
  begun();
  try {
    await readyOrGone(child, data);
  } finally {
    await log.close();
  }
  if (child.exitCode === null && child.signalCode === null) {
    await writeFile(join(cluster.folder, 'port'), String(port), { mode: 0o600 });
    return 'ready';
  }
  const said = (await readFile(logFile)).subarray(from).toString();
  if (PORT_TAKEN.test(said)) return 'port taken';
  if (!PASSING.test(said)) throw failure(`it ended with code ${child.exitCode ?? child.signalCode}`, said);
  return 'passing';
}

function serverArguments(data: string, port: number): string[] {
  const settings = {
    listen_addresses: HOST,
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    fsync: 'on',
    // Two cores and short statements: compiling them costs more than it saves.
    jit: 'off',
    lc_messages: 'C',
    log_line_prefix: '%m [%p] ',
  };
  return ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

async function readyOrGone(child: ChildProcess, data: string): Promise<void> {
  await Promise.race([exitOf(child), untilReady(child, data)]);
}

async function untilReady(child: ChildProcess, data: string): Promise<void> {
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const found = await findPostmaster(data);
    if (found?.pid === child.pid && found.status === 'ready') return;
    await sleep(POLL_MS);
  }
}

/**
 * Not tried beforehand: PostgreSQL takes it or is refused. Two starters that each looked whether it is free held it against one another,
 * and the server came up where no running worker looks for it.
 */
async function lastPort(cluster: Cluster): Promise<number> {
  return Number(await readFile(join(cluster.folder, 'port'), 'utf8').catch(() => '0'));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: HOST, port: 0, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function rotate(logFile: string): Promise<void> {
  const size = (await stat(logFile).catch(() => undefined))?.size ?? 0;
  if (size > LOG_LIMIT) await rename(logFile, `${logFile}.1`);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
