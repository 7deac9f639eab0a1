import { Socket } from 'node:net';
import { makePipe } from './pipes.js';

/** How long a pipe that somebody outside of the group holds open is watched for more output, per round. */
const ROUND_MS = 100;

export interface Stdio {
  /** What the child gets as stdout and stderr. */
  readonly inherited: readonly [number, number];
  /** Our ends. */
  readonly out: Socket;
  readonly err: Socket;
}

/** The caller closes `inherited` once they are inherited: a copy left here would keep the pipes from ending. */
export async function openStdio(): Promise<Stdio> {
  const [out, err] = await Promise.all([makePipe(), makePipe()]);
  return { inherited: [out.write, err.write], out: reader(out.read), err: reader(err.read) };
}

function reader(fd: number): Socket {
  return new Socket({ fd, readable: true, writable: false });
}

/** For a process that did not start. */
export function closeStdio({ out, err }: Stdio): void {
  out.destroy();
  err.destroy();
}

export interface OutputSink {
  onOutput(stream: 'out' | 'err', chunk: Uint8Array): void;
}

export interface Output {
  /** Resolves when the pipes are closed, or held open silently by somebody who left the group. */
  drained(): Promise<void>;
  /** The beginning of stderr, for messages. */
  firstError(): string;
}

/** Hands on what comes, and keeps nothing but the beginning of stderr. */
export function collectOutput({ out, err }: Stdio, status: Socket | null | undefined, sink: OutputSink): Output {
  let chunks = 0;
  let firstError = '';
  out.on('data', (chunk: Buffer) => {
    chunks += 1;
    sink.onOutput('out', chunk);
  });
  err.on('data', (chunk: Buffer) => {
    chunks += 1;
    if (firstError.length < 500) firstError += chunk.toString('utf8', 0, 500);
    sink.onOutput('err', chunk);
  });
  const pipes = status ? [out, err, status] : [out, err];
  for (const pipe of pipes) pipe.on('error', () => {});
  const closed = Promise.all(pipes.map((pipe) => new Promise((resolve) => pipe.once('close', resolve))));
  return {
    firstError: () => firstError.trim().slice(0, 500),
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

/** The value of the promise, or undefined when it takes longer; leaves no timer behind. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
