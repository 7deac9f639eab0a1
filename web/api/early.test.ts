import { afterEach, expect, test } from 'vitest';
import { takeEarly } from './early.js';

const asked = { sentMs: 1, answer: Promise.resolve(new Response('{}')) };
const get = (path: string, method = 'GET') => ({ method, url: `http://room.example${path}` });

afterEach(() => {
  globalThis.opsroomEarly = undefined;
});

test('an early answer is taken once, and only by who reads the same address', () => {
  globalThis.opsroomEarly = new Map([['/v1/runs/ab', asked]]);
  expect(takeEarly(get('/v1/runs/ab', 'POST'))).toBeUndefined();
  expect(takeEarly(get('/v1/runs/ab?from=2'))).toBeUndefined();
  expect(takeEarly(get('/v1/runs/ab'))).toBe(asked);
  expect(takeEarly(get('/v1/runs/ab'))).toBeUndefined();
});

test('where nothing was asked early there is nothing to take', () => {
  expect(takeEarly(get('/v1/runs/ab'))).toBeUndefined();
});
