import { mkdtemp, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Worker } from '#execute/worker.js';
import type { PlanSource } from '#ir/plan.js';
import { systemClock } from '#kit/clock.js';
import { fileKind } from '#verify/file.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { type Engine, functionTool, ok, testEngine } from '../harness/engine.js';
import { verifies } from '../harness/requirements.js';

const APART_MS = 3_600_000;
let ledgerBackMs = 0;
/** A machine whose wall clock is an hour behind the database's. */
const wall = {
  now: () => new Date(systemClock.now().getTime() - APART_MS),
  monotonicMs: () => systemClock.monotonicMs() - ledgerBackMs,
};

let db: TestDatabase;
let engine: Engine;
let worker: Worker;
let beforeCall = (): void => undefined;
const pacedBy = async (): Promise<void> => beforeCall();
let folder: string;

/** Writes a file, stamped as that machine's kernel would, or `before` as much earlier. */
const write = functionTool('write', async ({ before = 0 }, { workspace }) => {
  const path = join(workspace, 'built.txt');
  await writeFile(path, 'built\n');
  const at = new Date(wall.now().getTime() - Number(before));
  await utimes(path, at, at);
  return ok();
});
const plan = (before: number): PlanSource => ({
  title: 'stamped',
  steps: [
    {
      id: 'a',
      tool: 'write',
      args: { before },
      verifiers: [{ id: 'new', kind: 'file', config: { path: 'built.txt', newerThanStep: true } }],
    },
  ],
});

const ended = ({ ended_at: at }: { ended_at: Date | null }) => at !== null;

beforeAll(async () => {
  db = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'opsroom-stamps-'));
  engine = await testEngine(db.database, db.url, {
    tools: [write],
    verifier: fileKind(),
    keys: folder,
    ports: { clock: wall, pace: pacedBy },
  });
  worker = await engine.worker();
});
afterAll(async () => {
  await worker?.drain(0);
  await db?.close();
});

test(verifies('PROOF-01', 'newerThanStep asks the clock that stamps the files, not that of the ledger'), async () => {
  const written = await engine.submit(plan(0), { folder });
  expect(await engine.until(written, ended)).toMatchObject({
    status: 'succeeded',
    word: 'proven',
  });
  // Older than the step, though by the ledger's clock every file of this machine is.
  const older = await engine.submit(plan(60_000), { folder });
  expect(await engine.until(older, ended)).toMatchObject({
    status: 'failed',
  });
});

test('a reading of the ledger’s clock between the start of a step and its call makes no file older', async () => {
  beforeCall = () => {
    ledgerBackMs += 5000;
  };
  const written = await engine.submit(plan(0), { folder });
  expect(await engine.until(written, ended)).toMatchObject({ status: 'succeeded', word: 'proven' });
});
