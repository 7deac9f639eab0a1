import type { CallContext } from '#ir/calls.js';
import { OpsroomError } from '#kit/errors.js';
import { abortReason } from '#sandbox/deadline.js';
import type { Keeper } from '#sandbox/keeper.js';
import { runProcess } from '#sandbox/process.js';
import { PATH } from '../shell/command.js';

/**
 * What repositories that others have written to must not decide: no hooks, no file system monitor, no signing, nothing in the
 * background; and nothing of the settings of whoever runs the worker.
 */
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.attributesFile=/dev/null',
  'safe.directory=*',
  'protocol.file.allow=always',
  'submodule.recurse=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'commit.gpgSign=false',
  'init.defaultBranch=main',
].flatMap((setting) => ['-c', setting]);

const ENVIRONMENT = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  LC_ALL: 'C.UTF-8',
  PATH,
};
const MOST_OUTPUT = 64 * 1024 * 1024;

export interface GitPlace {
  readonly context: CallContext;
  /** Absolute folders that git may see and write to. */
  readonly folders: readonly string[];
  readonly keeper: Keeper | undefined;
}

export interface GitAsk {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly mostBytes?: number;
}

export interface GitEnd {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs git, isolated as the step is and without a network. Rejects when it was ended, or says too much; not for its exit code. */
export async function tryGit(place: GitPlace, args: readonly string[], ask: GitAsk): Promise<GitEnd> {
  const { context, folders, keeper } = place;
  const out = new Capped(ask.mostBytes ?? MOST_OUTPUT);
  const err = new Capped(64 * 1024);
  const end = await runProcess({
    argv: ['git', ...SETTINGS, ...args],
    cwd: ask.cwd,
    env: { ...ENVIRONMENT, HOME: ask.cwd, ...ask.env },
    isolation: { level: context.isolation.level, network: false, writable: folders },
    signal: context.signal,
    timeoutMs: context.timeoutMs,
    ...(ask.stdin === undefined ? {} : { stdin: ask.stdin }),
    ...(keeper === undefined ? {} : { keeper }),
    onOutput: (stream, chunk) => (stream === 'out' ? out : err).push(chunk),
  });
  if (end.ended === 'aborted') throw abortReason(context.signal);
  if (end.ended !== 'exited')
    throw new OpsroomError('STEP_FAILED', { what: `git ${args[0]} came to no end: ${end.message ?? end.ended}` });
  if (out.isOver)
    throw new OpsroomError('STEP_OVER_LIMIT', {
      what: `git ${args[0]} says more than ${ask.mostBytes ?? MOST_OUTPUT} bytes`,
      mend: 'Raise maxDiffBytes, or let the agent change less.',
    });
  return { code: end.exitCode, stdout: out.bytes(), stderr: err.bytes().toString('utf8').trim() };
}

/** The same, for a git that has to succeed. @returns what it printed, without the last line's end */
export async function git(place: GitPlace, args: readonly string[], ask: GitAsk): Promise<string> {
  const { code, stdout, stderr } = await tryGit(place, args, ask);
  if (code === 0) return stdout.toString('utf8').replace(/\n$/, '');
  throw new OpsroomError('STEP_FAILED', {
    what: `git ${args.find((word) => !word.startsWith('-'))} failed: ${stderr.slice(-500)}`,
  });
}

class Capped {
  readonly #chunks: Uint8Array[] = [];
  #size = 0;
  constructor(private readonly most: number) {}
  get isOver(): boolean {
    return this.#size > this.most;
  }
  push(chunk: Uint8Array): void {
    this.#size += chunk.length;
    if (!this.isOver) this.#chunks.push(chunk);
  }
  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
