import { execFile } from 'node:child_process';
import { realpathSync, statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { OpsroomError } from '#kit/errors.js';
import { type BubblewrapView, bubblewrapOptions } from './bubblewrap.js';
import { isWithin } from './paths.js';
import { findProgram } from './program.js';

/** From weakest to strongest. The same words as in a plan's `sandbox.level`. */
export type IsolationLevel = 'none' | 'uid' | 'bubblewrap';

export interface Isolation {
  readonly level: IsolationLevel;
  /** Only bubblewrap can keep a process off the network; the weaker levels leave it. */
  readonly network: boolean;
  /** Absolute folders that bubblewrap leaves visible and writable; default: the working directory. */
  readonly writable?: readonly string[];
  /** Absolute paths to hide inside the writable folders; a `.opsroom` right below one is always hidden. */
  readonly hidden?: readonly string[];
}

export interface LevelReport {
  readonly level: IsolationLevel;
  readonly available: boolean;
  /** Why it is not available. */
  readonly reason?: string;
}

/**
 * The user and group of level `uid`. Not nobody: the embedded database runs as nobody when Opsroom runs as root, and a
 * step must reach neither its files nor its processes. 65520–65533 belong to nobody by systemd's table of ids.
 */
export const STEP_USER = { uid: 65531, gid: 65531 } as const;

/** Not the PATH of a step: whoever writes a plan would choose the program that is to confine it. */
const BUBBLEWRAP_PATH = '/usr/bin:/bin:/usr/local/bin:/run/current-system/sw/bin';

let detected: Promise<readonly LevelReport[]> | undefined;

/** Which levels this machine has, found by trying, once per process. */
export function detectIsolation(): Promise<readonly LevelReport[]> {
  detected ??= tryBubblewrap().then((reason) => [
    { level: 'none', available: true },
    process.getuid?.() === 0
      ? { level: 'uid', available: true }
      : { level: 'uid', available: false, reason: 'only root can run a step as another user' },
    reason === undefined ? { level: 'bubblewrap', available: true } : { level: 'bubblewrap', available: false, reason },
  ]);
  return detected;
}

/** Throws ISOLATION_UNAVAILABLE when the machine lacks the level: a step never runs with less than was asked for. */
export async function requireIsolation(level: IsolationLevel): Promise<void> {
  if (level === 'none') return;
  const report = (await detectIsolation()).find((entry) => entry.level === level);
  if (report?.available) return;
  throw new OpsroomError('ISOLATION_UNAVAILABLE', {
    what: `This machine cannot run a step with isolation "${level}": ${report?.reason ?? 'unknown level'}.`,
  });
}

/** Path of bubblewrap; throws ISOLATION_UNAVAILABLE when it went away since it was detected. */
export function bubblewrapProgram(): string {
  const program = findProgram('bwrap', { path: BUBBLEWRAP_PATH, cwd: '/' });
  if (program === undefined) throw new OpsroomError('ISOLATION_UNAVAILABLE', { where: 'bwrap is not installed' });
  return program;
}

/** Why bubblewrap does not work here; undefined when it does. Installed is not enough: containers often forbid namespaces. */
function tryBubblewrap(): Promise<string | undefined> {
  const program = findProgram('bwrap', { path: BUBBLEWRAP_PATH, cwd: '/' });
  if (program === undefined) return Promise.resolve('bubblewrap (bwrap) is not installed');
  const options = bubblewrapOptions({ network: false, writable: [], hidden: [], cwd: '/', env: {} });
  return new Promise((resolve) => {
    execFile(program, [...options, '--', '/bin/sh', '-c', ':'], { timeout: 10_000, env: {} }, (error, _out, err) => {
      resolve(error ? `bubblewrap does not work here: ${err.trim() || error.message}` : undefined);
    });
  });
}

/**
 * The folders that a sandbox shows and what it hides in them, links resolved: inside, only resolved paths exist.
 * Throws ISOLATION_UNAVAILABLE when a folder would bring the home folder, and so everybody's keys, into the sandbox.
 */
export function sandboxView(isolation: Isolation, cwd: string): Pick<BubblewrapView, 'cwd' | 'writable' | 'hidden'> {
  const writable = (isolation.writable ?? [cwd]).map((path) => real(path) ?? path);
  const home = homeFolder();
  const tooWide = writable.find((folder) => folder === '/' || (home !== '/' && isWithin(home, folder)));
  if (tooWide !== undefined) {
    throw new OpsroomError('ISOLATION_UNAVAILABLE', {
      what: `The workspace ${tooWide} holds the home folder, which a sandboxed step must not see.`,
      mend: 'Put the plan into a folder of its own below the home folder.',
    });
  }
  const candidates = [...writable.map((folder) => join(folder, '.opsroom')), ...(isolation.hidden ?? [])];
  const hidden = candidates.map(real).filter((path) => path !== undefined);
  const marked = [...new Set(hidden)].map((path) => ({ path, isFolder: statSync(path).isDirectory() }));
  return { cwd: real(cwd) ?? cwd, writable, hidden: marked };
}

/** A container may run under a user that has no entry in the table of users and no HOME: then there is none to guard, "/". */
function homeFolder(): string {
  const path = attempt(() => userInfo().homedir) ?? attempt(homedir) ?? '/';
  return real(path) ?? path;
}

function real(path: string): string | undefined {
  return attempt(() => realpathSync(path));
}

function attempt<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}
