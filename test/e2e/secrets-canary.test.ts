import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeBody } from '#execute/logs/block.js';
import type { RunView } from '#operations/runs/get.js';
import { listen } from '#server/listen.js';
import { ROUTES } from '#server/routes.js';
import { canaries, needlesOf, textsIn } from '../fixtures/canaries.js';
import { canaryPlans, control, secret } from '../fixtures/canary-plans.js';
import { type TestApi, testApi } from '../harness/api.js';
import { Cli } from '../harness/cli.js';
import { type HttpServer, requestBody, startHttpServer } from '../harness/http-server.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';
import { sentEvents } from '../harness/sse.js';

/** Secrets of the vault: found nowhere. */
const SECRETS = canaries('secret');
/** The same kinds of text, and no secrets: found wherever a secret would be, if it were not masked. */
const CONTROLS = canaries('control');
const KEY = Buffer.alloc(32, 7).toString('base64');
const LONG = 120_000;

let api: TestApi;
let server: HttpServer;
let folder: string;
let cliHome: string;
/** What could be read, and where: `PLACE: WHOSE N as TEXT`. */
const found = new Map<string, string[]>([
  ['secret', []],
  ['control', []],
]);
/** Their ids. */
const runs: string[] = [];

const NEEDLES = Object.entries({ secret: SECRETS, control: CONTROLS }).flatMap(([whose, values]) =>
  values.flatMap((value, n) => needlesOf(value).map((needle) => ({ whose, n, needle }))),
);

/** Notes what may be read from texts that were found at a place. */
function look(place: string, texts: Iterable<string>): void {
  const whole = [...texts].join('');
  for (const haystack of new Set([whole, whole.replace(/[\r\n]/g, '')])) {
    for (const { whose, n, needle } of NEEDLES) {
      if (haystack.includes(needle)) found.get(whose)?.push(`${place}: ${whose} ${n} as ${needle.slice(0, 40)}`);
    }
  }
}
const placesOf = (whose: 'secret' | 'control'): string[] => [
  ...new Set((found.get(whose) ?? []).map((hit) => hit.split(': ')[0] ?? '')),
];

async function lookIntoDatabase(): Promise<void> {
  const { engine } = api.db.database;
  const { rows: tables } = await engine.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm') and n.nspname not like 'pg_%' and n.nspname <> 'information_schema' order by 1, 2`,
  );
  expect(tables.length).toBeGreaterThan(30);
  for (const { schema, name } of tables) {
    const { rows } = await engine.query<Record<string, unknown>>(`select * from ${schema}."${name}"`);
    // Partitions of the log are told apart by their day.
    const place = name.startsWith('step_log_chunks') ? 'step_log_chunks' : name;
    for (const row of rows) {
      const { codec, body } = row;
      if ((codec === 0 || codec === 1) && Buffer.isBuffer(body)) {
        look(`table ${place}.body`, textsIn(await decodeBody({ codec, body })));
      }
      for (const [column, value] of Object.entries(row)) look(`table ${place}.${column}`, textsIn(value));
    }
  }
}

const DIGEST = /"(?:evidenceDigest|evidence|sha256)":"([0-9a-f]{64})"/g;

async function lookAt(path: string, as: string): Promise<string> {
  const { status, text } = await api.ask('GET', path);
  expect([200, 400, 404, 409], `${path}: ${text}`).toContain(status);
  look(`GET ${as}`, [text]);
  if (text.startsWith('{')) look(`GET ${as}`, textsIn(JSON.parse(text)));
  return text;
}

