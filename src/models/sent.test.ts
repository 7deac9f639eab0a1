import { expect, test } from 'vitest';
import { watched } from './sent.js';

const URL = 'https://provider.example/v1';
const failing = (about: object) => Object.assign(new Error('It failed.'), about);

test.each([
  { code: 'EAI_AGAIN' },
  { code: 'EAI_AGAIN', syscall: 'getaddrinfo' },
  { code: 'ENOTFOUND' },
  { code: 'ESERVFAIL', syscall: 'queryA' },
  { code: 'ETIMEOUT' },
  { code: 'ECONNREFUSED', syscall: 'connect' },
  { code: 'CERT_HAS_EXPIRED' },
])('what $code ends was never sent, and is told as it is', async (about) => {
  const error = failing(about);
  const { fetch, reached } = watched(() => Promise.reject(error));
  await expect(fetch(URL)).rejects.toBe(error);
  expect(reached()).toBe(false);
});

test.each([{ code: 'ECONNRESET', syscall: 'read' }, { code: 'UND_ERR_SOCKET' }, { code: 'EPIPE' }])(
  'what $code ends may be sent, and is told as such',
  async (about) => {
    const error = failing(about);
    const { fetch, reached } = watched(() => Promise.reject(error));
    const told = await fetch(URL).catch((reason: unknown) => reason);
    expect(told).toBeInstanceOf(Error);
    expect((told as Error).message).toContain('was cut');
    expect(reached()).toBe(true);
  },
);

test.each([408, 502, 504])('what somebody in between gave up on (%d) may be sent', async (status) => {
  const { fetch, reached } = watched(() => Promise.resolve(new Response('gone', { status })));
  await expect(fetch(URL)).rejects.toThrow(`HTTP ${status}`);
  expect(reached()).toBe(true);
});

test.each([
  [200, true, undefined],
  [401, false, undefined],
  [429, false, 1000],
  [500, true, 1000],
  [501, false, undefined],
  [503, false, 1000],
  [529, false, 1000],
])(
  'an answer %d comes through: sent and maybe paid for is %s, asked again after %s ms',
  async (status, isReached, wait) => {
    const { fetch, reached, againAfterMs } = watched(() => Promise.resolve(new Response('{}', { status })));
    expect((await fetch(URL)).status).toBe(status);
    expect([reached(), againAfterMs()]).toEqual([isReached, wait]);
  },
);

test.each([
  ['0', 0],
  ['2.5', 2500],
  ['21', undefined],
  ['-5', 0],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['Fri, 31 Dec 9999 23:59:59 GMT', undefined],
  ['soon', 1000],
])('Retry-After: %s is a pause of %s ms', async (asked, wait) => {
  const headers = { 'retry-after': asked };
  const { fetch, againAfterMs } = watched(() => Promise.resolve(new Response('{}', { status: 429, headers })));
  await fetch(URL);
  expect(againAfterMs()).toBe(wait);
});
