import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeScratch } from '#db/scratch.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const make = () => makeScratch(database.database, database.url, 'create table visits (run text)', new Date());

async function ask(url: string, ...statements: string[]): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const answers: unknown[] = [];
    for (const statement of statements) answers.push((await client.query(statement)).rows);
    return answers;
  } finally {
    await client.end();
  }
}

test('a scratch role has its own schema and sees nothing of the room', async () => {
  const scratch = await make();
  expect(await ask(scratch.url, "insert into visits values ('a')", 'select run from visits')).toEqual([
    [],
    [{ run: 'a' }],
  ]);
  for (const statement of [
    'select * from opsroom.runs',
    'set role opsroom_engine',
    'set role opsroom_door',
    'create schema mine',
    'select * from graphile_worker.jobs',
  ]) {
    await expect(ask(scratch.url, statement)).rejects.toMatchObject({ code: '42501' });
  }
  await scratch.drop();
  await expect(ask(scratch.url, 'select 1')).rejects.toMatchObject({ code: '28P01' });
});

test('what a killed process left is removed by the next', async () => {
  const left = await make();
  const next = await make();
  await expect(ask(left.url, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  await next.drop();
});
