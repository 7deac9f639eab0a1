import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PlanSource } from '#ir/plan.js';
import { sleep } from '#kit/clock.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { type Engine, failed, functionTool, testEngine } from '../harness/engine.js';
import { eventually } from '../harness/processes.js';

let db: TestDatabase;
let engine: Engine;
let running = 0;
const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Ends only a while after it was told to, as a program does that tidies up. */
const slow = functionTool('slow', async (_, { signal }) => {
  running += 1;
  await sleep(60_000, signal);
  await after(400);
  running -= 1;
  return failed('aborted');
});
const plan = (tool: string): PlanSource => ({ title: 'drained', steps: [{ id: 'a', tool, idempotent: true }] });

beforeAll(async () => {
  db = await testDatabase();
  const keys = await mkdtemp(join(tmpdir(), 'opsroom-keys-'));
  engine = await testEngine(db.database, db.url, { tools: [slow], keys });
});
beforeEach(() => {
  running = 0;
});
afterAll(() => db?.close());

test('a run is given back only when its step has ended, however short the drain', async () => {
  const worker = await engine.worker();
  const run = await engine.submit(plan('slow'));
  await eventually(() => running === 1);
  await worker.drain(0);
  expect(running).toBe(0);
  expect(await engine.attempts(run)).toMatchObject([{ status: 'unknown' }]);
});
