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
  'what $code ends may be sent, and is no network error to the library',
  async (about) => {
    const error = failing(about);
    const { fetch, reached } = watched(() => Promise.reject(error));
    const told = await fetch(URL).catch((reason: unknown) => reason);
    expect(told).toBeInstanceOf(Error);
    expect((told as Error).message).toContain('was cut');
    expect((told as Error).cause).toBeUndefined();
    expect(reached()).toBe(true);
  },
);

test.each([408, 502, 504])('what somebody in between gave up on (%d) may be sent', async (status) => {
  const { fetch, reached } = watched(() => Promise.resolve(new Response('gone', { status })));
  await expect(fetch(URL)).rejects.toThrow(`HTTP ${status}`);
  expect(reached()).toBe(true);
});

test.each([
  [200, true],
  [401, false],
  [429, false],
  [503, false],
])('an answer %d comes through: sent and paid for is %s', async (status, isReached) => {
  const { fetch, reached } = watched(() => Promise.resolve(new Response('{}', { status })));
  expect((await fetch(URL)).status).toBe(status);
  expect(reached()).toBe(isReached);
});
