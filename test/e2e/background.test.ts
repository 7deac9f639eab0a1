import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { sendSignal } from '#execute/control.js';
import type { Worker } from '#execute/worker.js';
import type { JsonObject } from '#ir/json.js';
import type { PlanSource } from '#ir/plan.js';
import { createMask } from '#observe/redact.js';
import { accepts } from '#tools/shell/ready.js';
import { shellTool } from '#tools/shell/tool.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { type Engine, ended, functionTool, ORG, ok, testEngine } from '../harness/engine.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

let db: TestDatabase;
let engine: Engine;
let worker: Worker;
let port: number;

const reach = functionTool('reach', async () =>
  (await accepts(port)) ? ok() : Promise.reject(new Error('not there')),
);
const SERVER = `exec node -e 'require("http").createServer((_, a) => a.end()).listen(process.env.PORT, "127.0.0.1")'`;

const plan = (): PlanSource => ({
  title: 'serve',
  steps: [
    { id: 'a', tool: 'shell', action: 'background', args: { run: SERVER, env: { PORT: port }, ready: { port } } },
    { id: 'm', kind: 'system', action: 'manual', args: { instructions: 'look' }, dependsOn: ['a'] },
    { id: 'b', tool: 'reach', dependsOn: ['m'] },
  ],
});
const send = (run: string, kind: 'confirm' | 'cancel') =>
  sendSignal(db.database, engine.ports, { org: ORG, run, kind, payload: { reason: 'test', step: 'm' }, by: 'tester' });
