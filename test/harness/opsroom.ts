import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeCluster } from '#db/place.js';
import { eventually } from './processes.js';

const MAIN = join(process.cwd(), 'dist/main.js');

/** One `opsroom` process as users have it: the built program in a process of its own. */
export interface Opsroom {
  readonly child: ChildProcess;
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** Its exit code; -1 for a signal. */
  readonly ended: Promise<number>;
}

/** A data directory of a test's own, without what the tests' environment says of databases. */
export class TestHome {
  readonly path = mkdtempSync(join(tmpdir(), 'opsroom-home-'));
  private readonly children: Opsroom[] = [];

  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Opsroom {
    const none = { DATABASE_URL: '', POSTGRES_URL: '', DIRECT_URL: '' };
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: this.path,
      env: { ...process.env, ...none, OPSROOM_HOME: this.path, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
    const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
    const opsroom = { child, pid: child.pid ?? 0, stdout: () => output.stdout, stderr: () => output.stderr, ended };
    this.children.push(opsroom);
    return opsroom;
  }

  /** Runs one command to its end. */
  async run(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const opsroom = this.start(args);
    const code = await opsroom.ended;
    return { code, stdout: opsroom.stdout(), stderr: opsroom.stderr() };
  }

  /** The same with `--json`, its last line parsed. */
  async json(...args: readonly string[]): Promise<{ code: number; value: unknown; stderr: string }> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    return { code, value: lastLine(stdout), stderr };
  }

  /** Ends every process, and removes everything, also the cluster that root keeps elsewhere. */
  async close(): Promise<void> {
    for (const { child } of this.children) child.kill('SIGTERM');
    await Promise.all(this.children.map(({ ended }) => ended));
    await this.run('stop');
    await removeCluster(this.path);
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The last line of JSON output. */
export function lastLine(stdout: string): unknown {
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null');
}

/** Waits until a process has printed something; fails at once when it ends without. */
export async function printed(opsroom: Opsroom, text: string, withinMs = 60_000): Promise<void> {
  let gone = false;
  void opsroom.ended.then(() => {
    gone = true;
  });
  await eventually(() => gone || opsroom.stdout().includes(text), withinMs);
  if (!opsroom.stdout().includes(text)) {
    throw new Error(`It ended without printing "${text}": ${opsroom.stdout()}${opsroom.stderr()}`);
  }
}
