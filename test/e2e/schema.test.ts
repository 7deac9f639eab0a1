import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { dumpSchema } from '#db/dump.js';
import { migrate, readMigrations } from '#db/migrate.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { verifies } from '../harness/requirements.js';

const FILE = new URL('../../src/db/schema.sql', import.meta.url);
const open: TestDatabase[] = [];

async function fresh(): Promise<TestDatabase> {
  const db = await testDatabase({ migrated: false });
  open.push(db);
  return db;
}

afterEach(async () => {
  for (const db of open.splice(0)) await db.close();
});

test('src/db/schema.sql is the schema that the migrations make', async () => {
  const { database } = await fresh();
  await migrate(database);
  const dump = await dumpSchema(database.engine);
  if (process.env['OPSROOM_UPDATE_SCHEMA'] === '1') await writeFile(FILE, dump);
  expect(await readFile(FILE, 'utf8'), 'run `node scripts/schema.mjs` after adding a migration').toBe(dump);
});

test(verifies('KEEP-07', 'an upgrade one version at a time gives the schema of a fresh install'), async () => {
  const [whole, stepwise] = [await fresh(), await fresh()];
  const numbers = (await readMigrations()).map((migration) => migration.number);
  expect(await migrate(whole.database)).toEqual(numbers);
  for (const number of numbers) expect(await migrate(stepwise.database, number)).toEqual([number]);
  expect(await migrate(whole.database)).toEqual([]);
  expect(await dumpSchema(stepwise.database.engine)).toBe(await dumpSchema(whole.database.engine));
});

test('concurrent starters migrate once', async () => {
  const { database } = await fresh();
  const applied = await Promise.all([migrate(database), migrate(database), migrate(database)]);
  expect(applied.flat()).toEqual((await readMigrations()).map((migration) => migration.number));
});

test('a database of a newer version is refused and left as it is', async () => {
  const { database } = await fresh();
  await migrate(database);
  await database.engine.query("insert into opsroom.migrations (number, name, sha256) values (9999, 'later', 'x')");
  const before = await dumpSchema(database.engine);
  await expect(migrate(database)).rejects.toMatchObject({ code: 'DATA_DIR_NEWER' });
  expect(await dumpSchema(database.engine)).toBe(before);
});

test('a migration that fails leaves nothing of itself', async () => {
  const { database } = await fresh();
  await migrate(database, 1);
  // Something of the name that migration 2 creates is in its way.
  await database.engine.query('create table opsroom.lanes (n int)');
  const before = await dumpSchema(database.engine);
  await expect(migrate(database)).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
  expect(await dumpSchema(database.engine)).toBe(before);
  await database.engine.query('drop table opsroom.lanes');
  expect((await migrate(database)).at(0)).toBe(2);
});
