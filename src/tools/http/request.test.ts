import { expect, test } from 'vitest';
import { httpArgsSchema } from './args.js';
import { buildRequest } from './request.js';

const build = (args: unknown) => buildRequest(httpArgsSchema.parse(args), 'run:step:-1:0');

test('a method that changes something carries the idempotency key, unless the plan sets its own', () => {
  expect(build({ url: 'http://a.example/' }).headers).not.toHaveProperty('idempotency-key');
  expect(build({ url: 'http://a.example/', method: 'post' })).toMatchObject({
    method: 'POST',
    headers: { 'idempotency-key': 'run:step:-1:0' },
  });
  expect(
    build({ url: 'http://a.example/', method: 'PUT', headers: { 'Idempotency-Key': 'own' } }).headers[
      'idempotency-key'
    ],
  ).toBe('own');
});

test('bodies', () => {
  const url = 'http://a.example/';
  expect(build({ url, method: 'POST', body: { a: 1 } })).toMatchObject({
    body: '{"a":1}',
    headers: { 'content-type': 'application/json' },
  });
  expect(build({ url, method: 'POST', body: 'hi' })).toMatchObject({
    body: 'hi',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  });
  expect(build({ url, method: 'POST', body: 'hi', bodyType: 'json' })).toMatchObject({ body: '"hi"' });
  expect(build({ url, method: 'POST', body: { a: '1&2', b: null, c: 3 }, bodyType: 'form' })).toMatchObject({
    body: 'a=1%262&b=&c=3',
  });
  expect(build({ url, method: 'POST', body: 'hi', headers: { 'Content-Type': 'text/csv' } })).toMatchObject({
    headers: { 'content-type': 'text/csv' },
  });
  expect(build({ url, method: 'POST' })).not.toHaveProperty('body');
});

test('the query is appended without touching the rest of the url', () => {
  expect(build({ url: 'http://0x7f.1/a?b=1#c', query: { d: [1, 'x y'], e: null, f: '&' } }).url).toBe(
    'http://0x7f.1/a?b=1&d=1&d=x+y&f=%26',
  );
});

test('auth', () => {
  const url = 'http://a.example/';
  expect(build({ url, auth: { bearer: 't' } }).headers['authorization']).toBe('Bearer t');
  expect(build({ url, auth: { basic: { username: 'ü', password: 'a:b' } } }).headers['authorization']).toBe(
    `Basic ${Buffer.from('ü:a:b').toString('base64')}`,
  );
});

test.each([
  { headers: { Host: 'b.example' } },
  { headers: { 'Content-Length': '1' } },
  { headers: { 'bad name': 'x' } },
  { method: 'CONNECT' },
  { auth: { bearer: 't' }, headers: { AUTHORIZATION: 'x' } },
  { body: [1], bodyType: 'form' },
  { body: { a: { b: 1 } }, bodyType: 'form' },
  { maxRedirects: -1 },
  { expectStatus: 99 },
  { unknown: true },
])('%j is refused', (args) => {
  expect(httpArgsSchema.safeParse({ url: 'http://a.example/', ...args }).success).toBe(false);
});
