import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RepositoryNews } from '#integrations/github/news.js';
import type { CallContext, CheckInput, CheckResult } from '#ir/calls.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Verifier } from '#ir/plan.js';
import { OpsroomError } from '#kit/errors.js';
import { githubGates } from '#operations/github.js';
import { verifierKinds } from '#verify/kinds.js';
import { checkPrecondition } from '#verify/preconditions.js';
import { testCall } from '../harness/call.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { type HttpServer, requestBody, startHttpServer } from '../harness/http-server.js';
import { verifies } from '../harness/requirements.js';

const kinds = verifierKinds({ gates: githubGates(new RepositoryNews()) });
const allowAddresses = ['127.0.0.1'];
const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };
let workspace: string;
let outside: string;
let server: HttpServer;
let database: TestDatabase;
let asked = 0;

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'opsroom-verify-'));
  outside = await mkdtemp(join(tmpdir(), 'opsroom-outside-'));
  await writeFile(join(outside, 'secret'), 'secret');
  await writeFile(join(workspace, 'a.txt'), 'hello world');
  await mkdir(join(workspace, 'folder'));
  await symlink(join(outside, 'secret'), join(workspace, 'leak'));
  await symlink(outside, join(workspace, 'door'));
  await symlink('a.txt', join(workspace, 'alias'));
  server = await startHttpServer((req, res) => {
    if (req.url === '/soon') return void res.writeHead(++asked < 3 ? 503 : 200).end();
    if (req.url === '/silent') return undefined;
    if (req.url === '/big') return void res.end('x'.repeat(100_000));
    if (req.url === '/post') return void requestBody(req).then((body) => res.end(`got ${body}`));
    return void res
      .writeHead(200, { 'content-type': 'application/json' })
      .end('{"ref":"main","items":[{"id":1},{"id":2}]}');
  });
  database = await testDatabase({ migrated: false });
});
afterAll(async () => {
  await server.close();
  await database.close();
  await Promise.all([workspace, outside].map((folder) => rm(folder, { recursive: true })));
});

interface How extends Partial<Omit<CheckInput, 'config'>> {
  readonly context?: Partial<CallContext>;
}

function check(kind: Verifier['kind'], config: JsonObject, { context, ...input }: How = {}): Promise<CheckResult> {
  const call = testCall({ allowAddresses, workspace, env, ...context }).context;
  const found = kinds.get(kind);
  if (!found) throw new Error(`no kind ${kind}`);
  return found.check({ config, output: undefined, startedAt: undefined, phase: 'verdict', ...input }, call);
}

const passed = { passed: true };
const failed = { passed: false };

test(verifies('PROOF-01', 'http: status, JSON and text are compared, and the answer is the evidence'), async () => {
  const url = `${server.url}/version`;
  expect(await check('http', { url, json: { ref: 'main', items: [{ id: 2 }] }, bodyContains: '"ref"' })).toMatchObject({
    passed: true,
    evidence: { status: 200, body: { ref: 'main' } },
  });
  expect(await check('http', { url, json: { ref: 'other' } })).toMatchObject({
    passed: false,
    summary: 'body.ref is "main", expected "other"',
  });
  expect(await check('http', { url, bodyContains: 'nope' })).toMatchObject(failed);
  expect(await check('http', { url, expectedStatus: [201, 204] })).toMatchObject({
    passed: false,
    summary: 'The status is 200, expected 201 or 204',
  });
  expect(
    await check('http', { url: `${server.url}/post`, method: 'POST', body: { a: 1 }, bodyContains: 'got {"a":1}' }),
  ).toMatchObject(passed);
});

test('http: a verdict polls; evidence is capped and holds no request headers', async () => {
  expect(await check('http', { url: `${server.url}/soon`, withinMs: 20_000, intervalMs: 50 })).toMatchObject({
    passed: true,
    summary: expect.stringContaining('look 3'),
  });
  const big = await check('http', { url: `${server.url}/big`, headers: { authorization: 'Bearer hunter2' } });
  expect(JSON.stringify(big.evidence).length).toBeLessThan(17_000);
  expect(JSON.stringify(big.evidence)).toContain('truncated: 100000 characters');
  expect(JSON.stringify(big)).not.toContain('hunter2');
});

