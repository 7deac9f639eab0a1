import { expect, test } from 'vitest';
import { OpsroomError } from '#kit/errors.js';
import type { Logger } from '#observe/log.js';
import { EventHub } from '#operations/events/hub.js';
import type { People } from '#operations/people/people.js';
import type { Readiness } from '#operations/readiness.js';
import type { Room } from '#operations/room.js';
import { createApp } from './app.js';
import { isLoopback } from './serve.js';

const quiet = (): void => undefined;
const log: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet, child: () => log };
const NOT_READY: Readiness = {
  ready: false,
  reason: 'It is away.',
  database: 'unreachable',
  worker: 'unknown',
  policies: 'unknown',
};

const hub = new EventHub({} as Room); // nobody gets as far
const people = {} as People;
const enter = () => Promise.reject(new OpsroomError('UNAUTHENTICATED'));

const app = (ready: () => Promise<Readiness>, loopback = true, publicUrl?: string) =>
  createApp({ version: '1.2.3', log, ready, loopback, enter, hub, people, receive: enter, publicUrl });
const ask = (path: string, host = 'localhost:4310', init: RequestInit = {}) =>
  app(() => Promise.resolve(NOT_READY)).request(path, { ...init, headers: { host } });

test('what is not ready answers 503 with the reason, and lives all the same', async () => {
  const ready = await ask('/readyz');
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual(NOT_READY);
  expect((await ask('/healthz')).status).toBe(200);
});

test('an address that is not there says where those are that are', async () => {
  const answer = await ask('/nothing');
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ code: 'NOT_FOUND', mend: expect.stringContaining('/v1/openapi.json') });
});

test.each([
  ['localhost', 200],
  ['127.0.0.1:4310', 200],
  ['127.8.9.1', 200],
  ['[::1]:4310', 200],
  ['localhost.evil.example', 403],
  ['evil.example:4310', 403],
  ['', 403],
])('a loopback server asked as "%s" answers %d', async (host, status) => {
  expect((await ask('/healthz', host)).status).toBe(status);
});

test.each([
  ['http://localhost:4310', 200],
  ['http://LOCALHOST:4310', 200],
  ['http://localhost:3000', 403],
  ['https://evil.example', 403],
  ['http://localhost:4310@evil.example', 403],
  ['null', 403],
])('a loopback server asked by a page of %s answers %d', async (origin, status) => {
  const answer = await app(() => Promise.resolve(NOT_READY)).request('/healthz', {
    headers: { host: 'localhost:4310', origin },
  });
  expect(answer.status).toBe(status);
});

test.each([
  ['ops.example', 'https://ops.example', 200],
  ['127.0.0.1:4310', 'https://ops.example', 200],
  ['127.0.0.1:4310', 'http://ops.example', 403],
  ['evil.example', 'https://ops.example', 403],
])('behind a proxy at https://ops.example, %s asked by a page of %s answers %d', async (host, origin, status) => {
  const behind = app(() => Promise.resolve(NOT_READY), true, 'https://ops.example');
  const answer = await behind.request('/healthz', { headers: { host, origin } });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000');
});

test.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['localhost', true],
  ['127.0.0.1.evil.example', false],
  ['127.evil.example', false],
  ['0.0.0.0', false],
])('listening on %s is reached from this machine only: %s', (host, only) => {
  expect(isLoopback(host)).toBe(only);
});

test('an address that is only read refuses other methods, and names its own', async () => {
  const answer = await ask('/healthz', 'localhost', { method: 'POST' });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  expect(await answer.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED', status: 405 });
});

test('a server that is open to the network answers to any name', async () => {
  const open = app(() => Promise.resolve(NOT_READY), false);
  expect((await open.request('/healthz', { headers: { host: 'room.example' } })).status).toBe(200);
});

test('a body that is too large is refused', async () => {
  const answer = await ask('/healthz', 'localhost', { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) });
  expect(answer.status).toBe(413);
});

test('an unexpected error shows nothing of itself', async () => {
  const failing = app(() => Promise.reject(new Error('password hunter2')));
  const answer = await failing.request('/readyz', { headers: { host: 'localhost' } });
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('hunter2');
});

test.each(['/v1/runs', '/v1/nothing', '/v1'])(
  'without a credential %s is closed, whether it exists or not',
  async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toMatchObject({ code: 'UNAUTHENTICATED', status: 401, mend: expect.any(String) });
  },
);
