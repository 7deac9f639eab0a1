import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '#db/database.js';
import type { Held } from '#execute/ports.js';
import { systemClock } from '#kit/clock.js';
import { type ApiRates, openApiRates, USUAL_RATES } from '#operations/limits/api-rates.js';
import { pacer } from '#operations/limits/pace.js';
import { takeTokens } from '#operations/limits/store.js';
import type { RunView } from '#operations/runs/get.js';
import { listen } from '#server/listen.js';
import { type TestApi, testApi } from '../harness/api.js';
import { ORG } from '../harness/engine.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api?.close());

const update = (body: object, headers: Record<string, string> = {}) => api.ask('POST', '/v1/limits', { body, headers });

test(verifies('RUN-15', 'runs at once are a setting, of an asker and of each lane'), async () => {
  expect((await api.ask('GET', '/v1/limits')).body()).toMatchObject({ runningPerUser: 10, calls: [], keys: [] });
  const changed = await update({ runningPerUser: 3, lanes: { A: 7 } });
  expect(changed.body(), changed.text).toMatchObject({
    runningPerUser: 3,
    lanes: expect.arrayContaining([{ lane: 'A', width: 7 }]),
  });
  const { rows } = await api.db.database.engine.query(
    'select running_per_user as n from opsroom.organisations where id = $1',
    [ORG],
  );
  expect(rows).toEqual([{ n: 3 }]);
  const { rows: noted } = await api.db.database.engine.query(
    "select data from opsroom.audit_entries where kind = 'limits.changed'",
  );
  expect(noted).toEqual([{ data: { runningPerUser: 3, lanes: { A: 7 } } }]);
  await update({ runningPerUser: 10 });
});

test(
  verifies('RUN-15', 'of runs with one concurrency key one goes, and the others are shown to wait for it'),
  async () => {
    const plan = {
      value: {
        apiVersion: 'opsroom/v1',
        title: 'Deploy',
        concurrencyKey: 'deploy-staging',
        steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }],
      },
    };
    for (let i = 0; i < 3; i++) expect((await api.ask('POST', '/v1/runs', { body: { plan } })).status).toBe(201);
    expect((await api.ask('GET', '/v1/limits')).body()['keys']).toMatchObject([
      { key: 'deploy-staging', title: 'Deploy', waiting: 2 },
    ]);
  },
);

/** Asks until the bucket, which hardly fills, is empty, without taking anything itself. */
async function untilEmpty(bucket: string) {
  await eventually(async () => {
    const { rows } = await api.db.database.engine.query<{ tokens: number }>(
      'select tokens from opsroom.rate_buckets where name = $1',
      [bucket],
    );
    return rows[0] !== undefined && rows[0].tokens < 1;
  });
  return takeTokens(api.db.database.engine, bucket, 1, { perSecond: 0.001, burst: 3 });
}

