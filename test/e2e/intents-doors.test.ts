import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Cli, type Going } from '../harness/cli.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

let db: TestDatabase;
let home: string;
let cli: Cli;
let server: Going;
let url: string;
beforeAll(async () => {
  db = await testDatabase();
  home = await mkdtemp(join(tmpdir(), 'opsroom-intents-'));
  await mkdir(join(home, '.opsroom'));
  cli = new Cli(home, { DATABASE_URL: db.url, OPSROOM_HOST: 'here' });
  server = cli.start('start', '--port', '0', '--json');
  await server.saw('"url"', 60_000);
  url = String((JSON.parse(server.stdout().split('\n')[0] ?? '{}') as { url?: string }).url);
  const { port } = new URL(url);
  await mkdir(join(home, 'ops'));
  await writeFile(join(home, 'ops/check.yaml'), plan('staging', port));
  await writeFile(join(home, 'ops/release.yaml'), plan('production', port));
}, 120_000);
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.finished;
  await db.close();
  await rm(home, { recursive: true, force: true });
});

const plan = (environment: string, port: string) => `apiVersion: opsroom/v1
title: Look at ${environment}
target: { environment: ${environment}, allowAddresses: ["127.0.0.1:${port}"] }
workspace: { kind: temp }
steps:
  - id: look
    tool: http
    args: { method: GET, url: "http://127.0.0.1:${port}/healthz" }
    verifiers: [{ id: up, kind: http, config: { url: "http://127.0.0.1:${port}/healthz", expectedStatus: 200 } }]
`;

it(verifies(
  'POLICY-02',
  'an agent asks over HTTP, a person agrees at the command line, the run goes, and its bundle says by whose word',
), async () => {
  const made = await cli.call(
    'keys',
    'create',
    '--name',
    'gpt',
    '--agent',
    'gpt',
    '--scope',
    'run:read,run:start,intent:propose',
    '--json',
  );
  const { key } = made.json<{ key: string }>();
  const asked = await fetch(`${url}/ai/intents`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: JSON.stringify({ intent: 'check', target: 'staging', initiator: 'gpt', approved: false }),
  });
  expect(asked.status).toBe(201);
  const { id } = (await asked.json()) as { id: string };
  const shown = await cli.call('intents', 'show', id);
  expect(shown.stdout).toContain('Policy agent-plan-approved');
  expect(shown.stdout, 'the port of the room that runs').toContain(`Answer it at ${url}/approvals?intent=`);
  expect(shown.stdout).toMatch(/look {2}http {2}\{.*healthz/);
  const yes = await cli.call('approve', id, '--reason', 'It only looks.', '--json');
  expect([yes.code, yes.json<{ status: string }>().status]).toEqual([0, 'running']);
  const read = async () => (await cli.call('intents', 'show', id, '--json')).json<{ status: string; runId: string }>();
  await eventually(async () => (await read()).status === 'succeeded', 60_000);
  const { runId } = await read();
  const run = await cli.call('show', runId);
  expect(run.stdout).toMatch(/approved by user:\S+@here as owner at \d{4}-\S+ \S+ [+-]\d\d:\d\d: It only looks\./);
  await cli.call('proofs', runId, '--out', 'bundle.json');
  const verified = await cli.call('verify', 'bundle.json');
  expect(verified.stdout).toMatch(
    /agreed to by user:\S+@here as owner at \S+: It only looks\. \(agent-plan-approved\)/,
  );
  expect((await cli.call('approve', id, '--reason', 'again')).code).toBe(2);
}, 120_000);

it('`run` proposes by itself where somebody must agree, says who and where, and tells when it is refused', async () => {
  const going = cli.start('run', 'ops/release.yaml');
  await going.saw('production-approved', 60_000);
  await going.saw(`Somebody else answers it at ${url}/approvals?intent=`, 60_000);
  const own = await cli.call('approve', 'last', '--reason', 'mine');
  expect([own.code, own.stderr]).toEqual([4, expect.stringContaining('Nobody approves')]);
  const gone = await cli.call('withdraw', 'last', '--reason', 'not today');
  expect(gone.stdout).toContain('withdrawn: not today');
  const { code, stdout } = await going.finished;
  expect([code, stdout]).toEqual([4, expect.stringContaining('withdrawn: not today')]);
  const left = await cli.call('run', 'ops/release.yaml', '--detach', '--json');
  expect([left.code, left.json<{ status: string }>().status]).toEqual([3, 'waiting']);
  const listed = await cli.call('intents', 'list', '--status', 'waiting');
  expect(listed.stdout).toContain('Look at production');
  await writeFile(join(home, 'intents.yaml'), 'look:\n  targets:\n    production: { plan: ops/release.yaml }\n');
  const named = await cli.call('propose', '--intent', 'look', '--target', 'production', '--detach', '--json');
  expect(named.code, 'it waits').toBe(3);
  expect(named.json<{ source: object }>().source).toEqual({ kind: 'file', name: 'ops/release.yaml' });
  expect((await cli.call('propose', '--intent', 'look', '--target', 'moon', '--detach')).code).toBe(2);
}, 120_000);

it('a list is of the organisation that is named', async () => {
  expect((await cli.call('orgs', 'create', 'Acme Shops', '--slug', 'acme')).code).toBe(0);
  const own = await cli.call('runs', '--json');
  expect(own.json<{ runs: object[] }>().runs).not.toEqual([]);
  const theirs = await cli.call('runs', '--org', 'acme', '--json');
  expect([theirs.code, theirs.json<{ runs: object[] }>().runs]).toEqual([0, []]);
}, 60_000);
