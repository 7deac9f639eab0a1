import { access, mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { sendSignal } from '#execute/control.js';
import type { Worker } from '#execute/worker.js';
import { pruneWorkspaces, WORKSPACE_DAYS } from '#execute/workers/workspaces.js';
import type { PlanSource } from '#ir/plan.js';
import { uuidv7 } from '#kit/ids.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { type Engine, ended, functionTool, ORG, ok, testEngine } from '../harness/engine.js';

let db: TestDatabase;
let engine: Engine;
let worker: Worker;

const leave = functionTool('leave', async (_, { workspace, id }) => {
  await writeFile(join(workspace, id.stepId), 'here');
  return ok();
});
const need = functionTool('need', async ({ file }, { workspace }) => {
  await access(join(workspace, typeof file === 'string' ? file : ''));
  return ok();
});
const plan = (steps: object[], more: object = {}): PlanSource =>
  ({ apiVersion: 'opsroom/v1', title: 'test', steps, ...more }) as PlanSource;
const LOOK = { id: 'm', kind: 'system', action: 'manual', args: { instructions: 'look' }, dependsOn: ['a'] };
const folders = async () => (await readdir(engine.ports.workspaces)).sort();
const prune = () => pruneWorkspaces(db.database.engine, engine.ports.workspaces);
const age = (run: string, days: number) =>
  db.database.engine.query(
    'update opsroom.runs set ended_at = clock_timestamp() - make_interval(days => $2) where id = $1',
    [run, days],
  );
const send = (run: string, kind: 'confirm' | 'resume' | 'cancel') =>
  sendSignal(db.database, engine.ports, { org: ORG, run, kind, payload: { reason: 'test', step: 'm' }, by: 'tester' });

beforeAll(async () => {
  db = await testDatabase();
  engine = await testEngine(db.database, db.url, {
    tools: [leave, need],
    keys: await mkdtemp(join(tmpdir(), 'opsroom-keys-')),
  });
});
beforeEach(async () => {
  await mkdir(engine.ports.workspaces, { recursive: true });
  worker = await engine.worker();
});
afterEach(async () => {
  await worker.drain(1000);
  await rm(engine.ports.workspaces, { recursive: true });
});
afterAll(() => db?.close());

test('is kept for some days after the end of its run, and of all that were started again in it', async () => {
  const first = await engine.submit(plan([{ id: 'a', tool: 'leave' }]), { temp: true });
  await engine.until(first, ended);
  const again = await engine.submit(plan([{ id: 'a', tool: 'leave' }]), { temp: true, parent: first });
  await engine.until(again, ended);
  await age(first, WORKSPACE_DAYS + 1);
  await prune();
  expect(await folders()).toEqual([first]);
  await age(again, WORKSPACE_DAYS + 1);
  await prune();
  expect(await folders()).toEqual([]);
});

test('stays while its run waits, however old the folder, and when the ledger does not know its run', async () => {
  const waiting = await engine.submit(plan([{ id: 'a', tool: 'leave' }, LOOK]), { temp: true });
  await engine.until(waiting, (r) => r.status === 'waiting');
  const [unknown, half] = [uuidv7(1), `${uuidv7(3)}.leaving`];
  for (const name of [unknown, half]) await mkdir(join(engine.ports.workspaces, name));
  for (const name of [unknown, waiting]) await utimes(join(engine.ports.workspaces, name), 1, 1);
  await prune();
  expect(await folders()).toEqual([unknown, waiting].sort());
});

test('that is gone parks its run, which can be cancelled, or goes on once the folder is back', async () => {
  const steps = [{ id: 'a', tool: 'leave' }, LOOK, { id: 'b', tool: 'need', args: { file: 'a' }, dependsOn: ['m'] }];
  const runs = await Promise.all([1, 2].map(() => engine.submit(plan(steps), { temp: true })));
  for (const run of runs) {
    await engine.until(run, (r) => r.status === 'waiting');
    await rm(join(engine.ports.workspaces, run), { recursive: true });
    await send(run, 'confirm');
    await engine.until(run, (r) => r.parked?.code === 'WORKSPACE_LOST');
  }
  const [mended = '', lost = ''] = runs;
  await send(lost, 'cancel');
  expect((await engine.until(lost, ended)).status).toBe('cancelled');
  await mkdir(join(engine.ports.workspaces, mended));
  await writeFile(join(engine.ports.workspaces, mended, 'a'), 'back');
  await send(mended, 'resume');
  expect((await engine.until(mended, ended)).status).toBe('succeeded');
});

test('of the user that is gone parks its run, which goes on once the folder is back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'opsroom-inplace-'));
  const steps = [{ id: 'a', tool: 'leave' }, LOOK, { id: 'b', tool: 'need', args: { file: 'a' }, dependsOn: ['m'] }];
  const run = await engine.submit(plan(steps), { folder });
  await engine.until(run, (r) => r.status === 'waiting');
  await rename(folder, `${folder}.away`);
  await send(run, 'confirm');
  const { parked } = await engine.until(run, (r) => r.parked?.code === 'WORKSPACE_LOST');
  expect(parked?.what).toContain(folder);
  await rename(`${folder}.away`, folder);
  await send(run, 'resume');
  expect((await engine.until(run, ended)).status).toBe('succeeded');
  await rm(folder, { recursive: true });
});

test('that cannot be made parks its run with the reason, which goes on once it can', async () => {
  await rm(engine.ports.workspaces, { recursive: true });
  await writeFile(engine.ports.workspaces, 'a file where the folder should be');
  const run = await engine.submit(plan([{ id: 'a', tool: 'leave' }]), { temp: true });
  const { parked } = await engine.until(run, (r) => r.status === 'waiting');
  expect(parked).toMatchObject({ code: 'WORKSPACE_LOST', what: expect.stringContaining('ENOTDIR') });
  await rm(engine.ports.workspaces);
  await mkdir(engine.ports.workspaces);
  await send(run, 'resume');
  expect((await engine.until(run, ended)).status).toBe('succeeded');
});

test('a run whose plan cannot be worked with is parked with the reason, and taken by nobody again', async () => {
  const run = await engine.submit(plan([{ id: 'a', tool: 'leave' }], { title: 'damaged' }), { host: 'there' });
  const superuser = new Client({ connectionString: db.superuserUrl });
  await superuser.connect();
  // Plans never change: the trigger that holds this is passed over as only a superuser can.
  await superuser.query("set session_replication_role = replica; update opsroom.plans set body = body - 'steps'");
  await superuser.end();
  const there = await engine.worker({ host: 'there' });
  try {
    const { parked, epoch } = await engine.until(run, (r) => r.status === 'waiting');
    expect(parked).toMatchObject({ code: 'REFUSED', what: expect.stringContaining('cannot be begun') });
    await send(run, 'cancel');
    expect(await engine.run(run)).toMatchObject({ status: 'cancelled', epoch: epoch + 1 });
  } finally {
    await there.drain(0);
  }
});
