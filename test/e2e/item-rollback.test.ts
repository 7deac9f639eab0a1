import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Worker } from '#execute/worker.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { type Engine, ended, failed, functionTool, ok, testEngine } from '../harness/engine.js';

let db: TestDatabase;
let engine: Engine;
let worker: Worker;
const said: unknown[] = [];

beforeAll(async () => {
  db = await testDatabase();
  const keys = await mkdtemp(join(tmpdir(), 'opsroom-keys-'));
  const say = functionTool('say', ({ what }) => {
    said.push(what);
    return ok();
  });
  const tools = [say, functionTool('fail', () => failed('as asked'))];
  engine = await testEngine(db.database, db.url, { tools, keys });
  worker = await engine.worker();
});
afterAll(async () => {
  await worker?.drain(1000);
  await db?.close();
});

test('the compensation of an item is given the element that its step was given', async () => {
  const run = await engine.submit({
    title: 'items',
    onFailure: 'rollback',
    steps: [
      {
        id: 'a',
        tool: 'noop',
        forEach: { items: ['x', 'y'] },
        rollback: [{ id: 'undo', title: 'undo', tool: 'say', args: { what: 'undo {{ item }} {{ index }}' } }],
      },
      { id: 'b', tool: 'fail', dependsOn: ['a'] },
    ],
  });
  expect(await engine.until(run, ended)).toMatchObject({ status: 'rolled_back' });
  expect(said).toHaveLength(2);
  expect(new Set(said)).toEqual(new Set(['undo x 0', 'undo y 1']));
});
