import { expect, test } from 'vitest';
import { answered, isExpected, isRetryableStatus, retryAfterMs } from './answer.js';

const now = new Date('2026-01-02T03:04:05Z');

test.each([
  ['7', 7000],
  [' 0 ', 0],
  ['999999999', 86_400_000],
  ['Fri, 02 Jan 2026 03:04:15 GMT', 10_000],
  ['Fri, 02 Jan 2026 03:04:00 GMT', 0],
  ['-1', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %j is %j ms', (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms);
});

test('what may be retried', () => {
  expect([408, 429, 500, 502, 503, 504, 599].every(isRetryableStatus)).toBe(true);
  expect([200, 301, 400, 401, 403, 404, 409, 422].some(isRetryableStatus)).toBe(false);
});

test('which statuses are expected', () => {
  expect([200, 204, 299].every((status) => isExpected(status, undefined))).toBe(true);
  expect([199, 300, 404].some((status) => isExpected(status, undefined))).toBe(false);
  expect(isExpected(404, 404)).toBe(true);
  expect(isExpected(200, [201, 404])).toBe(false);
});

test('a wait is only handed on for statuses that may be retried', () => {
  const reply = { headers: { 'retry-after': '7' }, body: Buffer.alloc(0), truncated: false, url: 'http://a.example/' };
  expect(answered({ ...reply, status: 503 }, undefined, now)).toMatchObject({
    ok: false,
    retryAfterMs: 7000,
    error: { retryable: true },
  });
  expect(answered({ ...reply, status: 403 }, undefined, now)).not.toHaveProperty('retryAfterMs');
});
