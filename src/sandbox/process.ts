import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, statSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { endGroup } from './groups.js';
import type { Isolation, IsolationLevel } from './isolation.js';
import type { Keeper } from './keeper.js';
import { FD, type Launch, planLaunch } from './launch.js';
import { findProgram } from './program.js';
import { closeStdio, collectOutput, openStdio, type Stdio, within } from './stdio.js';

export type { Isolation, IsolationLevel } from './isolation.js';

export interface ProcessSpec {
  /** The program (looked up on `env.PATH` when it has no slash) and its arguments; no shell reads them. */
  readonly argv: readonly [string, ...string[]];
  /** Absolute. */
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Without it, stdin is /dev/null. */
  readonly stdin?: string | Uint8Array;
  readonly isolation: Isolation;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Between TERM and KILL, for the whole process group. Default 10 s. */
  readonly graceMs?: number;
  /** Gets output as it comes; nothing is kept here. Chunks may split characters. */
  onOutput(stream: 'out' | 'err', chunk: Uint8Array): void;
  /** Ends the process group if this worker dies. */
  readonly keeper?: Keeper;
}

export interface ProcessEnd {
  /** Null when a signal ended it, or when it never started. */
  readonly exitCode: number | null;
  readonly killedBy: NodeJS.Signals | null;
  /** `exited`: by itself. `not-started`: `message` says why. */
  readonly ended: 'exited' | 'timed-out' | 'aborted' | 'not-started';
  /** The level that was reached; always the one asked for. */
  readonly isolation: IsolationLevel;
  readonly durationMs: number;
  readonly message?: string;
}

type Outcome = Omit<ProcessEnd, 'isolation' | 'durationMs'>;

const GRACE_MS = 10_000;
/** setTimeout fires at once for anything longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** A group that is gone leaves at most a zombie leader, which Node reaps as soon as it gets to it. */
const REAPED_MS = 5000;

/**
 * Runs one process in a group of its own and resolves when nothing of the group runs any more: background processes that
 * outlive their leader are ended too. A process that leaves the group (setsid) escapes that, except in bubblewrap.
 *
 * Resolves for every way of ending; rejects only with ISOLATION_UNAVAILABLE.
 */
