import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type FailedRun, restartOnce } from '#execute/restart.js';
import { restartOf } from '#execute/views/store.js';
import type { Worker } from '#execute/worker.js';
import type { PlanSource } from '#ir/plan.js';
import { latestBundle } from '#record/seal-store.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { type Engine, ended, failed, functionTool, ORG, testEngine } from '../harness/engine.js';
import { eventually } from '../harness/processes.js';

let db: TestDatabase;
let engine: Engine;
const workers: Worker[] = [];

const fail = functionTool('fail', () => failed('as asked'));
const plan: PlanSource = {
  apiVersion: 'opsroom/v1',
  title: 'started anew',
  retry: { maxAttempts: 2, backoffMs: 60_000 },
  steps: [{ id: 'a', tool: 'fail' }],
};
const { retry: _retry, ...once } = plan;
const begin = async (restart: Engine['ports']['restart']) =>
  void workers.push(await engine.worker({ ports: { ...engine.ports, restart } }));
const sealed = async (run: string) => (await latestBundle(db.database.engine, ORG, run)) !== undefined;

beforeAll(async () => {
  db = await testDatabase();
  const keys = await mkdtemp(join(tmpdir(), 'opsroom-keys-'));
  engine = await testEngine(db.database, db.url, { tools: [fail], keys });
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.drain(0);
});
afterAll(() => db?.close());

test('a worker that cannot listen does not begin, and leaves nothing that beats', async () => {
  const ids = async () => (await db.database.engine.query('select id from opsroom.workers order by id')).rows;
  const before = await ids();
  const database = { ...db.database, connectDirect: () => Promise.reject(new Error('no more connections')) };
  await expect(engine.worker({ database })).rejects.toThrow('no more connections');
  expect(await ids()).toEqual(before);
});

test('a worker that cannot begin says why, also when it cannot leave either', async () => {
  const database = {
    ...db.database,
    connectDirect: () => Promise.reject(new Error('no more connections')),
    pool: (options: Parameters<typeof db.database.pool>[0]) => {
      const pool = db.database.pool(options);
      const end = pool.end.bind(pool);
      return Object.assign(pool, { end: () => end().then(() => Promise.reject(new Error('cannot leave'))) });
    },
  };
  await expect(engine.worker({ database })).rejects.toThrow('no more connections');
});

test('what a worker that died had ended and not started anew, the next one does, before it seals', async () => {
  await begin(() => Promise.reject(new Error('dies here')));
  const run = await engine.submit(plan);
  await engine.until(run, ended);
  for (const worker of workers.splice(0)) await worker.drain(0);
  expect(await sealed(run)).toBe(false);
  const asked: string[] = [];
  await begin(async (_org, id) => {
    expect(await sealed(id)).toBe(false);
    asked.push(id);
  });
  await eventually(() => sealed(run));
  expect(asked).toEqual([run]);
});

test('a run is started anew once, however many ask, and only if its plan says so', async () => {
  await begin(() => Promise.resolve());
  const [run, other] = await Promise.all([engine.submit(plan), engine.submit(once)]);
  for (const id of [run, other]) await engine.until(id, ended);
  const again = async (found: FailedRun) => {
    await engine.submit(plan, { parent: found.run, restart: found.restart + 1 });
  };
  for (const id of [run, run, other])
    await Promise.all([1, 2, 3].map(() => restartOnce(db.database, { org: ORG, run: id }, again)));
  expect(await restartOf(db.database.engine, ORG, run)).toBeDefined();
  const { rows } = await db.database.engine.query(
    'select parent_id as parent from opsroom.runs where parent_id = any ($1)',
    [[run, other]],
  );
  expect(rows).toEqual([{ parent: run }]);
});
