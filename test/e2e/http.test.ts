import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OpsroomError } from '#kit/errors.js';
import { httpTool } from '#tools/http/tool.js';
import { testCall } from '../harness/call.js';
import { type HttpServer, requestBody, startHttpServer } from '../harness/http-server.js';
import { verifies } from '../harness/requirements.js';

const tool = httpTool({ now: () => new Date('2026-01-02T03:04:05Z'), monotonicMs: () => 0 });
let server: HttpServer;
let elsewhere: HttpServer;
let started: (() => void) | undefined;

const echo = async (req: IncomingMessage, res: ServerResponse) => {
  const reply = { method: req.method, url: req.url, headers: req.headers, body: await requestBody(req) };
  res.writeHead(200, { 'content-type': 'application/json', 'set-cookie': 'sid=secret' }).end(JSON.stringify(reply));
};

beforeAll(async () => {
  elsewhere = await startHttpServer((req, res) => void echo(req, res));
  const routes: Record<string, (req: IncomingMessage, res: ServerResponse) => void> = {
    '/echo': (req, res) => void echo(req, res),
    '/busy': (_req, res) => res.writeHead(503, { 'retry-after': '7' }).end('busy'),
    '/later': (_req, res) => res.writeHead(429, { 'retry-after': 'Fri, 02 Jan 2026 03:04:15 GMT' }).end(),
    '/gone': (_req, res) => res.writeHead(404, { 'retry-after': '7' }).end('no such thing'),
    '/away': (_req, res) => res.writeHead(307, { location: `${elsewhere.url}/echo` }).end(),
    '/home': (_req, res) => res.writeHead(302, { location: '/echo' }).end(),
    '/loop': (_req, res) => res.writeHead(302, { location: '/loop' }).end(),
    '/inside': (_req, res) => res.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
    '/big': (_req, res) => res.end('x'.repeat(100_000)),
    '/silent': () => started?.(),
  };
  server = await startHttpServer((req, res) => routes[(req.url ?? '').split('?')[0] ?? '']?.(req, res));
});
afterAll(async () => {
  await server.close();
  await elsewhere.close();
});

const allowAddresses = ['127.0.0.1'];
const send = (path: string, args = {}, context = {}) =>
  tool.run('request', { url: server.url + path, ...args }, testCall({ allowAddresses, ...context }).context);

test(verifies('TOOL-02', 'method, headers, query, body and auth arrive; the answer comes back as data'), async () => {
  const result = await send('/echo', {
    method: 'POST',
    headers: { 'X-Count': 3 },
    query: { a: 'b c' },
    body: { ref: 'main' },
    auth: { bearer: 'token' },
  });
  expect(result).toMatchObject({
    ok: true,
    isolation: 'none',
    output: {
      status: 200,
      bodyEncoding: 'json',
      truncated: false,
      url: `${server.url}/echo?a=b+c`,
      body: {
        method: 'POST',
        url: '/echo?a=b+c',
        body: '{"ref":"main"}',
        headers: {
          'x-count': '3',
          authorization: 'Bearer token',
          'idempotency-key': 'run:step:-1:0',
          'content-type': 'application/json',
        },
      },
    },
  });
  expect((result.output as { headers: object }).headers).not.toHaveProperty('set-cookie');
});

test(
  verifies('TOOL-02', 'private addresses are refused unless the target allows them, in redirects, too'),
  async () => {
    for (const url of [
      server.url,
      `http://localhost:${server.port}`,
      `http://[::ffff:127.0.0.1]:${server.port}`,
      `http://2130706433:${server.port}`,
    ]) {
      const result = await tool.run('request', { url }, testCall().context);
      expect(result).toMatchObject({ ok: false, output: null, error: { code: 'ADDRESS_REFUSED', retryable: false } });
    }
    expect(await send('/inside')).toMatchObject({ ok: false, error: { code: 'ADDRESS_REFUSED', retryable: false } });
    expect(
      await tool.run(
        'request',
        { url: `http://localhost:${server.port}/echo` },
        testCall({ allowAddresses: [`localhost:${server.port}`] }).context,
      ),
    ).toMatchObject({ ok: true });
  },
);

