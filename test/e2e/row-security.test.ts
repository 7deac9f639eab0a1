import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';
import { orgOf, seeded } from './matrix.world.js';

/** What serves all organisations and holds nothing of one: processes, the rates of the installation, when it stood, its schema. */
const NO_ORGANISATION = ['api_rates', 'lost_workers', 'migrations', 'rate_buckets', 'room_minutes', 'workers'];
const DOOR = 'opsroom_door';

interface Table {
  readonly name: string;
  readonly secured: boolean;
  /** What the door may do at all, on the table or on some column. */
  readonly granted: boolean;
  readonly readable: boolean;
  readonly hasOrg: boolean;
  /** What its policies for the door demand of a row. */
  readonly demands: readonly string[];
}

let api: TestApi;
let tables: Table[];
beforeAll(async () => {
  api = await testApi();
  await seeded(api);
  ({ rows: tables } = await api.db.database.engine.query<Table>(
    `select c.relname::text as name, c.relrowsecurity as secured,
       has_any_column_privilege($1, c.oid, 'select, insert, update') or has_table_privilege($1, c.oid, 'delete') as granted,
       has_any_column_privilege($1, c.oid, 'select') as readable,
       exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id' and a.attnotnull) as "hasOrg",
       array(select coalesce(pg_get_expr(p.polqual, c.oid), '') || ' ' || coalesce(pg_get_expr(p.polwithcheck, c.oid), '')
         from pg_policy p where p.polrelid = c.oid and $1::regrole = any (p.polroles)) as demands
     from pg_class c where c.relnamespace = 'opsroom'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> all ($2) order by 1`,
    [DOOR, NO_ORGANISATION],
  ));
});
afterAll(() => api.close());

test(verifies('KEEP-02', 'every table belongs to an organisation and is under row-level security'), () => {
  expect(tables.length).toBeGreaterThan(30);
  const names = (wrong: (table: Table) => boolean) => tables.filter(wrong).map(({ name }) => name);
  const advice = 'give the table `org_id uuid not null`, and `enable row level security`';
  expect(
    names(({ secured }) => !secured),
    advice,
  ).toEqual([]);
  expect(
    names(({ name, hasOrg }) => name !== 'organisations' && !hasOrg),
    advice,
  ).toEqual([]);
});

test(verifies('KEEP-02', 'what a door may touch at all is tied to its organisation by a policy'), () => {
  const open = tables.filter(({ granted, demands }) => granted && demands.length === 0).map(({ name }) => name);
  expect(open, 'a table with grants for opsroom_door needs a policy for it').toEqual([]);
  const loose = tables.flatMap(({ name, demands }) =>
    demands.filter((demand) => !/current_org\(\)|is_member\(/.test(demand)).map((demand) => `${name}: ${demand}`),
  );
  expect(loose, 'a policy compares org_id with opsroom.current_org()').toEqual([]);
});

test(verifies('KEEP-02', 'a door of another organisation reads no row of the first one, table by table'), async () => {
  const other = await orgOf(api, 'Other');
  const { database } = api.db;
  const filled: string[] = [];
  for (const { name, readable } of tables) {
    const org = name === 'organisations' ? 'id' : 'org_id';
    const count = `select count(*)::int as rows from opsroom."${name}" where ${org} = $1`;
    const kept = await database.engine.query<{ rows: number }>(count, [api.room.org]);
    if ((kept.rows[0]?.rows ?? 0) > 0) filled.push(name);
    if (!readable) {
      await expect(database.door(other, (tx) => tx.query(count, [api.room.org]))).rejects.toMatchObject({
        code: '42501',
      });
      continue;
    }
    const seen = await database.door(other, (tx) => tx.query<{ rows: number }>(count, [api.room.org]));
    expect([name, seen.rows[0]?.rows]).toEqual([name, 0]);
  }
  // Tables without rows show nothing: most of what an organisation has is among those that were read.
  for (const name of ['runs', 'plans', 'api_keys', 'audit_entries', 'invitations', 'intents', 'schedules', 'webhooks'])
    expect(filled).toContain(name);
});

test('a door without an organisation sees nothing, and none can be made up in its place', async () => {
  const { database } = api.db;
  await expect(database.door("x'; reset role; --", async () => undefined)).rejects.toMatchObject({ code: 'USAGE' });
  const client = await database.engine.connect();
  try {
    await client.query(`begin; set local role ${DOOR}`);
    for (const { name } of tables.filter(({ readable }) => readable)) {
      const { rows } = await client.query<{ rows: number }>(
        `select count(*)::int as rows from opsroom."${name}" where true`,
      );
      expect([name, rows[0]?.rows]).toEqual([name, 0]);
    }
  } finally {
    await client.query('rollback');
    client.release();
  }
});
