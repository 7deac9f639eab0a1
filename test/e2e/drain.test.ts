import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PlanSource } from '#ir/plan.js';
import { sleep } from '#kit/clock.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { type Engine, ended, failed, functionTool, functionVerifier, testEngine } from '../harness/engine.js';
import { eventually } from '../harness/processes.js';

let db: TestDatabase;
let engine: Engine;
let running = 0;
/** What the verifier sees; undefined: it looks for as long as it may. */
let found: boolean | undefined;
let looking = 0;
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
const patient = functionVerifier(async ({ phase }, { signal }) => {
  if (phase === 'baseline') return { passed: false };
  looking += 1;
  if (found === undefined) await sleep(60_000, signal);
  return { passed: found === true };
});

// A database for each test: a run that one has given back would be taken by the next one's worker.
beforeEach(async () => {
  running = 0;
  found = undefined;
  looking = 0;
  db = await testDatabase();
  const keys = await mkdtemp(join(tmpdir(), 'opsroom-keys-'));
  engine = await testEngine(db.database, db.url, { tools: [slow], verifier: patient, keys });
});
afterEach(() => db?.close());

test('a run is given back only when its step has ended, however short the drain', async () => {
  const worker = await engine.worker();
  const run = await engine.submit(plan('slow'));
  await eventually(() => running === 1);
  await worker.drain(0);
  expect(running).toBe(0);
  expect(await engine.attempts(run)).toMatchObject([{ status: 'unknown' }]);
});

test('a look at what was cut short that is itself cut short says nothing: the next worker looks anew', async () => {
  const verifiers = [{ id: 'v', kind: 'custom' as const, config: {} }];
  const first = await engine.worker();
  const run = await engine.submit({ title: 'drained', steps: [{ id: 'a', tool: 'slow', verifiers }] });
  await eventually(() => running === 1);
  await first.drain(0);
  const second = await engine.worker();
  await eventually(() => looking === 1);
  await second.drain(0);
  expect(await engine.attempts(run)).toMatchObject([{ status: 'unknown', error: { code: 'INTERRUPTED' } }]);
  found = true;
  const third = await engine.worker();
  expect(await engine.until(run, ended)).toMatchObject({ status: 'succeeded', word: 'proven' });
  await third.drain(0);
});
