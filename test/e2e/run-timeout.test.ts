import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { sendSignal } from '#execute/control.js';
import type { Worker } from '#execute/worker.js';
import type { PlanSource } from '#ir/plan.js';
import { sleep } from '#kit/clock.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { type Engine, ended, failed, functionTool, ORG, ok, testEngine } from '../harness/engine.js';

let db: TestDatabase;
let engine: Engine;
let worker: Worker;

const take = functionTool('take', async ({ ms }, { signal }) => {
  await sleep(Number(ms), signal);
  return signal.aborted ? failed('aborted') : ok();
});
const fail = functionTool('fail', () => failed('as asked'));
const plan = (ms: number, undoMs: number): PlanSource => ({
  title: 'in time',
  timeoutMs: 600,
  onFailure: 'rollback',
  steps: [
    { id: 'a', tool: 'noop', rollback: [{ id: 'undo', title: 'undo', tool: 'take', args: { ms: undoMs } }] },
    { id: 'b', tool: 'take', args: { ms }, dependsOn: ['a'] },
  ],
});

beforeAll(async () => {
  db = await testDatabase();
  const keys = await mkdtemp(join(tmpdir(), 'opsroom-keys-'));
  engine = await testEngine(db.database, db.url, { tools: [take, fail], keys });
});
beforeEach(async () => {
  worker = await engine.worker();
});
afterEach(() => worker.drain(1000));
afterAll(() => db?.close());

test('a run that takes too long is ended and rolled back', async () => {
  const run = await engine.submit(plan(60_000, 0));
  expect(await engine.until(run, ended)).toMatchObject({ status: 'rolled_back', error: { code: 'RUN_TIMEOUT' } });
});

test('its time does not end the rollback that is under way', async () => {
  const undo = { id: 'undo', title: 'undo', tool: 'take', args: { ms: 900 } };
  const run = await engine.submit({
    ...plan(0, 0),
    steps: [
      { id: 'a', tool: 'noop', rollback: [undo] },
      { id: 'b', tool: 'fail', dependsOn: ['a'] },
    ],
  });
  expect(await engine.until(run, ended)).toMatchObject({ status: 'rolled_back', error: { code: 'STEP_FAILED' } });
});

test('a run whose time is long over can still be rolled back on request', async () => {
  const run = await engine.submit(plan(0, 200));
  await engine.until(run, (r) => r.status === 'succeeded');
  await sleep(700);
  await sendSignal(db.database, engine.ports, {
    org: ORG,
    run,
    kind: 'rollback',
    payload: { reason: 'test' },
    by: 'tester',
  });
  const undone = await engine.until(run, (r) => r.status !== 'succeeded' && ended(r));
  expect(undone).toMatchObject({ status: 'rolled_back' });
  expect(undone.error?.code).not.toBe('RUN_TIMEOUT');
});

test('a rollback that another worker goes on with is not ended by the time of the run', async () => {
  const undo = { id: 'undo', title: 'undo', tool: 'take', args: { ms: 1200 }, idempotent: true };
  const a = { id: 'a', tool: 'noop', rollback: [undo] };
  const run = await engine.submit({
    ...plan(0, 0),
    steps: [a, { id: 'b', tool: 'fail', dependsOn: ['a'] }],
  });
  await sleep(700);
  await worker.drain(0);
  worker = await engine.worker();
  expect(await engine.until(run, ended)).toMatchObject({ status: 'rolled_back' });
});

test('a run whose time is over fails for it, even when the database has refused to note how its step ended', async () => {
  await db.database.engine.query(`create sequence opsroom.refused;
    create function opsroom.refuse_once() returns trigger language plpgsql as $$
    begin if new.status = 'unknown' and nextval('opsroom.refused') = 1 then
      raise exception 'refused by the test' using errcode = '22P05'; end if; return new; end $$;
    create trigger refuse_once before update on opsroom.step_attempts for each row execute function opsroom.refuse_once()`);
  const [a, b] = plan(60_000, 0).steps;
  const run = await engine.submit({
    ...plan(0, 0),
    steps: [
      { ...a, id: 'a' },
      { ...b, id: 'b', idempotent: true },
    ],
  });
  expect(await engine.until(run, ended)).toMatchObject({ status: 'rolled_back', error: { code: 'RUN_TIMEOUT' } });
  await db.database.engine.query('drop function opsroom.refuse_once() cascade; drop sequence opsroom.refused');
});
