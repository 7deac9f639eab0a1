import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { START_MS, TestHome } from '../harness/home.js';

const home = new TestHome();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsroom-heartbeat-'));
});
afterAll(async () => {
  await home.close();
  await rm(folder, { recursive: true });
});

/** Loaded by Node into each thread of the program: the heartbeat's ends as soon as there is a file to tell it. */
const CRASH = (trigger: string) => `
const { isMainThread } = require('node:worker_threads');
const { existsSync } = require('node:fs');
if (!isMainThread) setInterval(() => { if (existsSync(${JSON.stringify(trigger)})) throw new Error('out of breath'); }, 20);
`;

test.each([['worker'], ['start', '--port', '0']])(
  'a %s whose heartbeat crashes stops with the reason, and its run is given back',
  { timeout: START_MS },
  async (...args) => {
    const [trigger, script, plan] = ['crash', 'crash.cjs', 'plan.yaml'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(script, CRASH(trigger));
    await writeFile(plan, 'title: long\nsteps: [{ id: a, tool: shell, idempotent: true, args: { run: sleep 60 } }]');
    const going = home.start([...args, '--json'], { NODE_OPTIONS: `--require=${script}` });
    await going.saw(args[0] === 'worker' ? '"started"' : '"url"', START_MS);
    const { runId } = (await home.json('run', plan, '--detach')).value as { runId: string };
    await expect.poll(async () => (await shown(runId)).status, { timeout: START_MS }).toBe('running');
    await writeFile(trigger, '');
    const { code, stdout, stderr } = await going.finished;
    await rm(trigger);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('The heartbeat of the worker ended: out of breath');
    expect((await shown(runId)).status).not.toBe('running');
    await home.json('cancel', runId);
  },
);

const shown = async (run: string) => (await home.json('show', run)).value as { status: string };
