import { type ChildProcess, spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { KEEPER_SCRIPT } from './keeper-script.js';

/**
 * Ends the step processes of a worker that died by `kill -9`. It is a process of its own (a POSIX shell, about 1 MB) that
 * reads a channel whose other end only the worker and starting steps hold: end of file means that the worker is gone.
 */
export interface Keeper {
  /** The channel that a starting process inherits, to write "+pid" into before it becomes the real program. */
  readonly channel: Socket;
  /** The channel's descriptor: `writeSync(fd, KILL_ALL)` works from any thread, when the main one is stuck. */
  readonly fd: number;
  /** The keeper's own process. */
  readonly pid: number;
  /** Notes a process that was started with the channel, so that a keeper that had to be restarted hears of it again. */
  started(pid: number): void;
  /** The process group is over; its number may be used again by anything. */
  forget(pid: number): void;
  /** Has the keeper end every registered group (TERM, grace, KILL) while the worker lives on. Does not wait. */
  killAll(): void;
  /** Ends the keeper; what is still registered is ended by it. */
  close(): void;
}

/** The line that has the keeper end every registered group. */
export const KILL_ALL = '!\n';

/**
 * Starts a keeper. One per worker process is enough; it does not keep Node alive.
 *
 * @param graceMs between TERM and KILL; must be shorter than a lease, since another worker may then redo the step
 */
export function startKeeper({ graceMs = 3000 }: { graceMs?: number } = {}): Keeper {
  const registered = new Set<number>();
  let closed = false;
  let current = launch();

  function launch(): Pick<Keeper, 'channel' | 'fd' | 'pid'> {
    const child = spawnKeeper(graceMs);
    child.once('exit', () => {
      if (closed) return;
      current = launch();
      for (const pid of registered) current.channel.write(`+${pid}\n`);
    });
    // A keeper that was killed: its exit, above, is what matters, not the write that failed.
    const channel = child.stdin as Socket;
    channel.on('error', () => {});
    return { channel, fd: descriptor(channel), pid: child.pid ?? -1 };
  }

  return {
    get channel() {
      return current.channel;
    },
    get fd() {
      return current.fd;
    },
    get pid() {
      return current.pid;
    },
    started: (pid) => void registered.add(pid),
    forget(pid) {
      registered.delete(pid);
      current.channel.write(`-${pid}\n`);
    },
    killAll: () => void writeSync(current.fd, KILL_ALL),
    close() {
      closed = true;
      current.channel.end();
    },
  };
}

function spawnKeeper(graceMs: number): ChildProcess {
  // Its own session, so that Ctrl-C in the terminal ends the worker and not its keeper; "/" so that it holds no mount.
  const child = spawn('/bin/sh', ['-c', KEEPER_SCRIPT, 'opsroom-keeper', String(Math.ceil(graceMs / 100))], {
    detached: true,
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => {});
  child.unref();
  (child.stdin as Socket).unref();
  return child;
}

/** Node has no public way to the number; a thread whose main thread hangs needs it all the same. */
function descriptor(channel: Socket): number {
  const { _handle } = channel as unknown as { _handle?: { fd?: number } };
  return _handle?.fd ?? -1;
}