/** A worker in another process would have a tool of its own. */
const withOwnTool = () => ({
  ports: { ...engine.ports, tools: new Map([...engine.ports.tools, ['shell', shellTool()]]) },
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const found = (server.address() as AddressInfo).port;
  await new Promise((resolve) => server.close(resolve));
  return found;
}

beforeAll(async () => {
  db = await testDatabase();
  const keys = await mkdtemp(join(tmpdir(), 'opsroom-keys-'));
  engine = await testEngine(db.database, db.url, { tools: [reach, shellTool()], keys });
});
beforeEach(async () => {
  port = await freePort();
  worker = await engine.worker(withOwnTool());
});
afterEach(() => worker.drain(1000));
afterAll(() => db?.close());

const submitWaiting = async () => {
  const run = await engine.submit(plan());
  await engine.until(run, (r) => r.status === 'waiting');
  return run;
};
const gone = async () => !(await accepts(port));

test(verifies('PLAN-06', 'a server serves the steps after it, waits included, and ends with its run'), async () => {
  const run = await submitWaiting();
  expect(await accepts(port)).toBe(true);
  await send(run, 'confirm');
  expect(await engine.until(run, ended)).toMatchObject({ status: 'succeeded' });
  await eventually(gone);
});

test('a run that is cancelled while it waits leaves no server', async () => {
  const run = await submitWaiting();
  await send(run, 'cancel');
  expect(await engine.until(run, ended)).toMatchObject({ status: 'cancelled' });
  await eventually(gone);
});

test('another worker starts the server again, without another attempt of its step', async () => {
  const run = await submitWaiting();
  await worker.drain(1000);
  expect(await gone()).toBe(true);
  worker = await engine.worker(withOwnTool());
  await send(run, 'confirm');
  expect(await engine.until(run, ended)).toMatchObject({ status: 'succeeded' });
  expect((await engine.attempts(run)).map(({ step, status }) => `${step} ${status}`).sort()).toEqual([
    'a done',
    'b done',
    'm done',
  ]);
  await eventually(gone);
});

test('a server of each item of a list is started again, and nothing for the list itself', async () => {
  const started: unknown[] = [];
  const args = { run: 'sleep 1000', env: { ITEM: '{{ item }}' }, ready: { aliveMs: 100 } };
  const [, m] = plan().steps;
  const steps = [
    { id: 'a', tool: 'shell', action: 'background', forEach: { items: ['x', 'y'] }, args },
    m,
    { id: 'b', tool: 'noop', dependsOn: ['m'] },
  ];
  const run = await engine.submit({ title: 'list', steps } as PlanSource);
  await engine.until(run, (r) => r.status === 'waiting');
  await worker.drain(1000);
  worker = await engine.worker({ ports: withShell((_, env) => void started.push(env['ITEM'])) });
  await send(run, 'confirm');
  expect(await engine.until(run, ended)).toMatchObject({ status: 'succeeded' });
  expect(started).toEqual(['x', 'y']);
});

test('a server that does not come up again does not keep a rollback from being made', async () => {
  const [a, m] = plan().steps;
  const b = {
    id: 'b',
    tool: 'noop',
    dependsOn: ['m'],
    rollback: [{ id: 'undo', title: 'undo', tool: 'noop', args: {} }],
  };
  const run = await engine.submit({ title: 'undone', steps: [a, m, b] } as PlanSource);
  await engine.until(run, (r) => r.status === 'waiting');
  await send(run, 'confirm');
  await engine.until(run, (r) => r.status === 'succeeded');
  await worker.drain(1000);
  const failing = { ...withOwnTool().ports, tools: new Map([...engine.ports.tools, ['shell', brokenShell()]]) };
  worker = await engine.worker({ ports: failing });
  await sendSignal(db.database, engine.ports, {
    org: ORG,
    run,
    kind: 'rollback',
    payload: { reason: 'test' },
    by: 'tester',
  });
  expect(await engine.until(run, (r) => r.status !== 'succeeded' && ended(r))).toMatchObject({ status: 'rolled_back' });
});

test('what a server says last when it does not come up again tells no secret', async () => {
  const run = await submitWaiting();
  await worker.drain(1000);
  const mask = createMask(new Map([['TOKEN', 'hush-hush']]));
  const secrets = async () => ({
    values: { TOKEN: 'hush-hush' },
    mask,
    note: async () => undefined,
    isBound: () => false,
    admit: async () => undefined,
  });
  const tools = new Map([...engine.ports.tools, ['shell', brokenShell('echo hush-hush >&2; exit 7')]]);
  worker = await engine.worker({ ports: { ...engine.ports, tools, secrets } });
  await send(run, 'confirm');
  expect(await engine.until(run, ended)).toMatchObject({ status: 'failed' });
  const { rows } = await db.database.engine.query(
    'select coalesce(error::text, $2) as e from opsroom.step_attempts where run_id = $1 union all select data::text from opsroom.events where run_id = $1 union all select error::text from opsroom.runs where id = $1',
    [run, ''],
  );
  expect(JSON.stringify(rows)).toContain('secret:TOKEN');
  expect(JSON.stringify(rows)).not.toContain('hush-hush');
});

test('a server that does not come up again fails the step that needs it, and says why', async () => {
  const run = await submitWaiting();
  await worker.drain(1000);
  const failing = { ...withOwnTool().ports, tools: new Map([...engine.ports.tools, ['shell', brokenShell()]]) };
  worker = await engine.worker({ ports: failing });
  await send(run, 'confirm');
  expect(await engine.until(run, ended)).toMatchObject({ status: 'failed' });
  const failed = (await engine.attempts(run)).find(({ step }) => step === 'b');
  expect(failed?.error).toMatchObject({ message: expect.stringContaining('step a') });
});

/** The real tool, in a world where nothing can be started any more. */
function brokenShell(script = 'exit 7') {
  const shell = shellTool();
  return {
    ...shell,
    run: (action: string, args: object, context: Parameters<typeof shell.run>[2]) =>
      shell.run(action, { ...args, run: script, ready: { aliveMs: 60_000 } }, context),
  };
}

/** The real tool, told what it starts. */
function withShell(note: (action: string, env: JsonObject) => void) {
  const shell = shellTool();
  const noting = {
    ...shell,
    run: (action: string, args: JsonObject, context: Parameters<typeof shell.run>[2]) => {
      note(action, (args['env'] ?? {}) as JsonObject);
      return shell.run(action, args, context);
    },
  };
  return { ...engine.ports, tools: new Map([...engine.ports.tools, ['shell', noting]]) };
}
