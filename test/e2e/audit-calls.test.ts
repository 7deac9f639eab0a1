import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { newestEntries } from '#record/audit-store.js';
import { type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api?.close());

interface Noted {
  readonly kind: string;
  readonly actor: string;
  readonly data: JsonObject;
}

async function noted(kind: string): Promise<Noted[]> {
  const found = await newestEntries(api.db.database.engine, api.room.org, { kind }, { limit: 100 });
  return found.map(({ entry }) => entry).reverse();
}

const PLAN = {
  value: { apiVersion: 'opsroom/v1', title: 'Noted', steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }] },
};

describe('a call that may change something', () => {
  test(
    verifies('KEEP-05', 'every mutation is in the audit log: who, from where, what, how it ended, how long it took'),
    async () => {
      const key = await api.key('run:read', 'run:start');
      const started = await api.ask('POST', '/v1/runs', { body: { plan: PLAN }, headers: { 'x-api-key': key } });
      const { runId, planDigest } = started.body();
      const entry = (await noted('call.runs.start')).at(-1);
      expect(entry).toMatchObject({
        actor: 'key:key-1',
        data: {
          operation: 'runs.start',
          who: { kind: 'key', key: expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
          from: { door: 'http' },
          subjects: { runId, planDigest },
          outcome: 'ok',
          input: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        },
      });
      expect(entry?.data['ms']).toBeGreaterThan(0);
      expect(JSON.stringify(entry)).not.toContain('Noted');
    },
  );

  test('is noted when it is refused and when it fails, too', async () => {
    const reader = await api.key('run:read');
    expect((await api.ask('POST', '/v1/runs', { body: { plan: PLAN }, headers: { 'x-api-key': reader } })).status).toBe(
      403,
    );
    expect((await api.ask('POST', '/v1/runs', { body: { plan: PLAN, lane: 'Z' } })).status).toBe(400);
    expect((await api.ask('POST', '/v1/runs/ffffffff/cancel', { body: { reason: 'x' } })).status).toBe(404);
    expect((await noted('call.runs.start')).slice(-2).map(({ data }) => data['outcome'])).toEqual(['DENIED', 'USAGE']);
    expect((await noted('call.runs.cancel')).at(-1)?.data).toMatchObject({
      outcome: 'NOT_FOUND',
      subjects: { run: 'ffffffff' },
    });
  });

  test('of sixty at once, each is noted', async () => {
    const before = (await noted('call.sessions.create')).length;
    const all = await Promise.all(
      Array.from({ length: 60 }, (_, i) => api.ask('POST', '/v1/sessions', { body: { name: `s ${i}` } })),
    );
    expect(all.map(({ status }) => status)).toEqual(all.map(() => 201));
    expect((await noted('call.sessions.create')).length).toBe(before + 60);
  });
});

test('a look that is refused for want of a permission is noted; one that is allowed is not', async () => {
  const key = await api.key('run:read');
  const headers = { 'x-api-key': key };
  expect((await api.ask('GET', '/v1/keys', { headers })).status).toBe(403);
  expect((await api.ask('GET', '/v1/runs', { headers })).status).toBe(200);
  expect((await noted('call.keys.list')).at(-1)?.data['outcome']).toBe('DENIED');
  expect(await noted('call.runs.list')).toEqual([]);
});

describe('refusals', () => {
  test('of one asker beyond the first thirty of a minute, and of strangers, are numbers', async () => {
    const key = await api.key('run:read');
    const bad = () => api.ask('POST', '/v1/sessions', { body: { name: 'x' }, headers: { 'x-api-key': key } });
    for (let i = 0; i < 40; i++) expect((await bad()).status).toBe(403);
    for (let i = 0; i < 5; i++)
      expect((await api.ask('GET', '/v1/runs', { headers: { 'x-api-key': 'no' } })).status).toBe(401);
    await api.room.calls.close();
    const mine = await noted('calls.refused');
    expect(mine.at(-1)).toMatchObject({ data: { outcome: 'refused', count: 10, codes: { DENIED: 10 } } });
    expect((await noted('door.refused')).at(-1)).toMatchObject({
      actor: 'stranger',
      data: { count: 5, codes: { KEY_REFUSED: 5 } },
    });
  });
});

test('of many notes at once no more are kept than a minute allows', async () => {
  const headers = { 'x-api-key': await api.key('audit:write') };
  const note = () => api.ask('POST', '/ai/audit', { headers, body: { event: 'flood' } });
  const answers = await Promise.all(Array.from({ length: 80 }, note));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(60);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 429]));
});
