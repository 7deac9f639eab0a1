import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { OPERATIONS } from '#operations/registry.js';
import { newestEntries } from '#record/audit-store.js';
import type { OpenApiDocument, OpenApiOperation } from '#server/openapi.js';
import { type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';

/** What the importer of custom GPTs publishes as its limits (OpenAI, "GPT Actions": production notes and the schema checker). */
const IMPORTER = {
  operations: 30,
  summary: 300,
  description: 700,
  parameterDescription: 700,
  answerCharacters: 100_000,
} as const;

let api: TestApi;
let document: OpenApiDocument;
beforeAll(async () => {
  api = await testApi({ env: { OPSROOM_SECRET_QUIET: 'hunter2-hunter2' } });
  const headers = { host: 'localhost:4310', 'x-forwarded-proto': 'https' };
  const answer = await api.app.request('/v1/openapi-gpt.json', { headers });
  document = (await answer.json()) as OpenApiDocument;
});
afterAll(() => api?.close());

interface One {
  readonly path: string;
  readonly method: string;
  readonly operation: OpenApiOperation;
}
const operations = (): One[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

/** Every object in the document, with the place where it stands. */
function* objects(value: unknown, place = ''): Generator<[string, JsonObject]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [place, value as JsonObject];
  for (const [name, member] of Object.entries(value)) yield* objects(member, `${place}/${name}`);
}

describe('the document for custom GPTs', () => {
  test(verifies('SEE-09', 'is valid OpenAPI 3.1 within the published limits of the importer'), async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect([valid, errors]).toEqual([true, undefined]);
    expect(document['servers']).toEqual([{ url: 'https://localhost:4310' }]);
    const all = operations();
    expect(all.length).toBeGreaterThan(15);
    expect(all.length).toBeLessThanOrEqual(IMPORTER.operations);
    expect(new Set(all.map(({ operation }) => operation.operationId)).size).toBe(all.length);
    for (const { operation } of all) {
      const { operationId, summary, description, parameters = [] } = operation;
      expect(operationId).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      expect(summary.length).toBeLessThanOrEqual(IMPORTER.summary);
      expect(String(description).length).toBeLessThanOrEqual(IMPORTER.description);
      expect(parameters.filter((one) => one['in'] === 'header')).toEqual([]);
      expect(operation['x-openai-isConsequential']).toBeTypeOf('boolean');
    }
    expect(JSON.stringify(document)).not.toContain('$ref');
  });

  test('names the properties of every object, and no description is too long', () => {
    for (const [place, one] of objects(document.paths)) {
      if (place.includes('/example')) continue;
      if (one['type'] === 'object') expect([place, Object.hasOwn(one, 'properties')]).toEqual([place, true]);
      const { description } = one;
      if (typeof description === 'string')
        expect(description.length, place).toBeLessThanOrEqual(IMPORTER.parameterDescription);
    }
  });

  test('has what agents need: intents, status, live, metrics and the audit log', () => {
    const there = operations().map(({ path, method }) => `${method} ${path}`);
    expect(there).toEqual(
      expect.arrayContaining([
        'post /ai/intents',
        'get /ai/intents',
        'get /ai/status',
        'get /ai/live',
        'get /ai/metrics',
        'get /ai/audit',
        'post /ai/audit',
        'get /ai/test/openai',
        'get /ai/runs',
        'get /ai/runs/{run}',
      ]),
    );
    expect(there.every((one) => one.includes(' /ai/'))).toBe(true);
  });

  test('says of each operation whether it is consequential, as the registry does', () => {
    for (const { operation } of operations()) {
      const found = OPERATIONS.find(({ name }) => name.replaceAll('.', '_') === operation.operationId);
      expect([operation.operationId, operation['x-openai-isConsequential']]).toEqual([
        operation.operationId,
        found?.consequential,
      ]);
    }
  });
});