test('http: nobody there is a finding; refused addresses, silence and cancels are not', async () => {
  const closed = await startHttpServer(() => {});
  await closed.close();
  const absent = await check('http', { url: closed.url }, { phase: 'baseline' });
  expect(absent).toMatchObject({ passed: false, evidence: { error: { code: 'UNREACHABLE' } } });
  expect(absent).not.toHaveProperty('inconclusive');
  const unsure = { passed: false, inconclusive: true };
  expect(await check('http', { url: server.url }, { context: { allowAddresses: [] } })).toMatchObject({
    ...unsure,
    evidence: { error: { code: 'ADDRESS_REFUSED' } },
  });
  expect(await check('http', { url: `${server.url}/silent` }, { context: { timeoutMs: 50 } })).toMatchObject({
    ...unsure,
    evidence: { error: { code: 'STEP_TIMEOUT' } },
  });
  const signal = AbortSignal.abort(new OpsroomError('NOT_ALLOWED_NOW', { what: 'cancelled' }));
  expect(await check('http', { url: server.url, withinMs: 60_000 }, { context: { signal } })).toMatchObject({
    ...unsure,
    summary: expect.stringContaining('cancelled'),
  });
});

test(verifies('PROOF-01', 'shell: exit code and output are compared'), async () => {
  expect(
    await check('shell', { run: 'test "$X" = "a b" && echo done', env: { X: 'a b' }, stdoutContains: 'done' }),
  ).toMatchObject({ passed: true, evidence: { exitCode: 0, stdout: 'done\n' } });
  expect(await check('shell', { run: 'exit 3', exitCode: 3 })).toMatchObject(passed);
  expect(await check('shell', { run: 'echo why >&2; exit 3' })).toMatchObject({
    passed: false,
    summary: 'The exit code is 3, expected 0',
    evidence: { stderr: 'why\n' },
  });
  expect(await check('shell', { argv: ['echo', '$HOME; ls'], stdoutContains: '$HOME; ls' })).toMatchObject(passed);
  const three = { stdoutContains: '3', wholeWord: true };
  expect(await check('shell', { run: 'echo 13 31 a3 3ö _3 2.3 3.5 0,3 -3', ...three })).toMatchObject({
    passed: false,
    summary: 'The output does not contain "3" as a word of its own',
  });
  for (const said of ['13 3', '3', 'n=3,', '(3)', 'It is 3.', 'a-3', '3-4'])
    expect(await check('shell', { argv: ['echo', said], ...three }), said).toMatchObject(passed);
  expect(await check('shell', { argv: ['no-such-program-here'] })).toMatchObject(failed);
  expect(await check('shell', { run: 'cat a.txt', cwd: '..' })).toMatchObject({ passed: false, inconclusive: true });
  expect(await check('shell', { run: 'sleep 600' }, { context: { timeoutMs: 100 } })).toMatchObject({
    passed: false,
    inconclusive: true,
  });
  expect(await check('shell', { run: 'yes | head -c 1000000' })).toMatchObject({
    passed: true,
    evidence: { truncated: true },
  });
});

test('shell: nothing of our own environment is handed on', async () => {
  const { evidence } = await check('shell', { argv: ['env'] });
  const names = (evidence as { stdout: string }).stdout
    .trim()
    .split('\n')
    .map((line) => line.split('=')[0]);
  expect(new Set(names)).toEqual(new Set(['LANG', 'PATH']));
});

test(verifies('PROOF-01', 'sql: rows are compared, in a read-only transaction'), async () => {
  const { url } = database;
  const query = 'select n, n * 10 as ten from generate_series(1, $1::int) n';
  expect(
    await check('sql', { url, query, params: [3], expect: { rowCount: 3, rows: [{ n: 2, ten: 20 }], value: 1 } }),
  ).toMatchObject({ passed: true, evidence: { rowCount: 3 } });
  expect(await check('sql', { url, query, params: [3], expect: { rowCount: 2 } })).toMatchObject({
    passed: false,
    summary: 'rowCount is 3, expected 2',
  });
  expect(await check('sql', { url, query, params: [0], expect: { value: 1 } })).toMatchObject({
    passed: false,
    summary: 'value is missing',
  });
  const missingTable = await check(
    'sql',
    { url, query: 'select 1 from not_yet', expect: { rowCount: 0 } },
    { phase: 'baseline' },
  );
  expect(missingTable).toMatchObject({ passed: false, evidence: { error: { code: 'SQL_FAILED' } } });
  expect(missingTable).not.toHaveProperty('inconclusive');
  expect(await check('sql', { url, query: 'create table x (id int)', expect: { rowCount: 0 } })).toMatchObject({
    passed: false,
    inconclusive: true,
  });
  expect(await check('sql', { url, query, expect: {} })).toMatchObject({ passed: false, inconclusive: true });
  expect(JSON.stringify(await check('sql', { url, query, params: [1], expect: { value: 1 } }))).not.toContain(
    new URL(url).password,
  );
});

