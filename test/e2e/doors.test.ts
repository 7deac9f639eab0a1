import { afterAll, beforeAll, expect, test } from 'vitest';
import { isCertainlyNotCommitted } from '#db/pg-errors.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { verifies } from '../harness/requirements.js';

const LOCAL = '00000000-0000-7000-8000-000000000001';
const OTHER = '00000000-0000-7000-8000-000000000002';
let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
  const text = 'insert into opsroom.organisations (id, slug, name) values ($1, $2, $3)';
  await db.database.engine.query(text, [OTHER, 'other', 'Other']);
});
afterAll(() => db.close());

const slugs = (org: string) =>
  db.database.door(org, async (tx) => {
    const { rows } = await tx.query<{ slug: string }>('select slug from opsroom.organisations');
    return rows.map((row) => row.slug);
  });

test(verifies('KEEP-02', 'a door sees its own organisation and no other'), async () => {
  expect(await slugs(LOCAL)).toEqual(['local']);
  expect(await slugs(OTHER)).toEqual(['other']);
  expect(await slugs('00000000-0000-7000-8000-00000000ffff')).toEqual([]);
});

test('role and organisation end with the transaction, also when it fails', async () => {
  await expect(db.database.door(LOCAL, (tx) => tx.query('select 1 / 0'))).rejects.toMatchObject({ code: '22012' });
  await slugs(LOCAL);
  const { rows } = await db.database.engine.query(
    'select current_user::text as role, opsroom.current_org() as org, count(*) as n from opsroom.organisations',
  );
  expect(rows).toEqual([{ role: 'opsroom_engine', org: null, n: 2 }]);
});

test('concurrent doors of two organisations do not mix on shared connections', async () => {
  const asked = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? LOCAL : OTHER));
  const seen = await Promise.all(asked.map(slugs));
  expect(seen).toEqual(asked.map((org) => [org === LOCAL ? 'local' : 'other']));
});

test('a door may not write what it only reads', async () => {
  const write = db.database.door(LOCAL, (tx) => tx.query("update opsroom.organisations set name = 'x'"));
  await expect(write).rejects.toMatchObject({ code: '42501' });
});

test('an organisation that is no UUID never reaches the server', async () => {
  await expect(slugs("'; reset role; --")).rejects.toMatchObject({ code: 'USAGE' });
});

test('a connection that is killed in a transaction fails that transaction alone, its outcome unknown', async () => {
  const cut = db.database.engineTx(async (tx) => {
    const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
    await db.database.engine.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await tx.query('select pg_sleep(5)');
  });
  const error: unknown = await cut.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  expect(isCertainlyNotCommitted(error)).toBe(false);
  expect(await slugs(LOCAL)).toEqual(['local']);
});

test('an extra pool has its own setting; the engine commits synchronously', async () => {
  const logs = db.database.pool({ name: 'logs', max: 1, synchronousCommit: 'off' });
  const show = "select current_setting('synchronous_commit') as commit, current_setting('application_name') as name";
  expect((await logs.query(show)).rows).toEqual([{ commit: 'off', name: 'test logs' }]);
  expect((await db.database.engine.query(show)).rows).toEqual([{ commit: 'on', name: 'test' }]);
});

test('values arrive as numbers, values of JSON, dates and instants; what does not fit is an error', async () => {
  const { rows } = await db.database.engine.query(
    `select 9007199254740991 as big, '{"a":[1]}'::jsonb as json, date '2026-03-29' as day, timestamptz '2026-03-29T01:00Z' as at`,
  );
  expect(rows).toEqual([
    { big: 9_007_199_254_740_991, json: { a: [1] }, day: '2026-03-29', at: new Date('2026-03-29T01:00:00Z') },
  ]);
  await expect(db.database.engine.query('select 9007199254740993 as big')).rejects.toThrow(/9007199254740993/);
  expect((await db.database.engine.query('select 1::int8 as one')).rows).toEqual([{ one: 1 }]);
});

test('a direct connection hears notifications', async () => {
  const listener = await db.database.connectDirect();
  const heard = new Promise<string | undefined>((resolve) => {
    listener.once('notification', (message) => resolve(message.payload));
  });
  await listener.query('listen room');
  await db.database.engine.query("notify room, 'r1'");
  expect(await heard).toBe('r1');
  await listener.end();
});
