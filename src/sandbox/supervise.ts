import type { ChildProcess } from 'node:child_process';
import { later } from '#kit/clock.js';
import { endGroup, groupEnds, KILL_SHOWS_MS, killGroup, signalTo } from './groups.js';
import type { Limits } from './limits.js';
import { collectOutput, type Output, type OutputSink, type Stdio } from './stdio.js';
import { watchProcesses } from './watch.js';
import { within } from './within.js';

export interface Supervision extends OutputSink {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly graceMs: number;
  readonly limits: Limits;
  readonly isSandboxed: boolean;
  /** Called when nothing of the process group is left. */
  over(): void;
}

export interface Outcome {
  /** Null when a signal ended it, or when it never started. */
  readonly exitCode: number | null;
  readonly killedBy: NodeJS.Signals | null;
  /** `exited`: by itself. `over-limit`: it had too many processes. `not-started`: `message` says why. */
  readonly ended: 'exited' | 'timed-out' | 'aborted' | 'over-limit' | 'not-started';
  readonly message?: string;
}

/** A group that is gone leaves at most a zombie leader, which Node reaps as soon as it gets to it. */
const REAPED_MS = 5000;

/** From the start of a process to the end of the last of its group. Never rejects. */
export async function supervise(child: ChildProcess, stdio: Stdio, how: Supervision): Promise<Outcome> {
  const exited = exitOf(child);
  const output = collectOutput(stdio, how);
  const { pid } = child;
  if (pid === undefined) {
    await output.drained();
    return notStarted((await exited).refusal);
  }
  const first = await exitOrInterruption(exited, how, (exceeded) =>
    watchProcesses({ group: pid, most: how.limits.processes, sandboxInit: () => output.sandboxInit(), exceeded }),
  );
  const gone = (await endAll(pid, first, how)) && (await sandboxEnds(output, first));
  const exit = await within(exited, REAPED_MS);
  await output.drained();

  const { exitCode = null, killedBy = null } = exit ?? {};
  const end = { ended: typeof first === 'string' ? first : 'exited', exitCode, killedBy } as const;
  if (!gone || !exit) return { ...end, message: `Something of process group ${pid} survived KILL.` };
  how.over();
  const failedToStart = end.ended === 'exited' && how.isSandboxed && !output.wasStarted();
  return failedToStart ? notStarted(`bubblewrap did not start it: ${output.firstError()}`) : end;
}

/** What never ran, and why. */
export function notStarted(message: string): Outcome {
  return { ended: 'not-started', exitCode: null, killedBy: null, message };
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
    child.once('error', ({ message }) => resolve({ exitCode: null, killedBy: null, refusal: refusal(message) }));
  });
}

/** The operating system's reason, as a sentence. */
export function refusal(why: string): string {
  return `The program could not be started: ${why}`;
}

type Interruption = 'timed-out' | 'aborted' | 'over-limit';

/** Resolves with the first of exit, time-out, abort and too many processes. */
async function exitOrInterruption(
  exited: Promise<Exit>,
  { signal, timeoutMs }: Supervision,
  watch: (exceeded: () => void) => () => void,
): Promise<Exit | Interruption> {
  const over = new AbortController();
  const interrupted = new Promise<Interruption>((resolve) => {
    const stop = later(timeoutMs, () => resolve('timed-out'));
    const unwatch = watch(() => resolve('over-limit'));
    signal.addEventListener('abort', () => resolve('aborted'), { once: true, signal: over.signal });
    over.signal.addEventListener('abort', () => {
      stop();
      unwatch();
    });
  });
  return Promise.race([exited, interrupted]).finally(() => over.abort());
}

/** Too many processes get no grace: they would use it to become more. What outlives its leader is ended in every case. */
async function endAll(pid: number, first: Exit | Interruption, how: Supervision): Promise<boolean> {
  if (first === 'over-limit') return killGroup(pid);
  if (typeof first === 'string') await endGroup(pid, how.graceMs, how.isSandboxed);
  return endGroup(pid, how.graceMs);
}

/** KILL ends bubblewrap at once; what is inside goes with it, but the kernel takes its time over hundreds of processes. */
async function sandboxEnds(output: Output, first: Exit | Interruption): Promise<boolean> {
  const group = output.sandboxInit();
  // After an exit of its own nothing is waited for: the first process inside may stay a zombie until init gets to it.
  if (group === undefined || typeof first !== 'string') return true;
  if (first === 'over-limit') signalTo(group, 'SIGKILL');
  return groupEnds(group, KILL_SHOWS_MS);
}