/** The request that the document's own examples make. */
function requestOf({ path, operation }: One): { path: string; body: unknown } {
  const { parameters = [], requestBody } = operation;
  let filled = path;
  const query = new URLSearchParams();
  for (const one of parameters as readonly { name: string; in: string; required?: boolean; example?: unknown }[]) {
    const value = one.example ?? (one.name === 'run' ? 'last' : one.name === 'tail' ? 20 : undefined);
    if (value === undefined) continue;
    if (one.in === 'path') filled = filled.replace(`{${one.name}}`, encodeURIComponent(value as string | number));
    else for (const each of Array.isArray(value) ? value : [value]) query.append(one.name, String(each));
  }
  const content = (requestBody as { content?: Record<string, { example?: unknown }> } | undefined)?.content;
  const text = query.toString();
  return { path: text === '' ? filled : `${filled}?${text}`, body: content?.['application/json']?.example };
}

describe('with a real key', () => {
  test(verifies('SEE-09', 'every operation of the document is understood, and its answer fits'), async () => {
    const key = await api.key('run:read', 'run:start', 'run:control', 'intent:propose', 'audit:read', 'audit:write');
    const headers = { authorization: `Bearer ${key}`, 'x-api-key': key };
    for (const one of operations()) {
      const { path, body } = requestOf(one);
      const answer = await api.ask(one.method.toUpperCase(), path, {
        headers,
        ...(body === undefined ? {} : { body }),
      });
      // The example's run is not there: that is said by the operation itself, after everything was understood.
      const { code } = answer.status < 300 ? { code: 'ok' } : (answer.body() as { code: string });
      expect([one.operation.operationId, code]).not.toEqual([one.operation.operationId, 'USAGE']);
      expect(
        ['ok', 'NOT_FOUND', 'NOT_ALLOWED_NOW', 'APPROVAL_NEEDED', 'DENIED', 'INPUT_INVALID'],
        `${path} ${answer.text}`,
      ).toContain(code);
      expect(answer.text.length).toBeLessThan(IMPORTER.answerCharacters);
    }
    const key2 = await api.key('run:read');
    expect((await api.ask('GET', '/ai/status', { headers: { 'x-api-key': key2, 'x-other': 'x' } })).status).toBe(200);
  });

  test('an answer that would not fit is shortened, and says so', async () => {
    await api.db.database.engine.query(
      `insert into opsroom.sessions (org_id, id, name, intent, created_by)
       select $1, gen_random_uuid(), 'session ' || i, repeat('long ', 300), 'user:test' from generate_series(1, 100) i`,
      [api.room.org],
    );
    const whole = await api.ask('GET', '/v1/sessions?limit=100');
    expect(whole.text.length).toBeGreaterThan(IMPORTER.answerCharacters);
    const fitting = await api.ask('GET', '/ai/sessions?limit=100');
    expect(fitting.text.length).toBeLessThan(IMPORTER.answerCharacters);
    expect(fitting.body()).toHaveProperty('note');
  });
});

