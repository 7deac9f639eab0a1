import { expect, test } from 'vitest';
import { nextHop } from './redirect.js';

const post = {
  method: 'POST',
  url: 'https://a.example/x',
  headers: {
    authorization: 'Bearer s',
    'x-api-key': 'k',
    'idempotency-key': 'i',
    'content-type': 'text/plain',
    accept: '*/*',
  },
  body: 'hello',
};

test.each([301, 302, 303])('%i turns POST into GET without the body', (status) => {
  const next = nextHop(post, status, '/y');
  expect(next).toMatchObject({ method: 'GET', url: 'https://a.example/y' });
  expect(next).not.toHaveProperty('body');
  expect(next?.headers).not.toHaveProperty('content-type');
  expect(next?.headers).toHaveProperty('authorization');
});

test.each([307, 308])('%i repeats method and body', (status) => {
  expect(nextHop(post, status, 'y')).toMatchObject({ method: 'POST', url: 'https://a.example/y', body: 'hello' });
});

test('301 and 302 keep methods other than POST; 303 keeps HEAD', () => {
  expect(nextHop({ ...post, method: 'PUT' }, 302, '/y')?.method).toBe('PUT');
  expect(nextHop({ ...post, method: 'PUT' }, 303, '/y')?.method).toBe('GET');
  expect(nextHop({ ...post, method: 'HEAD' }, 303, '/y')?.method).toBe('HEAD');
});

test.each(['https://b.example/', '//b.example/', 'https://a.example:444/'])(
  'credentials do not follow to %s',
  (location) => {
    expect(Object.keys(nextHop(post, 307, location)?.headers ?? {}).sort()).toEqual([
      'accept',
      'content-type',
      'idempotency-key',
    ]);
  },
);

test('other statuses, and redirects to nowhere, are no redirects', () => {
  expect(nextHop(post, 200, '/y')).toBeUndefined();
  expect(nextHop(post, 304, '/y')).toBeUndefined();
  expect(nextHop(post, 302, undefined)).toBeUndefined();
});

test('an absolute location keeps its spelling, so that odd hosts are still refused', () => {
  expect(nextHop(post, 302, 'https://2130706433/')?.url).toBe('https://2130706433/');
  expect(nextHop(post, 302, '//0x7f.1/')?.url).toBe('https://0x7f.1/');
});

test('a redirect from https to http is refused', () => {
  expect(() => nextHop(post, 302, 'http://a.example/')).toThrow(expect.objectContaining({ code: 'ADDRESS_REFUSED' }));
});
