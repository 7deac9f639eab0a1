import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { OPERATIONS } from '#operations/registry.js';
import { VERSION } from '#operations/version.js';
import { EXAMPLES } from '#server/examples.js';
import { type OpenApiOperation, openApiDocument } from '#server/openapi.js';
import { pathMembers, ROUTES } from '#server/routes.js';
import { clientTypes } from '../../scripts/client.mjs';
import { openApiFile } from '../../scripts/docs.mjs';
import { ROOT } from '../architecture/sources.js';
import { type Answer, type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';

let api: TestApi;
const document = openApiDocument(VERSION);
/** What no answer may ever hold. */
const CANARY = 'canary-of-another-organisation';
const OTHER = '00000000-0000-7000-8000-000000000002';
const PLAN = {
  value: { apiVersion: 'opsroom/v1', title: 'Hello', steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }] },
};

beforeAll(async () => {
  api = await testApi();
  const { engine } = api.db.database;
  // Its name is no secret to the user of the machine, who may work in every organisation.
  await engine.query("insert into opsroom.organisations (id, slug, name) values ($1, 'other', $2)", [OTHER, 'Another']);
  await engine.query(
    `insert into opsroom.api_keys (org_id, id, name, hash, hint, scopes, created_by)
     values ($1, $1, 'theirs', sha256('x'), $2, '{run:read}', $2)`,
    [OTHER, CANARY],
  );
});
afterAll(() => api.close());

describe('the OpenAPI document', () => {
  test(verifies('SEE-09', 'is valid OpenAPI 3.1'), async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(JSON.parse(JSON.stringify(document)) as Record<string, unknown>);
    expect(errors).toBeUndefined();
    expect([valid, validator.version]).toEqual([true, '3.1']);
  });

  test('is what the room serves, without a key, and what docs/openapi.json holds', async () => {
    const served = await api.app.request('/v1/openapi.json', { headers: { host: 'localhost' } });
    expect(await served.json()).toEqual({ ...document, info: { ...document.info, version: '1.2.3' } });
    expect(readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8')).toBe(openApiFile(document));
  });

  test('is what the web app is typed by', async () => {
    const made = await clientTypes(JSON.parse(openApiFile(document)) as object);
    expect(readFileSync(join(ROOT, 'web/api/schema.ts'), 'utf8')).toBe(made);
  });

  test('has no reference that leads nowhere', () => {
    const lookUp = (path: string) =>
      path
        .slice(2)
        .split('/')
        .reduce<unknown>((at, part) => (at as JsonObject | undefined)?.[part], document);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, path = '']) => path);
    expect(references.filter((path) => lookUp(path) === undefined)).toEqual([]);
  });

  test.each(OPERATIONS)(
    '$name has a route, a short summary, and an example that fits',
    ({ name, input, output, summary }) => {
      const route = ROUTES[name];
      const described = document.paths[route?.path ?? '']?.[(route?.method ?? '').toLowerCase()];
      expect(described).toMatchObject({ operationId: name, summary });
      expect(summary.length).toBeLessThanOrEqual(300);
      const example = EXAMPLES[name];
      expect(input.safeParse(example?.input).error?.issues).toBeUndefined();
      expect(output.safeParse(example?.output).error?.issues).toBeUndefined();
      expect(JSON.stringify(described)).toContain('"example"');
    },
  );

  test('no route leads nowhere, and none hides another', () => {
    expect(Object.keys(ROUTES).toSorted()).toEqual(OPERATIONS.map(({ name }) => name).toSorted());
    const places = Object.values(ROUTES).map(({ method, path }) => `${method} ${path}`);
    expect(new Set(places).size).toBe(places.length);
  });
});