export async function runProcess(spec: ProcessSpec): Promise<ProcessEnd> {
  const startedAt = performance.now();
  const end = (how: Outcome): ProcessEnd => ({
    ...how,
    isolation: spec.isolation.level,
    durationMs: performance.now() - startedAt,
  });
  const refused = (message: string) => end({ ended: 'not-started', exitCode: null, killedBy: null, message });

  const program = findProgram(spec.argv[0], { path: spec.env['PATH'] ?? '', cwd: spec.cwd });
  if (!isFolder(spec.cwd)) return refused(`The working directory ${spec.cwd} does not exist.`);
  if (program === undefined) return refused(`The program "${spec.argv[0]}" was not found, or may not be executed.`);
  const [, ...args] = spec.argv;
  const launch = await planLaunch({ ...spec, argv: [program, ...args], keeper: spec.keeper });
  if (spec.signal.aborted) return end({ ended: 'aborted', exitCode: null, killedBy: null });

  const stdio = await openStdio();
  const child = start(launch, stdio, spec);
  if (typeof child === 'string') return refused(child);
  const outcome = await supervise(child, stdio, spec);
  return typeof outcome === 'string' ? refused(outcome) : end(outcome);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The started process; or why it could not be started (too many arguments, a NUL in one of them). */
function start(launch: Launch, stdio: Stdio, spec: ProcessSpec): ChildProcess | string {
  const [file, ...args] = launch.argv;
  try {
    const child = spawn(file, args, {
      cwd: launch.cwd,
      env: launch.env,
      ...launch.user,
      detached: true,
      stdio: [spec.stdin === undefined ? 'ignore' : 'pipe', ...stdio.inherited, ...launch.extra],
    });
    if (child.pid !== undefined) spec.keeper?.started(child.pid);
    feed(child.stdin, spec.stdin);
    feed(pipesOf(child)[FD.options], launch.options);
    return child;
  } catch (error) {
    closeStdio(stdio);
    return notStarted((error as Error).message);
  } finally {
    // Only the child's copies may be left: ours would keep the pipes from ever ending.
    for (const end of stdio.inherited) closeSync(end);
  }
}

function feed(pipe: Writable | null | undefined, data: string | Uint8Array | undefined): void {
  if (!pipe || data === undefined) return;
  // EPIPE: the process does not read, or has ended. Its exit tells what matters.
  pipe.on('error', () => {});
  pipe.end(data);
}

/** From the start to the last of the group; a string says why it did not start after all. */
async function supervise(child: ChildProcess, stdio: Stdio, spec: ProcessSpec): Promise<Outcome | string> {
  const exited = exitOf(child);
  const { pid } = child;
  if (pid === undefined) {
    closeStdio(stdio);
    return (await exited).refusal;
  }
  const sandbox = spec.isolation.level === 'bubblewrap' ? watchSandbox(child) : undefined;
  const output = collectOutput(stdio, sandbox?.pipe, spec);
  const graceMs = spec.graceMs ?? GRACE_MS;

  const first = await exitOrInterruption(exited, spec);
  if (typeof first === 'string') await endGroup(pid, graceMs, sandbox !== undefined);
  const gone = await endGroup(pid, graceMs);
  const exit = await within(exited, REAPED_MS);
  await output.drained();
  child.stdin?.destroy();

  const ended = typeof first === 'string' ? first : 'exited';
  const { exitCode = null, killedBy = null } = exit ?? {};
  if (!gone || !exit) return { ended, exitCode, killedBy, message: `Something of process group ${pid} survived KILL.` };
  spec.keeper?.forget(pid);
  if (ended === 'exited' && sandbox?.started() === false) return `bubblewrap did not start it: ${output.firstError()}`;
  return { ended, exitCode, killedBy };
}

interface Exit {
  readonly exitCode: number | null;
  readonly killedBy: NodeJS.Signals | null;
  /** Why the operating system did not start it; empty when it did. */
  readonly refusal: string;
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('exit', (exitCode, killedBy) => resolve({ exitCode, killedBy, refusal: '' }));
    child.once('error', ({ message }) => resolve({ exitCode: null, killedBy: null, refusal: notStarted(message) }));
  });
}

const notStarted = (why: string) => `The program could not be started: ${why}`;

type Interruption = 'timed-out' | 'aborted';

/** Resolves with the first of exit, time-out and abort. */
async function exitOrInterruption(exited: Promise<Exit>, spec: ProcessSpec): Promise<Exit | Interruption> {
  let timer: NodeJS.Timeout | undefined;
  const over = new AbortController();
  const interrupted = new Promise<Interruption>((resolve) => {
    timer = setTimeout(() => resolve('timed-out'), Math.min(spec.timeoutMs, LONGEST_TIMER_MS));
    spec.signal.addEventListener('abort', () => resolve('aborted'), { once: true, signal: over.signal });
  });
  return Promise.race([exited, interrupted]).finally(() => {
    clearTimeout(timer);
    over.abort();
  });
}

/** bubblewrap reports an exit code on its status descriptor only when the program inside was really started. */
function watchSandbox(child: ChildProcess): { pipe: Socket | null; started(): boolean } {
  let status = '';
  const pipe = pipesOf(child)[FD.status] ?? null;
  pipe?.on('data', (chunk: Buffer) => {
    status += chunk.toString('latin1');
  });
  return { pipe, started: () => status.includes('"exit-code"') };
}

/** All of them; Node's type ends at descriptor 4. */
function pipesOf(child: ChildProcess): readonly (Socket | null)[] {
  return child.stdio as readonly unknown[] as readonly (Socket | null)[];
}
