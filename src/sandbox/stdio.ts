import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import { openInput } from './input.js';
import type { Keeper } from './keeper.js';
import { makePipe, type Pipe } from './pipes.js';
import { within } from './within.js';

/** How long a pipe that somebody outside of the group holds open is watched for more output, per round. */
const ROUND_MS = 100;

/** The descriptors of one process that is to start: its own, by number, and our ends of its pipes. */
export interface Stdio {
  /** 0 to 5, as FD names those from 3 on. */
  readonly child: readonly ('ignore' | 'pipe' | number | Socket)[];
  readonly out: Socket;
  readonly err: Socket;
  /** What bubblewrap reports; undefined without it. */
  readonly status: Socket | undefined;
}

export interface StdioSpec {
  /** Without it, stdin is /dev/null. `open`: a pipe to write to while the process runs, of Node's kind. */
  readonly stdin: 'open' | { readonly text: string | Uint8Array } | undefined;
  /** For bubblewrap; undefined without it. */
  readonly options: string | undefined;
  readonly keeper: Pick<Keeper, 'channel'> | undefined;
}

/**
 * No descriptor is a socket, but for the keeper's channel, which the prelude closes, and a stdin that stays open.
 * Where there is no room for one of them, none is left open.
 */
export async function openStdio({ stdin, options, keeper }: StdioSpec): Promise<Stdio> {
  const opened: number[] = [];
  const pipe = async (): Promise<Pipe> => {
    const made = await makePipe();
    opened.push(made.read, made.write);
    return made;
  };
  const input = (data: string | Uint8Array): number => {
    const fd = openInput(data);
    opened.push(fd);
    return fd;
  };
  try {
    const out = await pipe();
    const err = await pipe();
    const status = options === undefined ? undefined : await pipe();
    return {
      child: [
        stdin === undefined ? 'ignore' : stdin === 'open' ? 'pipe' : input(stdin.text),
        out.write,
        err.write,
        keeper?.channel ?? 'ignore',
        status?.write ?? 'ignore',
        options === undefined ? 'ignore' : input(options),
      ],
      out: reader(out.read),
      err: reader(err.read),
      status: status && reader(status.read),
    };
  } catch (error) {
    for (const fd of opened) closeSync(fd);
    throw error;
  }
}

function reader(fd: number): Socket {
  return new Socket({ fd, readable: true, writable: false });
}

/** Once the child has its own copies, or will never have them: ours would keep the pipes from ending. */
export function closeInherited({ child }: Stdio): void {
  for (const end of child) if (typeof end === 'number') closeSync(end);
}

/** For a process that did not start. */
export function closeOurs({ out, err, status }: Stdio): void {
  for (const pipe of [out, err, status]) pipe?.destroy();
}

export interface OutputSink {
  onOutput(stream: 'out' | 'err', chunk: Uint8Array): void;
}

export interface Output {
  /** Resolves when the pipes are closed, or held open silently by somebody who left the group. */
  drained(): Promise<void>;
  /** The beginning of stderr, for messages. */
  firstError(): string;
  /** Whether bubblewrap reported an exit code, which it does only when the program inside was really started. */
  wasStarted(): boolean;
  /** The first process in bubblewrap, as the outside numbers it; it leads a group of its own, and ends as the last inside. */
  sandboxInit(): number | undefined;
}

/** Hands on what comes, and keeps nothing but the beginning of stderr and bubblewrap's report. */
export function collectOutput({ out, err, status }: Stdio, sink: OutputSink): Output {
  let chunks = 0;
  let firstError = '';
  let report = '';
  out.on('data', (chunk: Buffer) => {
    chunks += 1;
    sink.onOutput('out', chunk);
  });
  err.on('data', (chunk: Buffer) => {
    chunks += 1;
    if (firstError.length < 500) firstError += chunk.toString('utf8', 0, 500);
    sink.onOutput('err', chunk);
  });
  status?.on('data', (chunk: Buffer) => {
    report += chunk.toString('latin1');
  });
  const pipes = status ? [out, err, status] : [out, err];
  for (const pipe of pipes) pipe.on('error', () => {});
  const closed = Promise.all(pipes.map((pipe) => new Promise((resolve) => pipe.once('close', resolve))));
  return {
    firstError: () => firstError.trim().slice(0, 500),
    wasStarted: () => report.includes('"exit-code"'),
    sandboxInit: () => {
      const [, pid] = /"child-pid": *(\d+)/.exec(report) ?? [];
      return pid === undefined ? undefined : Number(pid);
    },
    drained: async () => {
      await silence(closed, () => chunks);
      for (const pipe of pipes) pipe.destroy();
    },
  };
}

/** Two silent rounds in a row, since the first may have been this process being busy itself; at most twenty in all. */
async function silence(closed: Promise<unknown>, count: () => number): Promise<void> {
  let silent = 0;
  for (let round = 0; round < 20 && silent < 2; round += 1) {
    const before = count();
    if ((await within(closed, ROUND_MS)) !== undefined) return;
    silent = count() === before ? silent + 1 : 0;
  }
}