test(verifies('TOOL-02', 'redirects are bounded; credentials do not follow to another origin'), async () => {
  expect(await send('/loop')).toMatchObject({ ok: false, error: { code: 'STEP_FAILED', retryable: false } });
  expect(await send('/home', { method: 'POST', body: 'x', auth: { bearer: 't' } })).toMatchObject({
    output: { body: { method: 'GET', body: '', headers: { authorization: 'Bearer t' } } },
  });
  const away = await send('/away', {
    method: 'POST',
    body: 'x',
    auth: { basic: { username: 'u', password: 'p' } },
    headers: { cookie: 'a=b', 'x-api-key': 'k' },
  });
  expect(away).toMatchObject({
    ok: true,
    output: { url: `${elsewhere.url}/echo`, body: { method: 'POST', body: 'x' } },
  });
  const { headers } = (away.output as { body: { headers: object } }).body;
  for (const name of ['authorization', 'cookie', 'x-api-key']) expect(headers).not.toHaveProperty(name);
});

test('5xx, 408 and 429 may be retried after what the server asks for; other statuses may not', async () => {
  expect(await send('/busy')).toMatchObject({
    ok: false,
    retryAfterMs: 7000,
    error: { code: 'HTTP_STATUS', retryable: true },
    output: { status: 503, body: 'busy' },
  });
  expect(await send('/later')).toMatchObject({ ok: false, retryAfterMs: 10_000, error: { retryable: true } });
  const gone = await send('/gone');
  expect(gone).toMatchObject({ ok: false, error: { code: 'HTTP_STATUS', retryable: false } });
  expect(gone).not.toHaveProperty('retryAfterMs');
  expect(await send('/gone', { expectStatus: [404, 410] })).toMatchObject({ ok: true, output: { status: 404 } });
});

test('a body is cut at maxBytes and says so', async () => {
  expect(await send('/big', { maxBytes: 10 })).toMatchObject({
    ok: true,
    output: { body: 'xxxxxxxxxx', truncated: true },
  });
});

test('a server that never answers ends by the time limit, and by a cancel with its own reason', async () => {
  expect(await send('/silent', { timeoutMs: 50 })).toMatchObject({
    ok: false,
    error: { code: 'STEP_TIMEOUT', retryable: true },
  });
  expect(await send('/silent', {}, { timeoutMs: 50 })).toMatchObject({ ok: false, error: { code: 'STEP_TIMEOUT' } });
  const abort = new AbortController();
  started = () => abort.abort(new OpsroomError('NOT_ALLOWED_NOW', { what: 'cancelled' }));
  expect(await send('/silent', {}, { signal: abort.signal })).toMatchObject({
    ok: false,
    error: { code: 'NOT_ALLOWED_NOW', message: 'cancelled', retryable: false },
  });
});

test('nobody listening is retryable; wrong arguments are not, and are named without their values', async () => {
  const closed = await startHttpServer(() => {});
  await closed.close();
  expect(await tool.run('request', { url: closed.url }, testCall({ allowAddresses }).context)).toMatchObject({
    ok: false,
    error: { code: 'UNREACHABLE', retryable: true },
  });
  const wrong = await send('/echo', { method: 'BREW', headers: { host: 'secret-host' } });
  expect(wrong).toMatchObject({
    ok: false,
    error: { code: 'ARGUMENT_INVALID', retryable: false, message: expect.stringContaining('method') },
  });
  expect(JSON.stringify(wrong)).not.toContain('secret-host');
});

test('reading is told from changing by the method', () => {
  expect(tool.contract.isReadOnly('request', {})).toBe(true);
  expect(tool.contract.isReadOnly('request', { method: 'head' })).toBe(true);
  expect(tool.contract.isReadOnly('request', { method: 'POST' })).toBe(false);
});