/** Every GET of a run: the test fails when there is one that it does not know. */
async function lookAtRun(run: string): Promise<void> {
  const asked = new Set<string>();
  const get = (route: string, query = '', members: Record<string, string> = {}) => {
    asked.add(route);
    const path = route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(members[name] ?? run));
    return lookAt(`${path}${query}`, route);
  };
  const view = JSON.parse(await get('/v1/runs/{run}')) as RunView;
  for (const route of [
    '/plan',
    '/decisions',
    '/replay',
    '/estimate',
    '/logs?tail=1000',
    '/proof',
    '/proof/verification',
    '/chain',
  ]) {
    const [path = '', query] = route.split('?');
    const text = await get(`/v1/runs/{run}${path}`, query === undefined ? '' : `?${query}`);
    for (const [, digest = ''] of text.matchAll(DIGEST)) await get('/v1/evidence/{digest}', '', { digest });
  }
  for (const { id, attempt } of view.steps as unknown as { id: string; attempt?: number }[]) {
    const text = await get('/v1/runs/{run}/steps/{step}', '', { step: id });
    for (const [, digest = ''] of text.matchAll(DIGEST))
      await lookAt(`/v1/runs/${run}/artefacts/${digest}`, 'artefact');
    for (let n = 1; n <= (attempt ?? 1); n++) {
      const of = `step=${encodeURIComponent(id)}&attempt=${n}`;
      await get('/v1/runs/{run}/logs/lines', `?${of}&from=1&limit=1000`);
      await get('/v1/runs/{run}/logs/search', `?${of}&text=e`);
      await lookAt(`/v1/runs/${run}/logs/text?${of}`, 'log text');
    }
  }
  const known = Object.values(ROUTES).filter(
    ({ method, path }) => method === 'GET' && path.startsWith('/v1/runs/{run}'),
  );
  expect([...asked]).toEqual(expect.arrayContaining(known.map(({ path }) => path)));
}

async function lookAtEvents(run: string): Promise<void> {
  const door = await listen(api.app, { port: 0, host: '127.0.0.1' });
  try {
    const answer = await fetch(`${door.url}/v1/runs/${run}/events`, { headers: { 'x-api-key': api.local } });
    const texts: string[] = [];
    for await (const { event, data } of sentEvents(answer)) {
      texts.push(data);
      if (event.endsWith('ended') || texts.length > 500) break;
      if (/"type":"run\.(succeeded|failed|rolled_back)"/.test(data)) break;
    }
    look('events', texts);
  } finally {
    await door.close(0);
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsroom-canary-'));
  cliHome = await mkdtemp(join(tmpdir(), 'opsroom-canary-cli-'));
  server = await startHttpServer((request, response) => {
    void requestBody(request).then((body) => {
      const said = [...SECRETS, ...CONTROLS].filter((value) => body.includes(JSON.stringify(value).slice(1, -1)));
      const encoded = said.flatMap((value) => [
        value,
        Buffer.from(value).toString('base64'),
        encodeURIComponent(value),
      ]);
      response.writeHead(request.url?.startsWith('/fail') ? 500 : 200, {
        'content-type': 'application/json',
        'x-echo': encodeURIComponent(said[0] ?? ''),
      });
      response.end(JSON.stringify({ url: request.url, headers: request.headers, body, encoded }));
    });
  });
  api = await testApi({
    env: {
      OPSROOM_VAULT_KEY: KEY,
      OPSROOM_PLAN_ENV: CONTROLS.map((_, n) => `CONTROL_${n}`).join(','),
      ...Object.fromEntries(CONTROLS.map((value, n) => [`CONTROL_${n}`, value])),
    },
  });
  for (const [n, value] of SECRETS.entries()) {
    // Half of them for this environment alone.
    const scope = n % 2 === 0 ? { environment: 'canary' } : {};
    const { status, text } = await api.ask('POST', '/v1/secrets', { body: { name: `CANARY_${n}`, value, ...scope } });
    expect(status, text).toBe(201);
  }
  await api.ask('POST', '/v1/secrets', { body: { name: 'DATABASE', value: api.db.url } });
  const worker = await api.open.startWorker('all');
  for (const [n, plan] of [...canaryPlans(secret, server.url), ...canaryPlans(control, server.url)].entries()) {
    const body = { plan: { value: plan }, folder: await mkdtemp(join(folder, `run-${n}-`)) };
    const { status, text } = await api.ask('POST', '/v1/runs', { body });
    expect(status, text).toBe(201);
    runs.push((JSON.parse(text) as { runId: string }).runId);
  }
  const ended = async (run: string) => JSON.parse((await api.ask('GET', `/v1/runs/${run}`)).text) as RunView;
  await eventually(async () => {
    const views = await Promise.all(runs.map(ended));
    return views.every(({ endedAt }) => endedAt !== null);
  }, LONG);
  await worker.drain(1000);
  await alongTheCommandLine();
  await lookIntoDatabase();
  for (const run of runs) await lookAtRun(run);
  for (const run of runs) await lookAtEvents(run);
  for (const { method, path } of Object.values(ROUTES)) {
    if (method === 'GET' && !path.includes('{')) await lookAt(path, path);
  }
}, LONG * 4);

