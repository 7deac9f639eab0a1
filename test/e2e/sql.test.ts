import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { sqlTool } from '#tools/sql/tool.js';
import { testCall } from '../harness/call.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { type MariaDb, startMariaDb } from '../harness/mariadb.js';
import { missing } from '../harness/parts.js';
import { verifies } from '../harness/requirements.js';

const allowAddresses = ['127.0.0.1'];
const tool = sqlTool();

interface Database {
  query(query: string, params?: JsonValue[], more?: JsonObject): ReturnType<typeof tool.run>;
  execute(query: string, params?: JsonValue[]): ReturnType<typeof tool.run>;
}

function using(url: () => string): Database {
  const call =
    (action: string) =>
    (query: string, params: JsonValue[] = [], more: JsonObject = {}) =>
      tool.run(action, { url: url(), query, params, ...more }, testCall({ allowAddresses }).context);
  return { query: call('query'), execute: call('execute') };
}

describe('PostgreSQL', () => {
  let at: TestDatabase;
  const db = using(() => at.url);
  beforeAll(async () => {
    at = await testDatabase({ migrated: false });
    const made = await db.execute('create table public.t (id int primary key, note text)');
    expect(made).toMatchObject({ ok: true });
    await db.execute("insert into public.t values (1, 'one'), (2, 'two')");
    await db.execute('create sequence public.s');
  });
  afterAll(() => at.close());

  test(verifies('TOOL-03', 'parameters are data, and rows come back as JSON'), async () => {
    const hostile = "'; drop table public.t; --";
    expect(await db.query('select $1::text as said, $2::int + 1 as n', [hostile, 41])).toMatchObject({
      ok: true,
      output: {
        rows: [{ said: hostile, n: 42 }],
        rowCount: 1,
        fields: [{ name: 'said' }, { name: 'n' }],
        truncated: false,
      },
    });
    expect(await db.query('select count(*) as n from public.t')).toMatchObject({ output: { rows: [{ n: 2 }] } });
  });

  test('every kind of value is JSON-safe', async () => {
    const query = `select timestamptz '2024-02-03 04:05:06.123456+02' as instant, timestamp '2024-02-03 04:05:06' as local, date '2024-02-03' as day,
      9007199254740993::int8 as big, 7::int8 as small, 1.50::numeric as money, 'NaN'::float8 as nan, '\\x00ff'::bytea as bytes,
      '{"a":[1]}'::jsonb as j, array[1,2] as list, null as nothing, true as yes, interval '1 day' as span, 1 as same, 2 as same, 3 as "__proto__"`;
    const { output } = await db.query(query);
    expect(output).toMatchObject({
      rows: [
        {
          instant: '2024-02-03T02:05:06.123456Z',
          local: '2024-02-03T04:05:06',
          day: '2024-02-03',
          big: '9007199254740993',
          small: 7,
          money: '1.50',
          nan: 'NaN',
          bytes: 'AP8=',
          j: { a: [1] },
          list: [1, 2],
          nothing: null,
          yes: true,
          span: '1 day',
          same: 1,
          same_2: 2,
        },
      ],
    });
    expect(JSON.parse(JSON.stringify(output))).toEqual(output);
  });

  test.each([
    'insert into public.t values (3, null)',
    'with x as (insert into public.t values (3, null) returning id) select * from x',
    'commit',
    'select 1; commit; insert into public.t values (3, null)',
    "select set_config('transaction_read_only', 'off', false)",
    'explain analyze insert into public.t values (3, null)',
    'do $$ begin set transaction_read_only = off; insert into public.t values (3, null); end $$',
    "copy (select 1) to program 'true'",
    '/* select */ delete from public.t',
    'select * into public.u from public.t',
    "select nextval('public.s')",
    "select lo_from_bytea(0, 'x')",
  ])(verifies('TOOL-03', 'a query cannot change anything: %s'), async (query) => {
    expect(await db.query(query)).toMatchObject({ ok: false });
    expect(await db.query('select count(*) as n from public.t')).toMatchObject({ output: { rows: [{ n: 2 }] } });
  });

  test('a function that writes is refused by the read-only transaction', async () => {
    const body =
      'create function public.f() returns int language plpgsql as $$ begin set transaction_read_only = off; insert into public.t values (9, null); return 1; end $$';
    expect(await db.execute(body)).toMatchObject({ ok: true });
    expect(await db.query('select public.f()')).toMatchObject({
      ok: false,
      error: { code: 'SQL_FAILED', retryable: false },
    });
    expect(await db.query('select count(*) as n from public.t')).toMatchObject({ output: { rows: [{ n: 2 }] } });
  });

  test('execute commits, is one statement, and is read-only in a step that promised so', async () => {
    expect(await db.execute('insert into public.t values (5, $1) returning id', ['five'])).toMatchObject({
      ok: true,
      output: { rows: [{ id: 5 }], rowCount: 1 },
    });
    expect(await db.execute('delete from public.t where id = 5; drop table public.t')).toMatchObject({ ok: false });
    expect(await db.execute('delete from public.t where id = $1', [5])).toMatchObject({
      ok: true,
      output: { rows: [], rowCount: 1 },
    });
    const { context } = testCall({ allowAddresses, readOnly: true });
    expect(await tool.run('execute', { url: at.url, query: 'delete from public.t' }, context)).toMatchObject({
      ok: false,
    });
  });

  test('a constraint is not retryable and a failed execute leaves nothing behind', async () => {
    const result = await db.execute("insert into public.t values (7, 'x'), (1, 'again')");
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'SQL_FAILED', retryable: false, message: expect.stringContaining('23505') },
    });
    expect(await db.query('select 1 from public.t where id = 7')).toMatchObject({ output: { rowCount: 0 } });
  });

  test('rows beyond maxRows are not kept', async () => {
    const { output } = await db.query('select n from generate_series(1, 100000) n', [], { maxRows: 3 });
    expect(output).toMatchObject({ rows: [{ n: 1 }, { n: 2 }, { n: 3 }], rowCount: 3, truncated: true });
    expect(await db.query("select repeat('x', 1000000) as x from generate_series(1, 30)")).toMatchObject({
      ok: true,
      output: { truncated: true, rowCount: 8 },
    });
  });

  test('a time limit longer than the server can count is no fault of the statement', async () => {
    const { context } = testCall({ allowAddresses, timeoutMs: 31 * 86_400_000 });
    expect(await tool.run('query', { url: at.url, query: 'select 1 as n' }, context)).toMatchObject({ ok: true });
  });

  test('a statement is ended on the server by its time limit', async () => {
    const { context } = testCall({ allowAddresses, timeoutMs: 300 });
    expect(await tool.run('query', { url: at.url, query: 'select pg_sleep(600)' }, context)).toMatchObject({
      ok: false,
      error: { code: 'STEP_TIMEOUT', retryable: true },
    });
    await noneSleeping();
  });

  test('a cancelled step ends its statement on the server', async () => {
    const abort = new AbortController();
    const { context } = testCall({ allowAddresses, signal: abort.signal, timeoutMs: 600_000 });
    const running = tool.run('execute', { url: at.url, query: 'select pg_sleep(600)' }, context);
    await until(async () => (await sleepers()) === 1);
    abort.abort(new OpsroomError('NOT_ALLOWED_NOW', { what: 'cancelled' }));
    expect(await running).toMatchObject({ ok: false, error: { code: 'NOT_ALLOWED_NOW', retryable: false } });
    await noneSleeping();
  });

  test(
    verifies('TOOL-03', 'private addresses are refused; nobody listening is retryable; a wrong password is not'),
    async () => {
      const args = { url: at.url, query: 'select 1' };
      expect(await tool.run('query', args, testCall().context)).toMatchObject({
        ok: false,
        error: { code: 'ADDRESS_REFUSED', retryable: false },
      });
      const { context } = testCall({ allowAddresses });
      const closed = { ...args, url: 'postgres://u:p@127.0.0.1:1/db' };
      expect(await tool.run('query', closed, context)).toMatchObject({
        ok: false,
        error: { code: 'UNREACHABLE', retryable: true },
      });
      const stranger = { ...args, url: at.url.replace(/:[^:@]*@/, ':hunter2@') };
      const denied = await tool.run('query', stranger, context);
      expect(denied).toMatchObject({ ok: false, error: { code: 'SQL_FAILED', retryable: false } });
      expect(JSON.stringify(denied)).not.toContain('hunter2');
    },
  );

  const sleepers = async () => {
    const { output } = await db.query(
      "select count(*) as n from pg_stat_activity where query like '%pg_sleep(600)%' and state = 'active' and pid <> pg_backend_pid()",
    );
    return (output as { rows: { n: number }[] }).rows[0]?.n;
  };
  const noneSleeping = () => until(async () => (await sleepers()) === 0);
});

