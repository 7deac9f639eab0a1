import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { START_MS, TestHome } from '../harness/home.js';
import { eventually } from '../harness/processes.js';

const PROGRAM = fileURLToPath(new URL('../../bin/opsroom.mjs', import.meta.url));
const home = new TestHome();
afterAll(() => home.close());

test.skipIf(process.platform !== 'linux')(
  'what a command was started with stays open neither in it nor in the database that it starts',
  { timeout: START_MS },
  async () => {
    const lock = join(home.path, 'lock');
    const fd = openSync(lock, 'w');
    // Far beyond a gap: Node keeps what lies below it from its children by itself.
    const gap = Array.from({ length: 60 }, () => 'ignore' as const);
    const child = spawn(process.execPath, [PROGRAM, 'start', '--port', '0', '--json'], {
      env: { PATH: process.env['PATH'] ?? '', HOME: home.path, OPSROOM_HOME: home.path },
      stdio: ['ignore', 'pipe', 'inherit', ...gap, fd],
    });
    closeSync(fd);
    try {
      let said = '';
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      await eventually(() => said.includes('"url"'), START_MS);
      expect(await holders(lock)).toEqual([]);
    } finally {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
  },
);

/** Processes that have the file open. */
async function holders(path: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const fds = await readdir(`/proc/${pid}/fd`).catch(() => []);
      const links = await Promise.all(fds.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
      return links.includes(path) ? [pid] : [];
    }),
  );
  return found.flat();
}
