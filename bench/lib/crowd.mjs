import pg from 'pg';
import { load } from './product.mjs';

const FOLLOWERS = 50;
const FOLLOW_MS = 250;

/**
 * Fills a database with old runs, once, and lets fifty clients follow the latest run. Opsroom's listen and read its new
 * events when told, up to twenty times a second; DBOS's read its steps four times a second, as its client does.
 *
 * @param {{ url: string, made: boolean }} database
 */
export async function prepareCrowd({ url, made }, system, oldRuns) {
  if (made) await { opsroom: fillOpsroom, dbos: fillDbos }[system](url, oldRuns);
  const followers = await Promise.all(
    Array.from({ length: FOLLOWERS }, () => ({ opsroom: followOpsroom, dbos: followDbos })[system](url)),
  );
  return { url, stop: () => Promise.all(followers.map((stop) => stop())) };
}

async function connected(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

const OLD_PLAN = JSON.stringify({
  title: 'old',
  steps: [0, 1, 2].map((n) => ({
    id: `s${n}`,
    title: `s${n}`,
    kind: 'tool',
    tool: 'shell',
    action: 'run',
    dependsOn: [],
  })),
});

/** So many old runs, each with three steps, as the ledger keeps them. */
export async function fillOpsroom(url, oldRuns) {
  const [{ openDatabase }, { migrate }] = await Promise.all(['db/database.js', 'db/migrate.js'].map(load));
  const database = openDatabase({ url, directUrl: url, applicationName: 'bench' });
  await migrate(database);
  const sql = (text) => database.engine.query(text);
  const org = `'00000000-0000-7000-8000-000000000001'::uuid`;
  const id = (n) => `('00000000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
  const old = `clock_timestamp() - interval '30 days' + n * interval '10 seconds'`;
  const all = `generate_series(1, ${oldRuns}) n`;
  await sql(
    `insert into opsroom.plans (org_id, digest, body) values (${org}, repeat('0', 64), '${OLD_PLAN}') on conflict do nothing`,
  );
  await sql(`insert into opsroom.runs (org_id, id, plan_digest, title, inputs, inputs_digest, target, lane, requested_by, status, word, workspace, created_at, queued_at, released_at, started_at, ended_at)
    select ${org}, ${id('n + 4096')}, repeat('0', 64), 'old', '{}', '', '{}', 'B', 'bench', 'succeeded', 'proven', '{}', t, t, t, t, t from ${all}, lateral (select ${old} t) o`);
  await sql(`insert into opsroom.step_attempts (org_id, run_id, step_id, attempt, status, epoch, started_at, ended_at, args, output, output_digest, word, verdicts)
    select ${org}, ${id('n + 4096')}, 's' || s, 1, 'done', 2, t, t, '{}', '{"exitCode": 0}', repeat('a', 64), 'proven', '[]' from ${all}, generate_series(0, 2) s, lateral (select ${old} t) o`);
  await sql(`insert into opsroom.proofs (org_id, run_id, seq, hash, record)
    select ${org}, ${id('n + 4096')}, s, repeat('b', 64), jsonb_build_object('seq', s, 'prev', repeat('c', 64), 'body', jsonb_build_object('type', 'step')) from ${all}, generate_series(0, 7) s`);
  // In many transactions, as they came about: whoever follows the room goes by those.
  for (let from = 1; from <= oldRuns; from += 100) {
    const some = `generate_series(${from}, ${Math.min(oldRuns, from + 99)}) n`;
    await sql(
      `insert into opsroom.events (org_id, run_id, seq, type, at) select ${org}, ${id('n + 4096')}, s, 'step.done', t from ${some}, generate_series(1, 8) s, lateral (select ${old} t) o`,
    );
  }
  await sql(
    `insert into opsroom.signing_keys (org_id, keyid, public_key) values (${org}, repeat('d', 64), '') on conflict do nothing`,
  );
  await sql(`insert into opsroom.bundles (org_id, run_id, n, envelope, keyid, head_seq, head, audit_seq, sealed_at)
    select ${org}, ${id('n + 4096')}, 1, '{}', repeat('d', 64), 7, repeat('b', 64), n, t from ${all}, lateral (select ${old} t) o`);
  await sql('vacuum analyze');
  await database.close();
}

async function followOpsroom(url) {
  const client = await connected(url);
  const seen = new Map();
  client.on('notification', ({ payload }) => {
    // One run each, as somebody does who looks on: the latest.
    const run = payload.split(',').at(-1);
    client
      .query({
        name: 'follow',
        text: 'select max(seq) as seq, count(*) from (select seq, type, step_id, data from opsroom.events where org_id = $1 and run_id = $2 and seq > $3 order by seq limit 500) e',
        values: ['00000000-0000-7000-8000-000000000001', run, seen.get(run) ?? 0],
      })
      .then(({ rows }) => seen.set(run, rows[0].seq ?? seen.get(run) ?? 0))
      .catch(() => undefined);
  });
  await client.query('listen opsroom_runs');
  return () => client.end();
}

async function fillDbos(url, oldRuns) {
  const { DBOS } = await import('@dbos-inc/dbos-sdk');
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: url, logLevel: 'error' });
  await DBOS.launch();
  await DBOS.shutdown();
  const client = await connected(url);
  const { rows } =
    await client.query(`select column_name, is_nullable, column_default, data_type from information_schema.columns
    where table_schema = 'dbos' and table_name = 'workflow_status'`);
  const values = {
    workflow_uuid: `'old-' || n`,
    status: `'SUCCESS'`,
    name: `'chain'`,
    output: `'{"json":null}'`,
    inputs: `'{"json":[3]}'`,
    created_at: `(extract(epoch from now()) * 1000)::bigint - 2592000000 + n * 10000`,
    updated_at: `(extract(epoch from now()) * 1000)::bigint - 2592000000 + n * 10000`,
    executor_id: `'local'`,
    application_version: `'old'`,
  };
  const present = rows.filter((column) => values[column.column_name] !== undefined).map((column) => column.column_name);
  await client.query(
    `insert into dbos.workflow_status (${present.join(', ')}) select ${present.map((name) => values[name]).join(', ')} from generate_series(1, ${oldRuns}) n`,
  );
  await client.query(`insert into dbos.operation_outputs (workflow_uuid, function_id, output, function_name)
    select 'old-' || n, s, '{"json":{"exitCode":0}}', 's' || s from generate_series(1, ${oldRuns}) n, generate_series(0, 2) s`);
  await client.query('vacuum analyze');
  await client.end();
}

async function followDbos(url) {
  const client = await connected(url);
  const text = `select function_id, function_name, output from dbos.operation_outputs where workflow_uuid =
    (select workflow_uuid from dbos.workflow_status order by created_at desc limit 1) order by function_id limit 500`;
  const timer = setInterval(() => void client.query({ name: 'follow', text }).catch(() => undefined), FOLLOW_MS);
  return async () => {
    clearInterval(timer);
    await client.end();
  };
}
