import { expect, test } from 'vitest';
import { destructiveSql, isReadOnlySql } from './sql.js';

test.each([
  "SELECT pg_drop_replication_slot('db2')",
  "select drop_chunks('metrics', interval '3 months')",
  "SELECT cron.unschedule('nightly')",
  "select citus_drain_node('w1', 5432)",
  "SELECT * FROM master_remove_node('w1', 5432)",
  "select pglogical.drop_subscription('s')",
  'select pg_stat_reset()',
  'SELECT pg_stat_statements_reset ()',
  'select truncate_all_tables()',
  'select public."truncate_all" ()',
  'WITH x AS (select 1) SELECT purge_old(id) FROM x',
  'call purge_old()',
  'call sys.purge_old',
  'select pg_terminate_backend(pid) from pg_stat_activity',
])('asks, and is no look: %s', (sql) => {
  expect(isReadOnlySql(sql)).toBe(false);
  expect(destructiveSql(sql)).toBeTypeOf('string');
});

test.each([
  "SELECT pg_replication_slot_advance('a', '0/1')",
  'SELECT pg_wal_replay_pause()',
  "select set_config('a', 'b', false)",
  'select refresh_everything()',
  "select shop.pg_is_in_recovery('x')",
  "select load_extension('x')",
])('is no look: %s', (sql) => {
  expect(isReadOnlySql(sql)).toBe(false);
  expect(destructiveSql(sql)).toBeUndefined();
});

test.each([
  'select count(*), max(created_at) from orders',
  'SELECT COUNT (*) FILTER (WHERE a) OVER (PARTITION BY b) FROM x WHERE id IN (1, 2) AND (a OR (b))',
  'select pg_size_pretty(pg_database_size(current_database()))',
  'select pg_size_pretty(pg_total_relation_size(oid)) from pg_class',
  'select pg_is_in_recovery(), pg_last_wal_receive_lsn(), pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)',
  "select now() - pg_last_xact_replay_timestamp(), extract(epoch from now()), to_char(now(), 'YYYY')",
  'select pg_catalog.count(*) from x join (select 1) y using (id)',
  'select cast(a as numeric(10, 2)), round(b::numeric, 2) from (values (1, 2)) as t(a, b)',
  'with a as materialized (select json_agg(x) from x), b as (select 1) select exists (select 1)',
  "select has_table_privilege('app', 'x', 'select')",
  'select row_number() over (order by id), coalesce(string_agg(a, b), c) from x group by (a) order by (b) limit (5)',
  'select trunc(1.5), json_remove(a), array_remove(b, 1) from x',
  'select version(), database(), user(), @@hostname, ifnull(a, 1), group_concat(distinct b)',
  "select * from pragma_table_info('x') where julianday(a) > 1",
  'select reset from deleted_users',
  'explain (costs off, format json) select 1',
])('is a look: %s', (sql) => {
  expect(isReadOnlySql(sql)).toBe(true);
  expect(destructiveSql(sql)).toBeUndefined();
});

test.each([
  'insert into removed_users (id) values (1)',
  'create table deleted (id int)',
  'create function drop_old() returns void',
  'alter table x add foreign key (a) references b (id) on delete cascade',
  'grant execute on function remove_user() to app',
])('does not ask: %s', (sql) => expect(destructiveSql(sql)).toBeUndefined());

test('hostile text is read in linear time', () => {
  const started = performance.now();
  isReadOnlySql(`select ${'a'.repeat(200_000)} ${'a '.repeat(100_000)}${'as '.repeat(100_000)}`);
  expect(performance.now() - started).toBeLessThan(1500);
});
