import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApi, testApi } from '../harness/api.js';
import { agentKey } from '../harness/authority.js';
import { verifies } from '../harness/requirements.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api?.close());

const planOf = (title: string) => ({
  value: { apiVersion: 'opsroom/v1', title, steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }] },
});
const start = (key: string, title: string, more: { headers?: Record<string, string>; body?: object } = {}) =>
  api.ask('POST', '/v1/runs', {
    body: { plan: planOf(title), ...more.body },
    headers: { 'idempotency-key': key, ...more.headers },
  });
const runIdOf = (answer: { body: () => Record<string, unknown> }) => String(answer.body()['runId']);
const runs = async (title: string) => {
  const { rows } = await api.db.database.engine.query('select id from opsroom.runs where title = $1', [title]);
  return rows.length;
};

test(verifies('ROOM-01', 'asked again with the same key, the same run answers in the same words'), async () => {
  const first = await start('again', 'Again');
  const second = await start('again', 'Again', { body: { inputs: {} } });
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.body()).toEqual(first.body());
  expect(second.headers.get('location')).toBe(`/v1/runs/${runIdOf(first)}`);
  expect(await runs('Again')).toBe(1);
});

test('many that ask at once with one key start one run', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => start('at-once', 'At once')));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
  expect(new Set(answers.map(runIdOf)).size).toBe(1);
  expect(await runs('At once')).toBe(1);
});

test('the same key for something else is refused', async () => {
  await start('other', 'One');
  const answer = await start('other', 'Another');
  expect([answer.status, answer.body()]).toMatchObject([409, { code: 'IDEMPOTENCY_KEY_REUSED' }]);
  expect(await runs('Another')).toBe(0);
});

test('a key is its principal\u2019s own', async () => {
  const mine = await start('shared', 'Shared');
  const theirs = await start('shared', 'Shared', { headers: { 'x-api-key': await api.key('run:start') } });
  expect(theirs.status).toBe(201);
  expect(runIdOf(theirs)).not.toBe(runIdOf(mine));
});

test('a refused request does not take the key', async () => {
  expect((await start('refused', 'Refused', { body: { inputs: { none: 1 }, lane: 'Z' } })).status).toBe(400);
  expect((await start('refused', 'Refused')).status).toBe(201);
});

test('what was claimed before a crash is started under its id by whoever asks again', async () => {
  const first = await start('crash', 'Crash');
  const { engine } = api.db.database;
  const other = '019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20';
  await engine.query("update opsroom.run_requests set run_id = $1 where key = 'crash'", [other]);
  expect(runIdOf(await start('crash', 'Crash'))).toBe(other);
  expect(runIdOf(first)).not.toBe(other);
});

test('after a day the key is free again, and old ones go', async () => {
  const first = await start('day', 'Day');
  await api.db.database.engine.query("update opsroom.run_requests set at = at - interval '25 hours'");
  const second = await start('day', 'Day');
  expect(runIdOf(second)).not.toBe(runIdOf(first));
  const { rows } = await api.db.database.engine.query('select key from opsroom.run_requests');
  expect(rows).toEqual([{ key: 'day' }]);
});

test.each(['', 'a b', 'ä', 'x'.repeat(256)])('"%s" is no key', async (key) => {
  expect((await start(encodeHeader(key), 'No key')).status).toBe(400);
});

test('the key has one place', async () => {
  const answer = await start('place', 'Place', { body: { idempotencyKey: 'place' } });
  expect([answer.status, answer.body()]).toMatchObject([400, { what: expect.stringContaining('Idempotency-Key') }]);
});

/** As bytes, which is how a client sends it. */
const encodeHeader = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

test('an intent is proposed once for a key as well, and what was denied stays denied', async () => {
  const ask = (key: string, plan: object, intent = 'deploy') =>
    api.ask('POST', '/v1/intents', { body: { plan, intent }, headers: { 'idempotency-key': key } });
  const production = { value: { ...planOf('Ask').value, target: { environment: 'production' } } };
  const [first, ...others] = await Promise.all(Array.from({ length: 8 }, () => ask('ask', production)));
  const ids = [first, ...others].map((answer) => answer?.body()['intentId']);
  expect([first?.status, new Set(ids).size]).toEqual([201, 1]);
  expect((await ask('ask', production, 'deploy again')).body()).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  expect((await start('ask', 'A run of the same key')).status).toBe(201);
  const headers = { 'x-api-key': await agentKey(api.room, 'gpt', ['run:start', 'intent:propose']) };
  const toMain = { value: { ...planOf('Main').value, target: { branch: 'main' } } };
  const deny = () =>
    api.ask('POST', '/v1/intents', { body: { plan: toMain }, headers: { ...headers, 'idempotency-key': 'no' } });
  const [no, again] = [await deny(), await deny()];
  expect([no.status, again.status, again.text]).toEqual([403, 403, no.text]);
  const { rows } = await api.db.database.engine.query("select 1 from opsroom.intents where title in ('Ask', 'Main')");
  expect(rows).toHaveLength(2);
});