describe('requests', () => {
  test('a run is started, found, listed, paused and read', async () => {
    const started = await api.ask('POST', '/v1/runs', { body: { plan: PLAN } });
    expect(started.status).toBe(201);
    const { runId } = started.body() as { runId: string };
    expect(started.headers.get('location')).toBe(`/v1/runs/${runId}`);
    expect((await api.ask('GET', `/v1/runs/${runId.slice(-8)}`)).body()).toMatchObject({ runId, title: 'Hello' });
    const listed = await api.ask('GET', '/v1/runs?status=queued&status=released&limit=5&text=HELL');
    expect(listed.body()).toMatchObject({ runs: [{ runId }] });
    expect((await api.ask('POST', `/v1/runs/${runId}/pause`)).body()).toMatchObject({ runId });
    expect((await api.ask('GET', `/v1/runs/${runId}/logs?tail=5`)).body()).toMatchObject({ lines: [] });
    expect((await api.ask('GET', `/v1/runs/${runId}/proof`)).body()).toMatchObject({ code: 'NOT_FOUND', status: 404 });
  });

  test('an output has the form that is published', async () => {
    for (const [name, path] of [
      ['runs.list', '/v1/runs'],
      ['runs.get', '/v1/runs/last'],
      ['runs.logs', '/v1/runs/last/logs'],
      ['keys.list', '/v1/keys'],
    ] as const) {
      const operation = OPERATIONS.find((one) => one.name === name);
      const { body } = await api.ask('GET', path);
      expect(operation?.output.parse(body()), name).toEqual(body());
    }
  });

  test('a plan that is wrong says where, with every problem', async () => {
    const text =
      'apiVersion: opsroom/v1\ntitle: Bad\nsteps:\n  - { id: a, tool: shell, args: { run: "true" }, dependsOn: [nobody] }\n';
    const answer = await api.ask('POST', '/v1/plans/compile', { body: { plan: { text, file: 'bad.yaml' } } });
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body()).toMatchObject({
      type: 'urn:opsroom:error:PLAN_INVALID',
      status: 422,
      where: expect.stringContaining('bad.yaml:4'),
      mend: expect.any(String),
      problems: [expect.objectContaining({ file: 'bad.yaml', line: 4, step: 'a' })],
    });
  });

  const refused: [string, string, string, { body?: unknown; headers?: Record<string, string> }, number][] = [
    ['a body that is not JSON', 'POST', '/v1/keys', { body: '{"name":' }, 400],
    ['a list for a body', 'POST', '/v1/keys', { body: [] }, 400],
    ['a body of another type', 'POST', '/v1/keys', { body: {}, headers: { 'content-type': 'text/plain' } }, 400],
    [
      'a body that is nested too deep',
      'POST',
      '/v1/plans/compile',
      { body: `{"plan":{"value":${'['.repeat(500_000)}${']'.repeat(500_000)}}}` },
      400,
    ],
    ['a body over 1 MiB', 'POST', '/v1/keys', { body: { name: 'x'.repeat(1_100_000) } }, 413],
    ['a plan over 16 MiB', 'POST', '/v1/plans/compile', { body: `{"plan":{"text":"${'x'.repeat(16_800_000)}"}}` }, 413],
    ['NUL in a text', 'GET', '/v1/runs?text=%00', {}, 400],
    ['half a surrogate pair', 'POST', '/v1/plans/compile', { body: '{"plan":{"value":{"title":"\\ud800"}}}' }, 400],
    ['a member that is unknown', 'POST', '/v1/keys', { body: { name: 'a', scopes: ['run:read'], more: 1 } }, 400],
    ['a query that is unknown', 'GET', '/v1/runs?stauts=failed', {}, 400],
    ['a query given twice', 'GET', '/v1/runs?limit=1&limit=2', {}, 400],
    ['a query beside a body', 'POST', '/v1/runs/last/cancel?reason=x', {}, 400],
    ['a member of the path given again', 'POST', '/v1/runs/last/cancel', { body: { run: 'ffff' } }, 400],
    ['a run that is not there', 'GET', '/v1/runs/ffffffff', {}, 404],
    ['an address that is not there', 'GET', '/v1/nothing', {}, 404],
  ];
  test.each([
    ['DELETE', '/v1/runs', 'GET, HEAD, POST'],
    ['PUT', '/v1/runs/last', 'GET, HEAD'],
    ['GET', '/v1/keys/ci/revoke', 'POST'],
    ['POST', '/v1/runs/last/events', 'GET, HEAD'],
  ])('%s %s is refused, and says what is used instead: %s', async (method, path, allow) => {
    const answer = await api.ask(method, path);
    expect([answer.status, answer.headers.get('allow'), answer.body()]).toMatchObject([
      405,
      allow,
      { code: 'METHOD_NOT_ALLOWED' },
    ]);
  });

  test.each(refused)('%s is refused', async (_name, method, path, init, status) => {
    const answer = await api.ask(method, path, init);
    expect([answer.status, answer.body()], answer.text).toMatchObject([status, { status, mend: expect.any(String) }]);
  });
});

describe('generated bad requests', () => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ path, method: method.toUpperCase(), described })),
  );
  const word = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('last', 'ffff', '%', '..', '\u0000', '🙈', "';--"),
  );
  const value = fc.oneof({ arbitrary: fc.jsonValue({ noUnicodeString: false }), weight: 3 }, word);

  /** A valid body with one member put wrong, taken out or added; or anything at all. */
  const bodyOf = ({ requestBody }: OpenApiOperation): fc.Arbitrary<unknown> => {
    const media = requestBody?.content['application/json'] as { schema: JsonObject; example: JsonObject } | undefined;
    if (media === undefined) return fc.constant(undefined);
    const members = [...Object.keys((media.schema['properties'] ?? {}) as object), 'unknown', '__proto__'];
    const changed = fc.tuple(fc.constantFrom(...members), fc.option(value)).map(([name, put]) => {
      const { [name]: _, ...rest } = media.example;
      // Written as text, since "__proto__" is a member like others only there.
      return put === null
        ? rest
        : `${JSON.stringify(rest).slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(put)}}`;
    });
    return fc.oneof({ arbitrary: changed, weight: 4 }, value, word);
  };

  test.each(operations)(
    verifies('SEE-09', '$method $path: an answer, never a fault, never a leak'),
    async ({ path, method, described }) => {
      const names = pathMembers(path);
      const queries = (described.parameters ?? [])
        .filter((one) => one['in'] === 'query')
        .map((one) => String(one['name']));
      const query = fc.array(fc.tuple(fc.constantFrom(...queries, 'unknown'), word), { maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(
          fc.array(word, { minLength: names.length, maxLength: names.length }),
          query,
          bodyOf(described),
          async (parts, pairs, body) => {
            const target = names.reduce(
              (at, name, i) => at.replace(`{${name}}`, encodeURIComponent(wellFormed(parts[i] ?? '')) || 'x'),
              path,
            );
            const search = new URLSearchParams(
              pairs.map(([name, text]): [string, string] => [name, wellFormed(text)]),
            ).toString();
            // A number that is none: the stream of events is refused as well, where it would go on.
            const answer = await api.ask(method, `${target}${search === '' ? '' : `?${search}`}`, {
              ...(body === undefined ? {} : { body }),
              headers: { 'last-event-id': 'x' },
            });
            refuseFaults(answer);
          },
        ),
        { numRuns: 60 },
      );
    },
  );
});

const wellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '');

function refuseFaults({ status, text, headers }: Answer): void {
  expect(status, text).toBeLessThan(500);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-type')).toMatch(status < 400 ? /^application\/json/ : /^application\/problem\+json/);
  expect(text).not.toMatch(/\n\s+at |node_modules|\.ts:\d/);
  expect(text).not.toContain(CANARY);
  expect(text).not.toContain(api.local);
}
