import { createHash, createHmac, randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { changeIntent } from '#authorise/intents/store.js';
import { jsonDigest } from '#ir/digest.js';
import { openScheduler } from '#operations/schedules/scheduler.js';
import { startTriggers } from '#operations/triggers/loop.js';
import { openDeliveries } from '#operations/webhooks/deliveries.js';
import { insertDelivery, pruneBodies } from '#trigger/delivery-store.js';
import { type TestApi, testApi } from '../harness/api.js';
import { projectFile } from '../harness/authority.js';
import { ORG } from '../harness/engine.js';

/** Half a day from now. */
const hour = String((new Date().getUTCHours() + 12) % 24).padStart(2, '0');
const WINDOW = `
@id("window")
@reason("It goes at night.")
@approvers("owner")
@ttl("48h")
@window("Mon-Sun ${hour}:00-${hour}:01 UTC")
forbid (principal, action in [Action::"run", Action::"heal"], resource)
when { resource.app == "windowed" }
unless { context.approved };
`;

let api: TestApi;
let policies: string;
beforeAll(async () => {
  policies = await mkdtemp(join(tmpdir(), 'opsroom-policies-'));
  await cp(new URL('../../policies', import.meta.url).pathname, policies, { recursive: true });
  await writeFile(join(policies, 'window.cedar'), WINDOW);
  api = await testApi({ env: { OPSROOM_POLICIES: policies } });
});
afterAll(async () => {
  await api?.close();
  await rm(policies, { recursive: true });
});

const steps = [{ id: 'a', tool: 'shell', args: { run: 'true' } }];
const pinned = { value: { apiVersion: 'opsroom/v1', title: 'Pinned', steps } };
const followed = async () => {
  await projectFile(api.room, 'ops/follow.yaml', JSON.stringify({ ...pinned.value, title: 'Followed' }));
  return { follow: 'ops/follow.yaml' };
};

const SECRET = 'a secret of 8 different letters';

/** The id of a webhook. */
async function hook(name: string, plan: object, more: object = {}): Promise<string> {
  const body = { name, form: 'github', secret: SECRET, plan, ...more };
  const made = await api.ask('POST', '/v1/webhooks', { body });
  expect(made.status, made.text).toBe(201);
  return String(made.body()['webhookId']);
}

/** Posts an event as GitHub does. */
async function send(webhookId: string, payload: object) {
  const body = JSON.stringify(payload);
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  const headers = {
    'x-api-key': '',
    'x-github-event': 'push',
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': `sha256=${signature}`,
  };
  return api.ask('POST', `/hooks/${webhookId}`, { body, headers });
}

/** An event that somebody claimed and went away; its id. */
async function left(webhookId: string): Promise<string> {
  const [id, body] = [randomUUID(), Buffer.from('{}')];
  const bodyDigest = createHash('sha256').update(body).digest('hex');
  const kept = { headers: {}, bodyDigest, bodyBytes: 2, body, cut: false, redeliveryOf: null, redeliveredBy: null };
  await insertDelivery(api.db.database.engine, {
    ...kept,
    org: ORG,
    webhookId,
    id,
    senderId: id,
    signedOnce: id,
    event: 'push',
  });
  return id;
}
const deliveries = async (name: string) =>
  (await api.ask('GET', `/v1/webhooks/${name}/deliveries`)).body()['deliveries'] as Record<string, unknown>[];

test('a delivery that cannot be decided now holds up none beside it', async () => {
  const [bad, good] = [await hook('bad', await followed()), await hook('good', pinned)];
  await left(bad);
  await left(good);
  await openDeliveries({ ...api.room, project: '/nowhere/at-all' }, 0).look();
  expect(await deliveries('bad')).toMatchObject([{ state: 'claimed' }]);
  expect(await deliveries('good')).toMatchObject([{ state: 'started' }]);
  expect(api.logged.join('\n')).toContain('a delivery was not decided');
});

test('deliveries are seen to although schedules cannot be', async () => {
  const { engine } = api.db.database;
  await left(await hook('beside', pinned));
  await engine.query("update opsroom.webhook_deliveries set claimed_at = claimed_at - interval '1 minute'");
  await engine.query('alter table opsroom.schedules rename to schedules_away');
  const triggers = startTriggers(api.room);
  try {
    await vi.waitFor(async () => expect(await deliveries('beside')).toMatchObject([{ state: 'started' }]), 10_000);
  } finally {
    await triggers.close();
    await engine.query('alter table opsroom.schedules_away rename to schedules');
  }
});

describe('what follows a file of another machine', () => {
  /** As if it had been made there: its file is not here. */
  const moveAway = async (table: 'webhooks' | 'schedules', name: string) => {
    const text = `update opsroom.${table} set host = 'far', plan = '{"file":"ops/far.yaml"}' where name = $1`;
    await api.db.database.engine.query(text, [name]);
  };
  const far = () => ({ ...api.room, host: 'far' });

  test('an event of it is left to that machine, which takes it up at once', async () => {
    const id = await hook('far', await followed(), { filter: '!has(payload.skip)' });
    await moveAway('webhooks', 'far');
    expect((await send(id, { skip: true })).body()).toMatchObject({ verdict: 'filtered' });
    const answer = await send(id, { n: 1 });
    expect([answer.status, answer.body()]).toMatchObject([202, { verdict: 'claimed', runId: null }]);
    await openDeliveries(api.room, 0).look();
    expect((await deliveries('far'))[0]).toMatchObject({ state: 'claimed' });
    await projectFile(api.room, 'ops/far.yaml', JSON.stringify(pinned.value));
    await openDeliveries(far()).look();
    expect((await deliveries('far'))[0]).toMatchObject({ state: 'started' });
  });

  test('an event of it with a body that is not kept as a whole is refused, and says why', async () => {
    const id = await hook('far-long', await followed());
    await moveAway('webhooks', 'far-long');
    expect((await send(id, { text: 'x'.repeat(300_000) })).status).toBe(422);
    const [delivery] = await deliveries('far-long');
    expect(delivery).toMatchObject({ code: 'REQUEST_TOO_LARGE', reason: expect.stringContaining('on "far"') });
  });

  test('it is delivered again, or begun by hand, there only', async () => {
    const id = await hook('far-again', pinned);
    await send(id, { n: 2 });
    const [first] = await deliveries('far-again');
    await moveAway('webhooks', 'far-again');
    const path = `/v1/webhooks/far-again/deliveries/${String(first?.['deliveryId'])}/redeliver`;
    const again = await api.ask('POST', path);
    expect([again.status, again.text]).toEqual([409, expect.stringContaining('\\"far\\"')]);
    expect(await deliveries('far-again')).toHaveLength(1);

    const body = { name: 'far', cron: '@daily', zone: 'UTC', plan: pinned };
    expect((await api.ask('POST', '/v1/schedules', { body })).status).toBe(201);
    await moveAway('schedules', 'far');
    const fired = await api.ask('POST', '/v1/schedules/far/fire');
    expect([fired.status, fired.text]).toEqual([409, expect.stringContaining('\\"far\\"')]);
    expect((await api.ask('GET', '/v1/schedules/far/fires')).body()['fires']).toEqual([]);
  });

  test('its times and its filter are changed anywhere, its inputs where the file is', async () => {
    const cron = await api.ask('POST', '/v1/schedules/far', { body: { cron: '@weekly' } });
    expect([cron.status, cron.body()], cron.text).toMatchObject([200, { cron: '@weekly', host: 'far' }]);
    expect((await api.ask('POST', '/v1/schedules/far', { body: { inputs: { a: 1 } } })).status).toBe(409);
    const filter = await api.ask('POST', '/v1/webhooks/far', { body: { filter: null } });
    expect([filter.status, filter.body()], filter.text).toMatchObject([200, { filter: null, host: 'far' }]);
    expect((await api.ask('POST', '/v1/webhooks/far', { body: { inputs: { a: '1' } } })).status).toBe(409);
    const pin = await api.ask('POST', '/v1/webhooks/far', { body: { plan: pinned } });
    expect([pin.status, pin.body()], pin.text).toMatchObject([200, { host: 'here' }]);
  });
});

describe('overlap `cancel`', () => {
  /** The scheduler looks as it does so many minutes from now. */
  const look = async (minutes: number) => {
    const { clock } = api.room.ports;
    const now = () => new Date(Date.now() + minutes * 60_000);
    const later = { ...clock, now, monotonicMs: () => clock.monotonicMs() };
    await openScheduler({ ...api.room, ports: { ...api.room.ports, clock: later } }).look();
  };
  const schedule = async (name: string, target: object) => {
    const plan = { value: { ...pinned.value, target } };
    const body = { name, cron: '* * * * *', zone: 'UTC', overlap: 'cancel', plan };
    const made = await api.ask('POST', '/v1/schedules', { body });
    expect(made.status, made.text).toBe(201);
  };
  const fires = async (name: string) =>
    (await api.ask('GET', `/v1/schedules/${name}/fires`)).body()['fires'] as Record<string, unknown>[];

  test('takes back an intent that was approved for a later window', async () => {
    await schedule('nightly', { app: 'windowed' });
    await look(1);
    const [asked] = await fires('nightly');
    expect(asked).toMatchObject({ state: 'asked' });
    const intent = String(asked?.['intentId']);
    const approved = { status: 'approved', startsAt: new Date(Date.now() + 3_600_000), runId: randomUUID() } as const;
    await api.db.database.engineTx((tx) => changeIntent(tx, ORG, intent, approved));
    expect((await api.ask('GET', `/v1/intents/${intent}`)).body()).toMatchObject({ status: 'approved' });
    await look(2);
    expect((await api.ask('GET', `/v1/intents/${intent}`)).body()).toMatchObject({ status: 'withdrawn' });
    await look(2);
    expect((await fires('nightly')).map(({ state }) => state)).toEqual(['asked', 'asked']);
    await api.ask('POST', '/v1/schedules/nightly/remove');
  });

  test('ends the run as which the older one was started anew', async () => {
    await schedule('retried', {});
    await look(1);
    const [first] = await fires('retried');
    const started = await api.ask('POST', '/v1/runs', { body: { plan: pinned } });
    const anew = String(started.body()['runId']);
    const { engine } = api.db.database;
    const gone = "update opsroom.runs set status = 'failed', ended_at = clock_timestamp() where id = $1";
    await engine.query(gone, [first?.['runId']]);
    await engine.query('update opsroom.runs set parent_id = $2, restart = 2 where id = $1', [anew, first?.['runId']]);
    await look(2);
    expect((await api.ask('GET', `/v1/runs/${anew}`)).body()).toMatchObject({ status: 'cancelled' });
    await api.ask('POST', '/v1/schedules/retried/remove');
  });
});

async function bothOrNeither(path: string, changes: readonly object[]): Promise<void> {
  const answers = await Promise.all(changes.map((body) => api.ask('POST', path, { body })));
  const after = (await api.ask('GET', path)).body();
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
  answers.forEach(({ status, text }, n) => {
    if (status === 200) expect(after).toMatchObject(changes[n] ?? {});
    else expect([status, text]).toEqual([409, expect.stringContaining('in the same moment')]);
  });
}

describe('two changes at once', () => {
  test('of a schedule are both there afterwards, or one is told to look again', async () => {
    const body = { name: 'twice', cron: '@daily', zone: 'UTC', plan: pinned };
    expect((await api.ask('POST', '/v1/schedules', { body })).status).toBe(201);
    const changes = [{ cron: '@weekly' }, { zone: 'Europe/Berlin' }, { jitterS: 7 }, { overlap: 'queue' }];
    await bothOrNeither('/v1/schedules/twice', changes);
  });

  test('of a webhook as well', async () => {
    await hook('twice', pinned);
    await bothOrNeither('/v1/webhooks/twice', [{ filter: 'true' }, { lane: 'B' }, { session: 'night' }]);
  });
});

const sql = (text: string, values: unknown[]) => api.db.database.engine.query(text, values);

describe('what is kept of deliveries', () => {
  test('a sender that sends without end is told to wait, and nothing of it is kept', async () => {
    const id = await hook('endless', pinned);
    expect((await send(id, { n: 1 })).status).toBe(202);
    await sql(
      "update opsroom.rate_buckets set tokens = 0, at = clock_timestamp() + interval '1 hour' where name = $1",
      [`webhook ${id}`],
    );
    const answer = await send(id, { n: 2 });
    expect([answer.status, Number(answer.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect(await deliveries('endless')).toHaveLength(1);
  });

  test('bodies of what was not meant go after a week, those beyond the share of a webhook before, and their rows stay', async () => {
    const id = await hook('bodies', pinned, { filter: 'has(payload.run)' });
    for (let n = 0; n < 3; n++) await send(id, { n });
    await send(id, { run: true });
    const old =
      "update opsroom.webhook_deliveries set settled_at = settled_at - interval '8 days' where webhook_id = $1 and id <> $2";
    const newest = (await deliveries('bodies')).map(({ deliveryId }) => deliveryId);
    await sql(old, [id, newest[1]]);
    const kept = async () => (await deliveries('bodies')).map(({ cut }) => !cut);
    expect(await kept()).toEqual([true, true, true, true]);
    await openDeliveries(api.room).look();
    expect(await kept()).toEqual([true, true, false, false]);
    await pruneBodies(api.db.database.engine, { days: 7, mostBytes: 12 });
    expect(await kept()).toEqual([true, false, false, false]);
  });

  test('what was left to a machine that never comes is refused in the end', async () => {
    const id = await left(await hook('waits', pinned));
    await sql(
      "update opsroom.webhook_deliveries set claimed_at = 'infinity', received_at = received_at - interval '8 days' where id = $1",
      [id],
    );
    await openDeliveries(api.room).look();
    expect(await deliveries('waits')).toMatchObject([{ state: 'refused', code: 'INTERRUPTED' }]);
  });
});

describe('a process that died between starting a run and saying so, while the file that is followed changed', () => {
  const again = async () => {
    await sql("update opsroom.webhook_deliveries set state = 'claimed', run_id = null where state <> 'refused'", []);
    await openDeliveries(api.room, 0).look();
  };

  test.each([
    ['to another plan', JSON.stringify({ ...pinned.value, title: 'Another' })],
    ['to no plan', 'no plan'],
  ])('%s: the event keeps the run that it has', async (name, text) => {
    await projectFile(api.room, 'ops/edited.yaml', JSON.stringify(pinned.value));
    const hookName = name.replaceAll(' ', '-');
    const answer = await send(await hook(hookName, { follow: 'ops/edited.yaml' }), { n: 1 });
    await projectFile(api.room, 'ops/edited.yaml', text);
    await again();
    expect(await deliveries(hookName)).toMatchObject([{ state: 'started', runId: answer.body()['runId'] }]);
  });

  test('and had not written the run yet: it starts what the file holds now', async () => {
    await projectFile(api.room, 'ops/edited.yaml', JSON.stringify(pinned.value));
    const id = await hook('unwritten', { follow: 'ops/edited.yaml' });
    const delivery = await left(id);
    await sql(
      "insert into opsroom.run_requests (org_id, principal, key, request_digest, run_id) values ($1, 'webhook:unwritten', $2, $4, $3)",
      [ORG, delivery, randomUUID(), jsonDigest({})],
    );
    await again();
    expect(await deliveries('unwritten')).toMatchObject([{ state: 'started' }]);
  });
});

describe('what a trigger asks for', () => {
  const production = { value: { ...pinned.value, title: 'Ask', target: { environment: 'production' } } };

  test('is asked for once, also where whoever asked died before it was noted', async () => {
    const id = await hook('asks', production);
    const answer = await send(id, { n: 1 });
    const intent = String(answer.body()['intentId']);
    expect(answer.body(), answer.text).toMatchObject({ verdict: 'asked' });
    await sql("update opsroom.webhook_deliveries set state = 'claimed', intent_id = null where intent_id = $1", [
      intent,
    ]);
    await openDeliveries(api.room, 0).look();
    expect(await deliveries('asks')).toMatchObject([{ state: 'asked', intentId: intent }]);
    expect((await api.ask('GET', `/v1/intents/${intent}`)).body()).toMatchObject({ status: 'waiting' });
  });

  test('is refused to who may not propose', async () => {
    const [kept] = await deliveries('asks');
    const headers = { 'x-api-key': await api.key('run:start', 'run:read') };
    const again = await api.ask('POST', `/v1/webhooks/asks/deliveries/${String(kept?.['deliveryId'])}/redeliver`, {
      headers,
    });
    expect(again.text).toContain('intent:propose');
  });
});
