import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '#db/database.js';
import type { Worker } from '#execute/worker.js';
import { followRunLogs } from '#operations/follow-logs.js';
import type { Room } from '#operations/room.js';
import { Proxy } from '../faults/proxy.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { type Engine, functionTool, ORG, ok, testEngine } from '../harness/engine.js';
import { eventually } from '../harness/processes.js';

const LINES = 12;
/** Beyond these the tool says nothing until it is let. */
const BEFORE_OUTAGE = 4;

let db: TestDatabase;
let engine: Engine;
let worker: Worker;
let proxy: Proxy;
let remote: Database;
let goOn: () => void = () => undefined;

const talk = functionTool('talk', async (_, context) => {
  for (let n = 1; n <= LINES; n++) {
    context.log('out', Buffer.from(`line ${n}\n`));
    if (n === BEFORE_OUTAGE) await new Promise<void>((resolve) => (goOn = resolve));
  }
  return ok();
});

beforeAll(async () => {
  db = await testDatabase();
  engine = await testEngine(db.database, db.url, {
    tools: [talk],
    keys: await mkdtemp(join(tmpdir(), 'opsroom-keys-')),
  });
  worker = await engine.worker();
  proxy = await Proxy.start(db.url);
  remote = openDatabase({ url: proxy.url, applicationName: 'follower' });
});
afterAll(async () => {
  await worker?.drain(1000);
  await remote?.close();
  await proxy?.close();
  await db?.close();
});

test('who follows a log lives through an outage, and has every line once', async () => {
  let refused = 0;
  const door: Database['door'] = (org, work) =>
    remote.door(org, work).catch((error: unknown) => {
      refused += 1;
      throw error;
    });
  const room = { org: ORG, database: { ...remote, door }, ports: engine.ports } as Room;
  const plan = { apiVersion: 'opsroom/v1', title: 'talk', steps: [{ id: 'a', tool: 'talk' }] } as const;
  const run = await engine.submit(plan as unknown as Parameters<Engine['submit']>[0]);
  const heard: number[] = [];
  const following = (async () => {
    for await (const line of followRunLogs(room, run, {})) heard.push(line.number);
  })();
  await eventually(async () => heard.length === BEFORE_OUTAGE);
  proxy.cut();
  goOn();
  await engine.until(run, (r) => r.status === 'succeeded');
  await eventually(async () => refused > 1);
  proxy.mend();
  await following;
  expect(heard).toEqual(Array.from({ length: LINES }, (_, n) => n + 1));
});