test(
  verifies('PROOF-01', 'file: content, size, digest and age are compared; links that lead out are refused'),
  async () => {
    const sha256 = createHash('sha256').update('hello world').digest('hex');
    expect(await check('file', { path: 'a.txt', contains: 'lo wo', sha256, minBytes: 11 })).toMatchObject({
      passed: true,
      evidence: { sha256, bytes: 11 },
    });
    expect(await check('file', { path: 'alias', contains: 'hello' })).toMatchObject(passed);
    expect(await check('file', { path: 'folder' })).toMatchObject(passed);
    for (const wrong of [{ contains: 'nope' }, { sha256: '0'.repeat(64) }, { minBytes: 12 }, { exists: false }]) {
      expect(await check('file', { path: 'a.txt', ...wrong })).toMatchObject(failed);
    }
    expect(await check('file', { path: 'folder', contains: 'x' })).toMatchObject(failed);
    expect(await check('file', { path: 'none' })).toMatchObject(failed);
    expect(await check('file', { path: 'a.txt/none', exists: false })).toMatchObject(passed);
    for (const path of ['leak', 'door/secret', '../x', join(outside, 'secret'), '/etc/passwd', 'a\0b']) {
      expect(await check('file', { path, contains: 'secret' })).toMatchObject({ passed: false, inconclusive: true });
    }
  },
);

test('file: newer than the step, and never so before it began', async () => {
  const path = 'made.txt';
  await writeFile(join(workspace, path), 'x');
  await utimes(join(workspace, path), new Date(5000), new Date(5000));
  const newer = (ms: number | undefined) =>
    check('file', { path, newerThanStep: true }, { startedAt: ms === undefined ? undefined : new Date(ms) });
  expect(await newer(4000)).toMatchObject(passed);
  expect(await newer(6000)).toMatchObject(failed);
  expect(await newer(undefined)).toMatchObject(failed);
});

test('file: a match across chunks of a large file is found', async () => {
  const before = 'x'.repeat(64 * 1024 - 3);
  await writeFile(join(workspace, 'large'), `${before}needle${before}`);
  expect(await check('file', { path: 'large', contains: 'needle' })).toMatchObject(passed);
});

test(verifies('PROOF-01', 'checksum: of a file, and of a part of the output'), async () => {
  const sha256 = createHash('sha256').update('hello world').digest('hex');
  expect(await check('checksum', { path: 'a.txt', sha256: sha256.toUpperCase() })).toMatchObject(passed);
  expect(await check('checksum', { path: 'a.txt', sha256: '0'.repeat(64) })).toMatchObject({
    passed: false,
    evidence: { sha256 },
  });
  expect(await check('checksum', { path: 'leak', sha256 })).toMatchObject({ passed: false, inconclusive: true });
  expect(await check('checksum', { output: '/body', sha256 }, { output: { body: 'hello world' } })).toMatchObject(
    passed,
  );
  const ofJson = createHash('sha256').update('{"a":1,"b":2}').digest('hex');
  expect(await check('checksum', { output: '', sha256: ofJson }, { output: { b: 2, a: 1 } })).toMatchObject(passed);
  expect(await check('checksum', { output: '/none', sha256 }, { output: {} })).toMatchObject(failed);
  const { contract } = kinds.get('checksum') ?? {};
  expect([contract?.subject({ output: '', sha256 }), contract?.subject({ path: 'a', sha256 })]).toEqual([
    'output',
    'outside',
  ]);
});

test(verifies('PROOF-01', 'json_schema: the output is validated'), async () => {
  const schema = { type: 'object', required: ['id'] };
  expect(await check('json_schema', { schema, path: '/body' }, { output: { body: { id: 1 } } })).toMatchObject(passed);
  expect(await check('json_schema', { schema }, { output: {} })).toMatchObject(failed);
});