describe('questions at /ai/*', () => {
  test(verifies('SEE-15', 'each is in the audit channel: who asked, what, how long it took'), async () => {
    const key = await api.key('run:read', 'audit:read');
    const headers = { 'x-api-key': key };
    expect((await api.ask('GET', '/ai/runs?text=shop&limit=5', { headers })).status).toBe(200);
    const found = await newestEntries(api.db.database.engine, api.room.org, { kind: 'query.runs.list' }, { limit: 1 });
    expect(found[0]?.entry).toMatchObject({
      actor: expect.stringMatching(/^key:/) as string,
      data: {
        operation: 'runs.list',
        from: { door: 'http' },
        outcome: 'ok',
        ms: expect.any(Number) as number,
        question: '{"limit":5,"text":"shop"}',
      },
    });
    await api.ask('GET', '/ai/runs?text=hunter2-hunter2', { headers });
    const read = (await api.ask('GET', '/ai/audit?event=query.', { headers })).body() as {
      entries: { event: string }[];
    };
    expect(read.entries.map(({ event }) => event)).toContain('query.runs.list');
    expect(JSON.stringify(read)).toContain('‹secret:QUIET›');
    expect(JSON.stringify(read)).not.toContain('hunter2');
    // The same look below /v1 is nobody's question.
    await api.ask('GET', '/v1/runs?text=quiet');
    const after = await newestEntries(api.db.database.engine, api.room.org, { kind: 'query.' }, { limit: 100 });
    expect(JSON.stringify(after)).not.toContain('quiet');
  });

  test(verifies('SEE-06', 'status, live and metrics tell the room; no model, no "ok"'), async () => {
    const plan = {
      value: { apiVersion: 'opsroom/v1', title: 'Queued', steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }] },
    };
    expect((await api.ask('POST', '/v1/runs', { body: { plan } })).status).toBe(201);
    // It is kept for a second, and earlier tests have asked.
    await vi.waitFor(async () => {
      const live = (await api.ask('GET', '/ai/live')).body() as { queued: { title: string }[] };
      expect(live.queued.map(({ title }) => title)).toContain('Queued');
    }, 5000);
    const status = (await api.ask('GET', '/ai/status')).body() as {
      checks: { name: string; ok: boolean }[];
      status: string;
    };
    expect(status.checks.find(({ name }) => name === 'workers')?.ok).toBe(false);
    expect(status.status).toBe('error');
    expect((await api.ask('GET', '/ai/metrics')).body()).toMatchObject({ window: '24h', runs: { successRate: null } });
    expect((await api.ask('GET', '/ai/test/openai')).body()).toMatchObject({ ok: false, configured: false });
  });

  test('status and live are throttled for each asker, and say when to come back', async () => {
    const headers = { 'x-api-key': await api.key('run:read') };
    const answers = await Promise.all(Array.from({ length: 45 }, () => api.ask('GET', '/ai/live', { headers })));
    const late = answers.filter(({ status }) => status === 429);
    expect(late.length).toBeGreaterThan(5);
    expect(Number(late[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await api.ask('GET', '/ai/live', { headers: { 'x-api-key': await api.key('run:read') } })).status).toBe(
      200,
    );
  });

  test('a note of an agent is kept in its own namespace, and looks like no entry of the room', async () => {
    const key = await api.key('run:read', 'audit:write');
    const headers = { 'x-api-key': key };
    const forged = {
      event: 'run.sealed',
      data: { run: 'x', head: 'y', outcome: 'ok', operation: 'runs.start', who: { kind: 'person' } },
    };
    const made = await api.ask('POST', '/ai/audit', { body: forged, headers });
    expect([made.status, made.body()['event']]).toEqual([
      201,
      expect.stringMatching(/^external:key-\d+\/run\.sealed$/),
    ]);
    const { entry } = (await api.ask('GET', `/v1/audit/entries/${String(made.body()['seq'])}`)).body() as {
      entry: JsonObject;
    };
    expect(entry).toMatchObject({
      source: 'external',
      operation: null,
      outcome: null,
      data: { note: { run: 'x' }, who: { kind: 'key' } },
    });
    expect(Object.keys(entry['data'] as object)).not.toContain('run');
    expect(
      (await newestEntries(api.db.database.engine, api.room.org, { kind: 'call.audit.note' }, { limit: 9 })).length,
    ).toBe(0);
    for (const [event, data, status] of [
      ['call.runs.start/x', {}, 400],
      ['x'.repeat(65), {}, 400],
      ['', {}, 400],
      ['big', { text: 'x'.repeat(9000) }, 413],
    ] as const) {
      expect((await api.ask('POST', '/ai/audit', { body: { event, data }, headers })).status, event).toBe(status);
    }
    const reader = { 'x-api-key': await api.key('run:read') };
    expect((await api.ask('POST', '/ai/audit', { body: { event: 'x' }, headers: reader })).status).toBe(403);
    const many = [];
    for (let i = 0; i < 62; i++)
      many.push((await api.ask('POST', '/ai/audit', { body: { event: 'x' }, headers })).status);
    expect(many.filter((status) => status === 201).length).toBe(59);
    expect(many.at(-1)).toBe(429);
  });
});
