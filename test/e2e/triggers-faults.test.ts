import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTriggers } from '#operations/triggers/loop.js';
import { openDeliveries } from '#operations/webhooks/deliveries.js';
import { insertDelivery } from '#trigger/delivery-store.js';
import { type TestApi, testApi } from '../harness/api.js';
import { projectFile } from '../harness/authority.js';
import { ORG } from '../harness/engine.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api?.close());

const steps = [{ id: 'a', tool: 'shell', args: { run: 'true' } }];
const pinned = { value: { apiVersion: 'opsroom/v1', title: 'Pinned', steps } };
const followed = async () => {
  await projectFile(api.room, 'ops/follow.yaml', JSON.stringify({ ...pinned.value, title: 'Followed' }));
  return { follow: 'ops/follow.yaml' };
};

/** The id of a webhook. */
async function hook(name: string, plan: object): Promise<string> {
  const made = await api.ask('POST', '/v1/webhooks', { body: { name, form: 'github', plan } });
  expect(made.status, made.text).toBe(201);
  return String(made.body()['webhookId']);
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
