import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { OpsroomError } from '#kit/errors.js';
import { type FetchRequest, guardedFetch } from './fetch.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function ask(url: string, rest: Partial<FetchRequest> = {}): FetchRequest {
  const fixed = { method: 'GET', headers: {}, signal: new AbortController().signal };
  return { url, ...fixed, allowAddresses: ['127.0.0.1'], maxRedirects: 5, maxBytes: 10_000, ...rest };
}

const refused = expect.objectContaining({ code: 'ADDRESS_REFUSED' });

test('a private address is refused before anything is sent, unless allowed', async () => {
  const seen: IncomingMessage[] = [];
  const url = await serve((req, res) => {
    seen.push(req);
    res.end('hello');
  });
  await expect(guardedFetch(ask(url, { allowAddresses: [] }))).rejects.toEqual(refused);
  expect(seen).toHaveLength(0);
  expect((await guardedFetch(ask(url))).body.toString()).toBe('hello');
});

test('a name that resolves to a private address is refused, and DNS is asked once', async () => {
  const url = new URL(await serve((_req, res) => res.end('secret')));
  const answers = [['127.0.0.1'], ['127.0.0.1']];
  let asked = 0;
  const resolve = async () => answers[asked++] ?? [];
  await expect(
    guardedFetch(ask(`http://rebind.example:${url.port}/`, { allowAddresses: [], resolve })),
  ).rejects.toEqual(refused);
  expect(asked).toBe(1);
});

const twoFaced = async () => ['169.254.169.254', '127.0.0.1'];

test('of several addresses only the allowed ones are connected to: a rebinding answer is never dialled', async () => {
  const url = new URL(await serve((req, res) => res.end(req.socket.localAddress)));
  const reply = await guardedFetch(ask(`http://rebind.example:${url.port}/`, { resolve: twoFaced }));
  expect(reply.body.toString()).toBe('127.0.0.1');
});

test.each([
  'http://169.254.169.254/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://[::ffff:7f00:1]/',
  '//0.0.0.0/',
  'file:///etc/passwd',
])('a redirect to %s is refused', async (location) => {
  const url = await serve((_req, res) => res.writeHead(302, { location }).end());
  await expect(guardedFetch(ask(url))).rejects.toEqual(refused);
});

test('redirects are followed up to the limit', async () => {
  const url = await serve((req, res) => {
    const left = Number(req.url?.slice(1));
    if (left > 0) res.writeHead(302, { location: `/${left - 1}` });
    res.end(`at ${left}`);
  });
  expect(await guardedFetch(ask(`${url}/5`))).toMatchObject({ status: 200, url: `${url}/0` });
  await expect(guardedFetch(ask(`${url}/6`))).rejects.toMatchObject({ code: 'STEP_FAILED' });
  expect((await guardedFetch(ask(`${url}/1`, { maxRedirects: 0 }))).status).toBe(302);
});

test('a decompression bomb stops at the limit', async () => {
  const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
  const url = await serve((_req, res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
  const reply = await guardedFetch(ask(url));
  expect(reply.truncated).toBe(true);
  expect(reply.body).toHaveLength(10_000);
});

test('an endless body stops at the limit', async () => {
  const url = await serve((_req, res) => {
    const more = () => {
      while (res.write('x'.repeat(1000)));
      res.once('drain', more);
    };
    more();
  });
  expect((await guardedFetch(ask(url))).body).toHaveLength(10_000);
});

test('set-cookie is dropped, other repeated headers are joined', async () => {
  const url = await serve((_req, res) =>
    res
      .writeHead(
        200,
        [
          ['set-cookie', 'sid=1'],
          ['x-a', '1'],
          ['x-a', '2'],
        ].flat(),
      )
      .end(),
  );
  const { headers } = await guardedFetch(ask(url));
  expect(headers).toMatchObject({ 'x-a': '1, 2' });
  expect(headers).not.toHaveProperty('set-cookie');
});

test('an abort ends the wait with its own reason, while connecting and while reading', async () => {
  const abort = new AbortController();
  const url = await serve((_req, res) => {
    res.write('start');
    abort.abort(new OpsroomError('NOT_ALLOWED_NOW', { what: 'cancelled' }));
  });
  await expect(guardedFetch(ask(url, { signal: abort.signal }))).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });
  await expect(guardedFetch(ask(url, { signal: abort.signal }))).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });
});

test('a header that HTTP cannot carry is an argument error; a closed port is the socket error', async () => {
  const url = await serve((_req, res) => res.end());
  await expect(guardedFetch(ask(url, { headers: { 'x-a': 'a\r\nb: c' } }))).rejects.toMatchObject({
    code: 'ARGUMENT_INVALID',
  });
  servers.splice(0).forEach((server) => server.close());
  await expect(guardedFetch(ask(url))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a server that closes in the middle of the body is an error, not a short body', async () => {
  const url = await serve((_req, res) => {
    res.writeHead(200, { 'content-length': '100' });
    res.write('part', () => res.socket?.destroy());
  });
  await expect(guardedFetch(ask(url))).rejects.toThrow();
});
