import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '#kit/config.js';
import { OpsroomError } from '#kit/errors.js';

const MAIN = fileURLToPath(new URL('../../main.js', import.meta.url));

/** Another process that executes runs: `opsroom worker`. */
export interface ChildWorker {
  readonly pid: number;
  /** `kill -9`: nothing of it gets to say goodbye. */
  kill(): void;
  /** Asks it to stop, and resolves when it has ended, however it did. */
  stop(): Promise<void>;
}

/** Starts a worker of the room in `home` and waits until it takes runs. */
export async function startChildWorker(home: string, leaseMs: number): Promise<ChildWorker> {
  const env = childEnvironment({
    OPSROOM_HOME: home,
    OPSROOM_LEASE_MS: String(leaseMs),
    OPSROOM_DRAIN_MS: '1000',
    DATABASE_URL: '',
    POSTGRES_URL: '',
    DIRECT_URL: '',
  });
  const child = spawn(process.execPath, [MAIN, 'worker', '--json'], {
    cwd: home,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    // Out of reach of the terminal's Ctrl-C: we end it ourselves.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  await started(child, ended);
  return { pid: child.pid ?? 0, kill: () => void child.kill('SIGKILL'), stop };
}

/** Its first line says that it has started. */
async function started(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (!child.stdout) throw new OpsroomError('INTERNAL', { what: 'A child process has no output.' });
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    new Promise<string>((resolve) => lines.once('line', resolve)),
    ended.then(() => undefined),
  ]);
  if (first?.includes('"started"')) return;
  throw new OpsroomError('INTERNAL', { what: `A worker did not start: ${first ?? 'it ended'}.` });
}
