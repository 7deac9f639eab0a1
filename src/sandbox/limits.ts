import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';

/** What a step may use. 0 means no limit of ours; the machine's own limits hold all the same. */
export interface Limits {
  /** At once, in the whole step. */
  readonly processes: number;
  /** Of each process: what it may write to (heap, stacks of threads), touched or not. */
  readonly memoryBytes: number;
  /** Of each file. Less than that where the disk has no room for it. */
  readonly fileBytes: number;
}

export const MIB = 1024 * 1024;

/** Generous: they are there to end what has gone wrong, not to ration. Memory: three quarters of the machine's. */
export const USUAL_LIMITS: Limits = {
  processes: 1024,
  memoryBytes: Math.floor((totalmem() * 3) / 4),
  fileBytes: 16 * 1024 * MIB,
};

/** The usual limits, but for those that are set (MiB; 0: none). */
export function limitsFrom(set: {
  readonly processes: number | undefined;
  readonly memoryMb: number | undefined;
  readonly fileMb: number | undefined;
}): Limits {
  return {
    processes: set.processes ?? USUAL_LIMITS.processes,
    memoryBytes: set.memoryMb === undefined ? USUAL_LIMITS.memoryBytes : set.memoryMb * MIB,
    fileBytes: set.fileMb === undefined ? USUAL_LIMITS.fileBytes : set.fileMb * MIB,
  };
}

/** The same as the kernel takes them, in the units of `ulimit`; 0 means to leave the one that is there. */
export interface Caps {
  /** `-f`, blocks of 512 bytes. */
  readonly fileBlocks: number;
  /** `-d`, KiB. */
  readonly dataKiB: number;
  /** `-u` or `-p`: processes and threads of the user. */
  readonly tasks: number;
}

/** What is left for the database and the log when a step fills the disk. */
const SPARED_BYTES = 1024 * MIB;
const THREADS_PER_PROCESS = 4;

/**
 * The kernel counts a user's processes and threads over the whole machine, and root's not at all: that limit is a wall
 * behind the watch (watch.ts), far enough not to hinder a step because of what others run.
 *
 * @param machine `tasks`: of all users now, undefined where that cannot be known; `freeBytes`: of the workspace's disk
 */
export function kernelCaps(limits: Limits, machine: { tasks: number | undefined; freeBytes: number }): Caps {
  // Never below half of what is free: a disk that is almost full should say so itself.
  const room = Math.max(machine.freeBytes - SPARED_BYTES, machine.freeBytes / 2);
  const tasks = machine.tasks === undefined ? 0 : machine.tasks + THREADS_PER_PROCESS * limits.processes;
  return {
    fileBlocks: limits.fileBytes === 0 ? 0 : Math.max(1, Math.floor(Math.min(limits.fileBytes, room) / 512)),
    dataKiB: Math.ceil(limits.memoryBytes / 1024),
    tasks: limits.processes === 0 ? 0 : tasks,
  };
}

/** Processes and threads of the whole machine; undefined where there is no /proc. Not worth a wait: the kernel has it at hand. */
export function machineTasks(): number | undefined {
  try {
    return parseTasks(readFileSync('/proc/loadavg', 'latin1'));
  } catch {
    return undefined;
  }
}

/** From the text of /proc/loadavg: `0.42 0.31 0.20 2/345 6789` has 345. */
export function parseTasks(text: string): number | undefined {
  const [, tasks] = /^\S+ \S+ \S+ \d+\/(\d+)/.exec(text) ?? [];
  return tasks === undefined ? undefined : Number(tasks);
}

/** Shells pass on that a program died of SIGXFSZ (25) as 128 + 25. */
const FILE_LIMIT_CODE = 153;

const WORDS: readonly [keyof Limits, RegExp][] = [
  ['fileBytes', /file too large|file size limit exceeded|EFBIG/i],
  [
    'memoryBytes',
    /cannot allocate memory|memory exhausted|out of memory|not enough memory|MemoryError|bad_alloc|ENOMEM/i,
  ],
  ['processes', /fork: .*resource temporarily unavailable|can't fork|cannot fork|EAGAIN.*(fork|spawn)/i],
];

/**
 * Which limit a program that failed has met, as far as one can tell from outside: the kernel refuses it something, and
 * what the program says or does about that is its own.
 */
export function limitMet(
  end: { readonly exitCode: number | null; readonly killedBy: string | null },
  lastWords: string,
): keyof Limits | undefined {
  if (end.killedBy === 'SIGXFSZ' || end.exitCode === FILE_LIMIT_CODE) return 'fileBytes';
  return WORDS.find(([, words]) => words.test(lastWords))?.[0];
}
