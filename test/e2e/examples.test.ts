import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compilePlan } from '#compile/compile.js';
import type { JsonObject } from '#ir/json.js';
import { loadConfig } from '#kit/config.js';
import { createLogger } from '#observe/log.js';
import { builtIn } from '#operations/contracts.js';
import { readExample } from '#operations/examples.js';
import { invoke } from '#operations/invoke.js';
import { getRun, type RunView } from '#operations/runs/get.js';
import { confirmStep } from '#operations/runs/signals.js';
import { startRun } from '#operations/runs/start.js';
import { type OpenRoom, openRoom } from '#operations/wire.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { eventually } from '../harness/processes.js';

const home = mkdtempSync(join(tmpdir(), 'opsroom-examples-'));
const names = readdirSync('examples').filter((name) => name.endsWith('.yaml'));

let database: TestDatabase;
let open: OpenRoom;
let stop: () => Promise<void>;

beforeAll(async () => {
  database = await testDatabase();
  const config = loadConfig({ DATABASE_URL: database.url, OPSROOM_HOME: home, PATH: process.env['PATH'] ?? '' });
  const mask = { text: (text: string) => text, json: <T>(value: T) => value } as never;
  open = await openRoom(config, home, createLogger({ level: 'error', destination: 'stderr', mask }));
  const worker = await open.startWorker('all');
  stop = () => worker.drain(0);
});

afterAll(async () => {
  await stop?.();
  await open?.close();
  await database?.close();
  rmSync(home, { recursive: true, force: true });
});

const show = (run: string): Promise<RunView> => invoke(getRun, { run }, open.room);

async function start(name: string, inputs: JsonObject = {}): Promise<string> {
  return (await invoke(startRun, { plan: await readExample(`${name}.yaml`), inputs }, open.room)).runId;
}

async function until(run: string, status: RunView['status']): Promise<RunView> {
  const ended = ['succeeded', 'failed', 'rolled_back', 'cancelled', status];
  await eventually(async () => ended.includes((await show(run)).status));
  return show(run);
}

const words = (view: RunView) => Object.fromEntries(view.steps.map(({ id, word }) => [id, word]));

describe('the examples', () => {
  test.each(names)('%s compiles without a warning', (name) => {
    const file = `examples/${name}`;
    const { warnings } = compilePlan({ text: readFileSync(file, 'utf8'), file }, builtIn().contracts);
    expect(warnings.filter((warning) => !warning.includes('swap'))).toEqual([]);
  });

  test('deploy: what it changes is proven', async () => {
    const view = await until(await start('deploy', { ref: 'v1.2.3' }), 'succeeded');
    expect(view).toMatchObject({ status: 'succeeded', word: 'proven', title: 'Deploy the shop at v1.2.3' });
    expect(words(view)).toMatchObject({ build: 'proven', release: 'proven' });
  });

  test('rollback: a failing check undoes what was done, the last first', async () => {
    const view = await until(await start('rollback'), 'rolled_back');
    expect(view.status).toBe('rolled_back');
    const undone = view.steps.filter(({ id }) => id.includes('/'));
    expect(undone.map(({ id, status }) => [id, status])).toEqual([
      ['upload/remove', 'done'],
      ['switch/back', 'done'],
    ]);
    const [first, second] = [undone[1]?.startedAt ?? '', undone[0]?.startedAt ?? ''];
    expect(first < second).toBe(true);
  });

  test('for-each: every element is proven', async () => {
    const view = await until(await start('for-each'), 'succeeded');
    expect(view.status).toBe('succeeded');
    expect(view.steps[0]).toMatchObject({ word: 'proven', items: { total: 4, done: 4, failed: 0 } });
  });

  test('retry: the third attempt succeeds', async () => {
    const view = await until(await start('retry'), 'succeeded');
    expect(view.steps[0]).toMatchObject({ status: 'done', attempts: 3, word: 'proven' });
  });

  test('manual: the run waits for a person, and goes on', async () => {
    const run = await start('manual');
    const waiting = await until(run, 'waiting');
    expect(waiting.waiting).toMatchObject({ code: 'MANUAL', step: 'swap' });
    await invoke(confirmStep, { run, step: 'swap', reason: 'The light is green.' }, open.room);
    expect((await until(run, 'succeeded')).status).toBe('succeeded');
  });

  test('crash: without a crash each effect is made once', async () => {
    const view = await until(await start('crash', { world: home, seconds: 0 }), 'succeeded');
    expect(view).toMatchObject({ status: 'succeeded', word: 'proven' });
    const effects = readFileSync(join(home, 'effects'), 'utf8').trim().split('\n');
    expect(new Set(effects).size).toBe(5);
    expect(effects).toHaveLength(5);
  });
});
