import { type ChildProcess, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { Isolation, IsolationLevel } from './isolation.js';
import type { Keeper } from './keeper.js';
import { type Launch, planLaunch } from './launch.js';
import { type Limits, USUAL_LIMITS } from './limits.js';
import { findProgram } from './program.js';
import { closeInherited, closeOurs, openStdio, type Stdio } from './stdio.js';
import { notStarted, type Outcome, refusal, supervise } from './supervise.js';

export interface ProcessSpec {
  /** The program (looked up on `env.PATH` when it has no slash) and its arguments; no shell reads them. */
  readonly argv: readonly [string, ...string[]];
  /** Absolute. */
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Without it, stdin is /dev/null. */
  readonly stdin?: string | Uint8Array;
  /** Given the process's stdin once it has started, to write to while it runs. Excludes `stdin`. */
  converse?(input: Writable): void;
  readonly isolation: Isolation;
  /** Default: USUAL_LIMITS. */
  readonly limits?: Limits;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Between TERM and KILL, for the whole process group. Default 10 s. */
  readonly graceMs?: number;
  /** Gets output as it comes; nothing is kept here. Chunks may split characters. */
  onOutput(stream: 'out' | 'err', chunk: Uint8Array): void;
  /** Ends the process group if this worker dies. */
  readonly keeper?: Keeper;
}

export interface ProcessEnd extends Outcome {
  /** The level that was reached; always the one asked for. */
  readonly isolation: IsolationLevel;
  readonly durationMs: number;
}

const GRACE_MS = 10_000;

/**
 * Runs one process in a group of its own and resolves when nothing of the group runs any more: background processes that
 * outlive their leader are ended too. A process that leaves the group (setsid) escapes that, except in bubblewrap.
 *
 * Resolves for every way of ending; rejects only with ISOLATION_UNAVAILABLE.
 */
export async function runProcess(spec: ProcessSpec): Promise<ProcessEnd> {
  const startedAt = performance.now();
  const outcome = await run(spec);
  return { ...outcome, isolation: spec.isolation.level, durationMs: performance.now() - startedAt };
}

async function run(spec: ProcessSpec): Promise<Outcome> {
  const { argv, cwd, env, keeper, limits = USUAL_LIMITS } = spec;
  const program = findProgram(argv[0], { path: env['PATH'] ?? '', cwd });
  if (!isFolder(cwd)) return notStarted(`The working directory ${cwd} does not exist.`);
  if (program === undefined) return notStarted(`The program "${argv[0]}" was not found, or may not be executed.`);
  const [, ...args] = argv;
  const launch = await planLaunch({ ...spec, argv: [program, ...args], limits, registers: keeper !== undefined });
  const stdin = spec.converse ? 'open' : spec.stdin === undefined ? undefined : { text: spec.stdin };
  const stdio = await openStdio({ stdin, options: launch.options, keeper });
  const child = start(launch, stdio, spec);
  if ('ended' in child) return child;
  if (child.stdin) spec.converse?.(child.stdin);
  return supervise(child, stdio, {
    signal: spec.signal,
    timeoutMs: spec.timeoutMs,
    graceMs: spec.graceMs ?? GRACE_MS,
    limits,
    isSandboxed: spec.isolation.level === 'bubblewrap',
    onOutput: (stream, chunk) => spec.onOutput(stream, chunk),
    over: () => child.pid !== undefined && keeper?.forget(child.pid),
  });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The started process; or why there is none (aborted meanwhile, too many arguments, a NUL in one of them). */
function start(launch: Launch, stdio: Stdio, { signal, keeper }: ProcessSpec): ChildProcess | Outcome {
  const [file, ...args] = launch.argv;
  try {
    signal.throwIfAborted();
    const { cwd, env, user } = launch;
    const child = spawn(file, args, { cwd, env, ...user, detached: true, stdio: [...stdio.child] });
    if (child.pid !== undefined) keeper?.started(child.pid);
    return child;
  } catch (error) {
    closeOurs(stdio);
    if (signal.aborted) return { ended: 'aborted', exitCode: null, killedBy: null };
    return notStarted(refusal((error as Error).message));
  } finally {
    closeInherited(stdio);
  }
}