/** A run of the command line, what it says of it and what it writes beside it. */
async function alongTheCommandLine(): Promise<void> {
  const env = {
    OPSROOM_HOME: cliHome,
    DATABASE_URL: api.db.url,
    OPSROOM_VAULT_KEY: KEY,
    OPSROOM_PLAN_ENV: CONTROLS.map((_, n) => `CONTROL_${n}`).join(','),
    ...Object.fromEntries(CONTROLS.map((value, n) => [`CONTROL_${n}`, value])),
  };
  const cli = new Cli(folder, env);
  for (const [whose, refer] of [
    ['secret', secret],
    ['control', control],
  ] as const) {
    const [plan] = canaryPlans(refer, server.url);
    await writeFile(join(folder, `${whose}.json`), JSON.stringify(plan));
    const bundle = join(folder, `${whose}.bundle.json`);
    const commands = [
      ['run', `${whose}.json`],
      ['run', `${whose}.json`, '--dry-run', '--json'],
      ['show', 'last', '--json'],
      ['logs', 'last'],
      ['proofs', 'last', '--out', bundle, '--force'],
    ];
    for (const args of commands) {
      const { stdout, stderr } = await cli.call(...args);
      look(`opsroom ${args[0]}`, [stdout]);
      look(`opsroom ${args[0]}`, [stderr]);
    }
    look('bundle', textsIn(decodeBundle(await readFile(bundle, 'utf8'))));
  }
}

/** The envelope with what it holds in base64. */
function decodeBundle(text: string): unknown {
  const envelope = JSON.parse(text) as { envelope?: { payload?: string }; payload?: string };
  const payload = envelope.payload ?? envelope.envelope?.payload ?? '';
  expect(payload).not.toBe('');
  return [envelope, JSON.parse(Buffer.from(payload, 'base64').toString('utf8'))];
}

afterAll(async () => {
  await api.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
  await rm(cliHome, { recursive: true, force: true });
});

describe('twenty secrets that steps, checks, servers and compensations say in eight encodings', () => {
  test(verifies('KEEP-03', 'are nowhere in the database, in answers, events, bundles, or on the command line'), () => {
    expect(found.get('secret')).toEqual([]);
  });

  test('would have been found: the same texts that are no secrets are, in each of these places', () => {
    expect(placesOf('control')).toEqual(
      expect.arrayContaining([
        'table step_log_chunks.body',
        'table step_attempts.output',
        'table step_attempts.args',
        'table step_attempts.error',
        'table evidence.body',
        'table artefacts.body',
        'GET /v1/runs/{run}',
        'GET /v1/runs/{run}/steps/{step}',
        'GET /v1/runs/{run}/logs',
        'GET /v1/runs/{run}/logs/lines',
        'GET /v1/evidence/{digest}',
        'GET artefact',
        'GET log text',
        'opsroom run',
        'opsroom show',
        'opsroom logs',
        'events',
        'bundle',
      ]),
    );
    const seen = new Set((found.get('control') ?? []).map((hit) => /control (\d+)/.exec(hit)?.[1]));
    expect(seen.size).toBe(CONTROLS.length);
  });
});
