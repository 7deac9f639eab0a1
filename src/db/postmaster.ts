import { execFile } from 'node:child_process';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What postmaster.pid says about a PostgreSQL that lives. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly status: 'starting' | 'ready' | 'stopping';
}

const run = promisify(execFile);

/** Parses postmaster.pid (PostgreSQL's pidfile.h: pid, data directory, start, port, socket, address, key, status). */
export function parsePidFile(text: string): Postmaster | undefined {
  const lines = text.split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const word = lines[7]?.trim();
  const status = word === 'ready' || word === 'stopping' ? word : 'starting';
  // While it starts, the file has only its first lines: the port may be missing.
  return { pid, port: Number.isSafeInteger(port) ? port : 0, status };
}

/** The PostgreSQL that serves `data`, or undefined. A pid file whose process is gone, or is another program, counts as none. */
export async function findPostmaster(data: string): Promise<Postmaster | undefined> {
  const text = await readPidFile(data);
  const found = text === undefined ? undefined : parsePidFile(text);
  return found && (await isPostgresOf(found.pid, data)) ? found : undefined;
}

/**
 * Puts away a pid file whose number now belongs to another program: PostgreSQL itself would refuse to start for as long
 * as that lives (usual in containers, where numbers repeat). Renamed and read again, because another starter may have
 * written its own file between our look and our move; then it goes back.
 */
export async function clearStalePidFile(data: string): Promise<void> {
  const before = await readPidFile(data);
  if (before === undefined) return;
  const found = parsePidFile(before);
  if (found && (await isPostgresOf(found.pid, data))) return;
  const path = join(data, 'postmaster.pid');
  const aside = `${path}.stale-${process.pid}`;
  await rename(path, aside).catch(ignoreMissing);
  const moved = await readFile(aside, 'utf8').catch(ignoreMissing);
  if (moved !== undefined && moved !== before) await rename(aside, path);
  else await rm(aside, { force: true });
}

/** True when the last PostgreSQL on `data` lives, or died without a shutdown. */
export async function hasPidFile(data: string): Promise<boolean> {
  return (await readPidFile(data)) !== undefined;
}

/** True while process `pid` is a PostgreSQL started on `data`. A zombie has no command line, so it counts as dead. */
async function isPostgresOf(pid: number, data: string): Promise<boolean> {
  const command = await commandLine(pid);
  return command.includes('postgres') && command.includes(data);
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return run('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)]).then(
    (done) => done.stdout,
    () => '',
  );
}

async function readPidFile(data: string): Promise<string | undefined> {
  return readFile(join(data, 'postmaster.pid'), 'utf8').catch(ignoreMissing);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}
