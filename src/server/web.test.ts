import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { answerHeaders } from './headers.js';
import { MCP_PATH } from './mcp/door.js';
import { METRICS_PATH } from './metrics.js';
import { ROUTES } from './routes.js';
import { encodingFor, webApp } from './web.js';
import { findWebFiles } from './web-files.js';

let folder = '';
let app: Hono;
const SCRIPT = `console.log(${JSON.stringify('x'.repeat(5000))})`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsroom-web-'));
  await mkdir(join(folder, 'dist/assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'dist/index.html'), '<meta nonce="__NONCE__"><script src="/assets/a-1.js"></script>');
  await writeFile(join(folder, 'dist/assets/a-1.js'), SCRIPT);
  await writeFile(join(folder, 'dist/icon.svg'), '<svg/>');
  const files = await findWebFiles(join(folder, 'dist'));
  if (!files) throw new Error('the app was not found');
  app = new Hono();
  app.use(
    answerHeaders('1.2.3', 'https://ops.example'),
    webApp(files, () => undefined),
  );
  app.get('/v1/runs', (context) => context.json({}));
});
afterAll(() => rm(folder, { recursive: true }));

const html = { accept: 'text/html,*/*' };

test.each(['/', '/runs', '/runs/0192/proof', '/welcome', '/no/such/page'])(
  '%s is the page of the app',
  async (path) => {
    const answer = await app.request(path, { headers: html });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
  },
);

test('the page runs nothing inline, is in no frame, and its nonce is new each time', async () => {
  const answers = await Promise.all([app.request('/', { headers: html }), app.request('/', { headers: html })]);
  const policies = answers.map(({ headers }) => headers.get('content-security-policy') ?? '');
  const nonces = policies.map((policy) => /style-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1]);
  expect(new Set(nonces).size).toBe(2);
  expect(await answers[0].text()).toContain(`nonce="${nonces[0]}"`);
  expect(policies[0]).toMatch(/default-src 'none'; script-src 'self';/);
  expect(policies[0]).toMatch(/base-uri 'none'; form-action 'self'; frame-ancestors 'none'$/);
  expect(policies[0]).not.toMatch(/unsafe|https?:|\*/);
  expect(Object.fromEntries(answers[0].headers)).toMatchObject({
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'strict-transport-security': 'max-age=31536000',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-opsroom-version': '1.2.3',
  });
});

test.each([
  ['/v1/nothing', html],
  ['/v1', html],
  ['/auth/nothing', html],
  ['/metrics', html],
  ['/assets/gone-2.js', html],
  ['/favicon.ico', html],
  ['/runs', { accept: 'application/json' }],
  ['/../secret.txt', html],
  ['/%2e%2e/secret.txt', html],
  ['/..%2fsecret.txt', html],
  ['/index.html', { accept: '*/*' }],
])('%s is no page', async (path, headers) => {
  const answer = await app.request(path, { headers });
  expect(answer.status).toBe(404);
  expect(await answer.text()).not.toContain('secret');
});

test('nothing that the room answers itself is a page', async () => {
  const paths = [...Object.values(ROUTES).map(({ path }) => path), MCP_PATH, METRICS_PATH, '/hooks/abc', '/auth/state'];
  for (const path of paths)
    expect((await app.request(path, { headers: html })).headers.get('content-type'), path).not.toMatch(/html/);
});

test('the API is not the app’s, whatever a browser accepts', async () => {
  const answer = await app.request('/v1/runs', { headers: html });
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
});

test('a hashed file is kept for ever, another is asked for again', async () => {
  const script = await app.request('/assets/a-1.js');
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(await script.text()).toBe(SCRIPT);
  const icon = await app.request('/icon.svg');
  expect(icon.headers.get('cache-control')).toBe('no-cache');
  const etag = icon.headers.get('etag') ?? '';
  const again = await app.request('/icon.svg', { headers: { 'if-none-match': `"other", ${etag}` } });
  expect([again.status, await again.text()]).toEqual([304, '']);
});

test.each([
  ['br', brotliDecompressSync],
  ['gzip', gunzipSync],
] as const)('what is worth it is packed as %s', async (encoding, unpack) => {
  const answer = await app.request('/assets/a-1.js', { headers: { 'accept-encoding': encoding } });
  expect([answer.headers.get('content-encoding'), answer.headers.get('vary')]).toEqual([encoding, 'Accept-Encoding']);
  expect(unpack(Buffer.from(await answer.arrayBuffer())).toString()).toBe(SCRIPT);
  const icon = await app.request('/icon.svg', { headers: { 'accept-encoding': encoding } });
  expect(icon.headers.get('content-encoding')).toBeNull();
});

test.each([
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip;q=1.0, br;q=0', 'gzip'],
  ['identity', undefined],
  ['', undefined],
])('of "%s" is taken: %s', (accepted, taken) => {
  expect(encodingFor(accepted)).toBe(taken);
});

test('where the app was not built there is none', async () => {
  expect(await findWebFiles(join(folder, 'nowhere'))).toBeUndefined();
});

test('an app that is built anew below a running room is served as it is now, and meanwhile says so', async () => {
  const dist = join(folder, 'anew');
  const build = async (name: string) => {
    await mkdir(join(dist, 'assets'), { recursive: true });
    await writeFile(join(dist, `assets/${name}.js`), name);
    await writeFile(join(dist, 'index.html'), `<script src="/assets/${name}.js"></script>`);
  };
  await build('old');
  const files = await findWebFiles(dist);
  if (!files) throw new Error('the app was not found');
  const served = new Hono();
  served.use(webApp(files, () => undefined));
  await rm(dist, { recursive: true });
  const between = await served.request('/runs', { headers: html });
  expect([between.status, await between.text()]).toEqual([503, expect.stringContaining('being built anew')]);
  expect((await served.request('/assets/old.js')).status).toBe(404);
  await build('new');
  expect(await (await served.request('/', { headers: html })).text()).toContain('new.js');
  await vi.waitFor(async () => expect((await served.request('/assets/new.js')).status).toBe(200), { timeout: 5000 });
});
