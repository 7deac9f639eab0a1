import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Keeper, startKeeper } from '#sandbox/keeper.js';
import { runProcess } from '#sandbox/process.js';
import { compileProgram } from '../harness/compiled.js';
import { missing } from '../harness/parts.js';
import { countRunning, eventually, uniqueSleep } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

let folder: string;
let program: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsroom-keeper-'));
  program = await compileProgram(folder, ['kit', 'sandbox'], 'test/harness/step-worker.ts');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A worker in a process of its own; `lines` counts what it and its steps printed. */
function startWorker(...args: string[]): { child: ChildProcess; lines: () => number } {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return { child, lines: () => text.split('\n').length - 1 };
}

async function killHard(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

describe('a worker that dies by kill -9', () => {
  test(verifies('RUN-03', 'its steps and what they left in the background are ended'), async () => {
    const sleep = uniqueSleep();
    const { child, lines } = startWorker(sleep, '4');
    await eventually(() => lines() === 5);
    await eventually(async () => (await countRunning(sleep)) >= 8);
    await killHard(child);
    await eventually(async () => (await countRunning(sleep)) === 0);
  });

  test.skipIf(missing('bwrap'))('so are sandboxed steps', async () => {
    const sleep = uniqueSleep();
    const { child, lines } = startWorker(sleep, '2', 'bubblewrap');
    await eventually(() => lines() === 3);
    await killHard(child);
    await eventually(async () => (await countRunning(sleep)) === 0);
  });

  test('at whatever instant, nothing is left', { timeout: 120_000 }, async () => {
    const sleep = uniqueSleep();
    let started = 0;
    for (let round = 0; round < 50; round += 1) {
      const { child, lines } = startWorker(sleep, '1000');
      // Every other round starts counting once a step has begun, so that the instants lie before and among the steps.
      await eventually(() => lines() > round % 2);
      await delay(Math.random() * 25);
      await killHard(child);
      started += lines() - 1;
    }
    expect(started).toBeGreaterThanOrEqual(25);
    await eventually(async () => (await countRunning(sleep)) === 0);
  });
});

/** A step that sleeps until the keeper, or at last the test, ends it. */
async function withStep(use: (keeper: Keeper, sleep: string) => Promise<void>): Promise<void> {
  const sleep = uniqueSleep();
  const keeper = startKeeper({ graceMs: 500 });
  const stop = new AbortController();
  const step = runProcess({
    argv: ['sh', '-c', `echo started; exec ${sleep}`],
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    isolation: { level: 'none', network: true },
    signal: stop.signal,
    timeoutMs: 60_000,
    keeper,
    onOutput: () => {},
  });
  await eventually(async () => (await countRunning(sleep)) > 0);
  await use(keeper, sleep).finally(() => stop.abort());
  await step;
  keeper.close();
  expect(await countRunning(sleep)).toBe(0);
}

describe('a keeper', () => {
  test('ends everything on demand, while its worker lives on', () =>
    withStep(async (keeper, sleep) => {
      keeper.killAll();
      await eventually(async () => (await countRunning(sleep)) === 0);
    }));

  test('that was killed itself is replaced by one that knows the running steps', () =>
    withStep(async (keeper, sleep) => {
      const before = keeper.channel;
      process.kill(keeper.pid, 'SIGKILL');
      await eventually(() => keeper.channel !== before);
      keeper.killAll();
      await eventually(async () => (await countRunning(sleep)) === 0);
    }));

  test('leaves alone what is over, and numbers that mean everybody', async () => {
    const keeper = startKeeper({ graceMs: 500 });
    const bystander = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    const other = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    for (const line of [
      `+${bystander.pid}`,
      `-${bystander.pid}`,
      '+0',
      '+1',
      '+01',
      '+-1',
      '+1x',
      '+',
      '',
      `+${other.pid}`,
      '!',
    ]) {
      keeper.channel.write(`${line}\n`);
    }
    await once(other, 'exit');
    expect(bystander.signalCode).toBeNull();
    bystander.kill();
    keeper.close();
  });

  test('ends when its worker closes it', async () => {
    const keeper = startKeeper();
    const { pid } = keeper;
    keeper.close();
    await eventually(() => !isThere(pid));
  });
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
