import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIntent } from '#operations/intents/create.js';
import { getIntent } from '#operations/intents/get.js';
import { sweepOnce } from '#operations/intents/sweep.js';
import { invoke } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import { type TestApi, testApi } from '../harness/api.js';
import { personRoom } from '../harness/authority.js';

const plan = {
  value: {
    apiVersion: 'opsroom/v1',
    title: 'Late',
    target: { environment: 'production' },
    workspace: { kind: 'temp' },
    steps: [{ id: 'one', tool: 'shell', args: { run: 'true' } }],
  },
};

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

/** Of these intents nothing can be read. */
function without(ids: ReadonlySet<string>): Room {
  const { engine } = api.room.database;
  const query = (async (text: string, values?: unknown[]) => {
    if (values?.some((one) => ids.has(String(one)))) throw new Error('unreadable');
    return engine.query(text, values);
  }) as typeof engine.query;
  const only = new Proxy(engine, { get: (pool, name) => (name === 'query' ? query : Reflect.get(pool, name)) });
  return { ...api.room, database: { ...api.room.database, engine: only } };
}

test('intents that can never be looked after hold up no others, however many they are', async () => {
  const { engine } = api.room.database;
  const joe = personRoom(api.room, 'joe', 'operator');
  const { intentId } = await invoke(createIntent, { plan, intent: 'is late' }, joe);
  const { rows } = await engine.query<{ id: string }>(
    `insert into opsroom.intents select (jsonb_populate_record(i, jsonb_build_object('id', gen_random_uuid(),
       'expires_at', now() - interval '1 hour', 'created_at', now() - interval '1 day'))).*
     from opsroom.intents i, generate_series(1, 250) where i.id = $1 returning id`,
    [intentId],
  );
  await engine.query(`update opsroom.intents set expires_at = now() - interval '1 hour' where id = $1`, [intentId]);
  const room = without(new Set(rows.map(({ id }) => id)));
  let after = await sweepOnce(room);
  for (let sweeps = 0; sweeps < 2; sweeps += 1) after = await sweepOnce(room, after);
  expect((await invoke(getIntent, { intent: intentId }, joe)).status).toBe('expired');
  expect(after).toBeUndefined();
});