/** Asks again until it holds; the test's own time limit ends it otherwise. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds()));
}

describe.skipIf(missing('mariadbd', 'sql on MariaDB'))('MariaDB', () => {
  let at: MariaDb;
  const db = using(() => at.url);
  beforeAll(async () => {
    at = await startMariaDb();
    expect(await db.execute('create table t (id int primary key, note text)')).toMatchObject({ ok: true });
    await db.execute("insert into t values (1, 'one'), (2, 'two')");
  });
  afterAll(() => at.stop());
  const rows = async () => ((await db.query('select count(*) as n from t')).output as { rows: JsonValue[] }).rows;

  test(verifies('TOOL-03', 'parameters are data, and rows come back as JSON'), async () => {
    const hostile = "'; drop table t; -- \\";
    const { output } = await db.query('select ? as said, ? + 1 as n', [hostile, 41]);
    expect(output).toMatchObject({ rows: [{ said: hostile, n: 42 }], rowCount: 1, truncated: false });
  });

  test('every kind of value is JSON-safe', async () => {
    const query = `select cast('2024-02-03 04:05:06' as datetime) as local, from_unixtime(0) as epoch, date '2024-02-03' as day, 9007199254740993 as big,
      7 as small, 1.50 as money, x'00ff' as bytes, null as nothing, 1 as same, 2 as same`;
    const { output } = await db.query(query);
    expect(output).toMatchObject({
      rows: [
        {
          local: '2024-02-03T04:05:06',
          epoch: '1970-01-01T00:00:00',
          day: '2024-02-03',
          big: '9007199254740993',
          small: 7,
          money: '1.50',
          bytes: 'AP8=',
          nothing: null,
          same: 1,
          same_2: 2,
        },
      ],
    });
    expect(JSON.parse(JSON.stringify(output))).toEqual(output);
  });

  test.each([
    'insert into t values (3, null)',
    'select 1; insert into t values (3, null)',
    'begin not atomic commit; set session transaction read write; insert into t values (3, null); end',
    'create table u (id int)',
    'drop table t',
    "select 1 into outfile '/tmp/opsroom-outfile'",
    "select 1 into /* x */ dumpfile '/tmp/opsroom-outfile'",
    "select 1 /*! into outfile '/tmp/opsroom-outfile' */",
    'set session transaction read write',
    'execute immediate "insert into t values (3, null)"',
    'with x as (select 1) delete from t',
  ])(verifies('TOOL-03', 'a query cannot change anything: %s'), async (query) => {
    expect(await db.query(query)).toMatchObject({ ok: false });
    expect(await rows()).toEqual([{ n: 2 }]);
  });

  test('a function that writes is refused by the read-only transaction', async () => {
    expect(
      await db.execute('create function f() returns int begin insert into t values (9, null); return 1; end'),
    ).toMatchObject({ ok: true });
    expect(await db.query('select f()')).toMatchObject({ ok: false, error: { code: 'SQL_FAILED' } });
    expect(await rows()).toEqual([{ n: 2 }]);
  });

  test('execute commits, a constraint is not retryable, a failure leaves nothing behind', async () => {
    expect(await db.execute('insert into t values (?, ?)', [5, 'five'])).toMatchObject({
      ok: true,
      output: { rows: [], rowCount: 1 },
    });
    expect(await db.execute('delete from t where id = ?', [5])).toMatchObject({ ok: true, output: { rowCount: 1 } });
    const failed = await db.execute("insert into t values (7, 'x'), (1, 'again')");
    expect(failed).toMatchObject({
      ok: false,
      error: { code: 'SQL_FAILED', retryable: false, message: expect.stringContaining('ER_DUP_ENTRY') },
    });
    expect(await rows()).toEqual([{ n: 2 }]);
  });

  test('rows beyond maxRows are not kept', async () => {
    const { output } = await db.query('select seq as n from seq_1_to_100000', [], { maxRows: 2 });
    expect(output).toMatchObject({ rows: [{ n: 1 }, { n: 2 }], truncated: true });
  });

  test('the time limit ends the statement on the server', async () => {
    const { context } = testCall({ allowAddresses, timeoutMs: 300 });
    expect(await tool.run('query', { url: at.url, query: 'select sleep(600)' }, context)).toMatchObject({
      ok: false,
      error: { code: 'STEP_TIMEOUT', retryable: true },
    });
    await until(async () => {
      const { output } = await db.query(
        "select count(*) as n from information_schema.processlist where info = 'select sleep(600)'",
      );
      return (output as { rows: { n: number }[] }).rows[0]?.n === 0;
    });
  });

  test('a wrong password is not retryable and not repeated; nobody listening is', async () => {
    const { context } = testCall({ allowAddresses });
    const denied = await tool.run('query', { url: at.url.replace(':pw@', ':hunter2@'), query: 'select 1' }, context);
    expect(denied).toMatchObject({ ok: false, error: { code: 'SQL_FAILED', retryable: false } });
    expect(JSON.stringify(denied)).not.toContain('hunter2');
    expect(await tool.run('query', { url: 'mysql://u:p@127.0.0.1:1/db', query: 'select 1' }, context)).toMatchObject({
      ok: false,
      error: { code: 'UNREACHABLE', retryable: true },
    });
  });
});
