import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeCluster } from '#db/place.js';
import { Cli, type Going } from './cli.js';

/** A fresh machine has its binaries to copy and its cluster to make; a busy one takes its time. */
export const START_MS = 60_000;

/** A data directory of a test's own, and the processes that were started on it. */
export class TestHome {
  readonly path = mkdtempSync(join(tmpdir(), 'opsroom-home-'));
  private readonly going: Going[] = [];

  /** `env` adds to what every process here gets. */
  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Going {
    const going = new Cli(this.path, { OPSROOM_HOME: this.path, ...env }).start(...args);
    this.going.push(going);
    return going;
  }

  /** Runs one command with `--json` to its end; `value` is its last line. */
  async json(...args: readonly string[]): Promise<{ code: number | null; value: unknown; stderr: string }> {
    const { code, stdout, stderr } = await this.start([...args, '--json']).finished;
    return { code, value: lastLine(stdout), stderr };
  }

  /** Ends every process, and removes everything, also the cluster that root keeps elsewhere. */
  async close(): Promise<void> {
    for (const { child } of this.going) child.kill('SIGTERM');
    await Promise.all(this.going.map(({ finished }) => finished));
    await this.start(['stop']).finished;
    await removeCluster(this.path);
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The last line of JSON output. */
export function lastLine(stdout: string): unknown {
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null');
}