describe('rates of tools', () => {
  const name = (tool: string) => `call ${ORG} tool:${tool}`;

  test(verifies('RUN-15', 'two workers together call a tool no oftener than its rate'), async () => {
    const other = openDatabase({ url: api.db.url, applicationName: 'another worker' });
    expect((await update({ calls: { 'tool:http': { perSecond: 0.001, burst: 3 } } })).status).toBe(200);
    const workers = [pacer(api.db.database, systemClock), pacer(other, systemClock)];
    const stop = new AbortController();
    let passed = 0;
    const calls = Array.from({ length: 6 }, (_, i) => {
      return Promise.resolve(workers[i % 2]?.(ORG, 'http', { signal: stop.signal, held: () => undefined })).then(() => {
        if (!stop.signal.aborted) passed += 1;
      });
    });
    const { taken } = await untilEmpty(name('http'));
    expect(taken).toBe(0);
    stop.abort();
    await Promise.all(calls);
    expect(passed).toBe(3);
    await other.close();
  });

  test('a tool that is not limited is not held up, nor one of another organisation', async () => {
    const pace = pacer(api.db.database, systemClock);
    const never = { signal: new AbortController().signal, held: () => undefined };
    await pace(ORG, 'shell', never);
    expect(pace(ORG, 'shell', never)).toBeUndefined();
    expect(pace('00000000-0000-7000-8000-00000000000f', 'http', never)).toBeUndefined();
  });

  test.each([
    ['taken away', null],
    ['raised', { perSecond: 100, burst: 100 }],
  ])('a call that waits for a rate goes on once that is %s', async (_, changed) => {
    await update({ calls: { 'tool:sql': { perSecond: 0.0001, burst: 1 } } });
    const pace = pacer(api.db.database, systemClock);
    const held: (Held | null)[] = [];
    const waiter = { signal: new AbortController().signal, held: (by: Held | null) => held.push(by) };
    await takeTokens(api.db.database.engine, name('sql'), 1, { perSecond: 0.0001, burst: 1 });
    const waits = Promise.resolve(pace(ORG, 'sql', waiter));
    await eventually(() => held.length === 1);
    await update({ calls: { 'tool:sql': changed } });
    await waits;
    expect(held[0]).toMatchObject({ limit: 'tool:sql', perSecond: 0.0001 });
    expect(held.at(-1)).toBeNull();
    await update({ calls: { 'tool:sql': null } });
  });

  test(verifies(
    'RUN-15',
    'a step whose call is held back says by which rate and until when, and goes on by itself',
  ), async () => {
    const { engine } = api.db.database;
    // What waits from the tests before would be held back by the same rate.
    const { runs } = (await api.ask('GET', '/v1/runs')).body() as unknown as { runs: { runId: string }[] };
    for (const { runId } of runs) await api.ask('POST', `/v1/runs/${runId}/cancel`, { body: { reason: 'not now' } });
    await update({ calls: { 'tool:shell': { perSecond: 0.4, burst: 1 } } });
    const args = { run: 'true' };
    const steps = [
      { id: 'a', tool: 'shell', args },
      { id: 'b', tool: 'shell', dependsOn: ['a'], args },
    ];
    const value = { apiVersion: 'opsroom/v1', title: 'Paced', steps };
    const started = await api.ask('POST', '/v1/runs', { body: { plan: { value } } });
    const run = started.body()['runId'] as string;
    const worker = await api.open.startWorker('all');
    const view = async () => (await api.ask('GET', `/v1/runs/${run}`)).body() as unknown as RunView;
    await eventually(async () => Boolean((await view()).steps[1]?.held));
    expect(await view()).toMatchObject({
      status: 'running',
      waiting: { code: 'RATE', what: expect.stringContaining('shell may be called 24 times a minute'), step: 'b' },
      steps: [{ held: null }, { status: 'running', held: { limit: 'tool:shell', perSecond: 0.4, burst: 1 } }],
    });
    await eventually(async () => (await view()).status === 'succeeded');
    const { rows } = await engine.query(
      "select type, step_id as step from opsroom.events where run_id = $1 and type in ('step.held', 'step.going') order by seq",
      [run],
    );
    expect(rows).toEqual([
      { type: 'step.held', step: 'b' },
      { type: 'step.going', step: 'b' },
    ]);
    expect(await view()).toMatchObject({ waiting: null, steps: [{ held: null }, { held: null }] });
    expect((await api.ask('GET', `/v1/runs/${run}/replay`)).body()).toMatchObject({ difference: null });
    // A long run is not decided by the process that serves everybody.
    const insert = 'insert into opsroom.events (org_id, run_id, seq, type) values ($1, $2, 20001, $3)';
    await api.db.database.engine.query(insert, [api.room.org, run, 'test']);
    expect((await api.ask('GET', `/v1/runs/${run}/replay`)).body()).toMatchObject({ code: 'NOT_ALLOWED_NOW' });
    await update({ calls: { 'tool:shell': null } });
    await worker.drain(0);
  }, 30_000);

  test.each([
    [{ calls: { 'tool:htttp': { perSecond: 1, burst: 1 } } }, 400],
    [{ calls: { 'tool:http': { perSecond: 0, burst: 1 } } }, 400],
    [{ runningPerUser: 0 }, 400],
    [{ lanes: { Z: 1 } }, 400],
  ])('%j is refused', async (body, status) => {
    const answer = await update(body);
    expect(answer.status, answer.text).toBe(status);
  });

  test('the rates of the API are of the whole installation: a key may not change them', async () => {
    const headers = { 'x-api-key': await api.key('room:admin') };
    expect((await update({ api: { key: { perSecond: 1, burst: 1 } } }, headers)).status).toBe(403);
    expect((await update({ runningPerUser: 10 }, headers)).status).toBe(200);
  });
});

/** A server reads the rates when it begins: of those that were set here, the second question of somebody new must wait. */
async function knowsTheRates(server: ApiRates): Promise<boolean> {
  const who = randomUUID();
  await server.take('key', who);
  return (await server.take('key', who)) > 0;
}

test(verifies('KEEP-06', 'servers of one database count requests together'), async () => {
  const hardly = (burst: number) => ({ perSecond: 0.001, burst });
  expect((await update({ api: { stranger: hardly(60), key: hardly(1) } })).status).toBe(200);
  const other = openDatabase({ url: api.db.url, applicationName: 'another server' });
  const servers = [openApiRates(api.db.database, systemClock), openApiRates(other, systemClock)];
  for (const server of servers) await eventually(() => knowsTheRates(server));
  const passed: number[] = [];
  for (let i = 0; i < 70; i++) passed.push((await servers[i % 2]?.take('stranger', '192.0.2.1')) ?? -1);
  expect(passed.filter((waitMs) => waitMs === 0)).toHaveLength(60);
  await Promise.all(servers.map((one) => one.close()));
  await other.close();
  expect((await update({ api: USUAL_RATES })).status).toBe(200);
});

describe('the server', () => {
  test.each([
    ['a header that is too large', `x-long: ${'a'.repeat(20_000)}\r\n`],
    ['more headers than anybody needs', Array.from({ length: 3000 }, (_, i) => `x-${i}: a\r\n`).join('')],
  ])(verifies('KEEP-06', 'refuses %s'), async (_, headers) => {
    const listening = await listen(
      new Hono().get('/', ({ text }) => text('in')),
      { host: '127.0.0.1', port: 0 },
    );
    const answer = await new Promise<string>((resolve, reject) => {
      let seen = '';
      const socket = connect(listening.port, '127.0.0.1', () =>
        socket.write(`GET / HTTP/1.1\r\nhost: x\r\n${headers}\r\n`),
      );
      socket.on('data', (part) => (seen += String(part)));
      socket.once('close', () => resolve(seen));
      socket.once('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    await listening.close(0);
  });
});