test(verifies('PROOF-01', "custom: a child process judges, without the room's credentials"), async () => {
  await writeFile(
    join(workspace, 'judge.mjs'),
    `const asked = JSON.parse(await new Response(process.stdin).text());
     console.log('thinking');
     console.log(JSON.stringify({ passed: asked.output.n === asked.config.n, summary: 'n is ' + asked.output.n, evidence: { env: Object.keys(process.env).sort(), run: asked.run.runId } }));`,
  );
  const context = { env: { ...env, OPSROOM_RUN_ID: 'run', AWS_SECRET_ACCESS_KEY: 'hunter2' } };
  const judge = (n: JsonValue) =>
    check('custom', { module: 'judge.mjs', config: { n: 1 } }, { output: { n }, context });
  expect(await judge(1)).toEqual({
    passed: true,
    summary: 'n is 1',
    evidence: { env: ['LANG', 'OPSROOM_RUN_ID', 'PATH'], run: 'run' },
  });
  expect(await judge(2)).toMatchObject({ passed: false, summary: 'n is 2' });
  expect(await check('custom', { module: 'leak' })).toMatchObject({ passed: false, inconclusive: true });
});

test.each([
  ['nothing', ':'],
  ['text', 'echo fine'],
  ['something else than a boolean', `echo '{"passed":"true","summary":"s"}'`],
  ['the line, but not last', `echo '{"passed":true,"summary":"s"}'; echo bye`],
  ['the line, but exits with 1', `echo '{"passed":true,"summary":"s"}'; exit 1`],
  ['the line, and is killed', `echo '{"passed":true,"summary":"s"}'; kill -9 $$`],
])('custom: a verifier that prints %s has not passed', async (_what, script) => {
  expect(await check('custom', { argv: ['sh', '-c', script] })).toMatchObject({ passed: false, inconclusive: true });
});

test('preconditions say what is missing and how to get it', async () => {
  const facts = { kinds, hasSecret: (name: string) => name === 'DEPLOY_KEY' };
  const { context } = testCall({ allowAddresses, workspace, env: { ...env, TOKEN: 'x' } });
  const ok = async (name: string) => (await checkPrecondition(name, context, facts)).ok;
  for (const name of [
    'node_installed',
    'env:TOKEN',
    'secret:DEPLOY_KEY',
    'command:sh',
    'file:a.txt',
    `url:${server.url}/version`,
  ])
    expect([name, await ok(name)]).toEqual([name, true]);
  for (const name of [
    'env:NONE',
    'secret:NONE',
    'command:no-such-program',
    'file:none',
    'file:leak',
    'url:http://10.0.0.1/',
    'github_token_set',
    'nonsense',
  ]) {
    const found = await checkPrecondition(name, context, facts);
    expect(found).toEqual({ id: name, ok: false, missing: expect.any(String), mend: expect.any(String) });
  }
  expect((await checkPrecondition('github_token_set', testCall({ env: { GH_TOKEN: 'x' } }).context, facts)).ok).toBe(
    true,
  );
});

test('docker_running asks the daemon, not the client', async () => {
  const fake = join(workspace, 'folder', 'docker');
  const facts = { kinds, hasSecret: () => false };
  const { context } = testCall({ workspace, env: { PATH: `${join(workspace, 'folder')}:${env.PATH}` } });
  await writeFile(fake, '#!/bin/sh\necho Cannot connect to the Docker daemon >&2\nexit 1\n', { mode: 0o755 });
  expect(await checkPrecondition('docker_running', context, facts)).toMatchObject({
    ok: false,
    missing: expect.stringContaining('daemon'),
  });
  await writeFile(fake, '#!/bin/sh\necho 27.0\n');
  expect(await checkPrecondition('docker_running', context, facts)).toEqual({ id: 'docker_running', ok: true });
});

test('an inline precondition is a verifier, with its own mend', async () => {
  const facts = { kinds, hasSecret: () => false };
  const inline = {
    id: 'up',
    kind: 'http' as const,
    description: 'The API is up',
    config: { url: `${server.url}/version`, expectedStatus: 204 },
    mend: 'Start it.',
  };
  const { context } = testCall({ allowAddresses, workspace, env });
  expect(await checkPrecondition(inline, context, facts)).toEqual({
    id: 'up',
    ok: false,
    missing: 'The API is up: The status is 200, expected 204',
    mend: 'Start it.',
  });
  expect(await checkPrecondition({ ...inline, config: { url: inline.config.url } }, context, facts)).toEqual({
    id: 'up',
    ok: true,
  });
});
