import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApi, testApi } from '../harness/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api?.close());

test('an address that sends no key which opens the room is told to wait, and whoever was let in before is not held up', async () => {
  expect((await api.ask('GET', '/v1/runs')).status).toBe(200);
  const stranger = () => api.ask('GET', '/v1/runs', { headers: { 'x-api-key': `opsr_${'A'.repeat(43)}` } });
  const answers = await Promise.all(Array.from({ length: 100 }, stranger));
  const late = answers.filter(({ status }) => status === 429);
  expect(late.length).toBeGreaterThan(0);
  expect(late[0]?.body()).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  expect(Number(late[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 429]));
  expect((await api.ask('GET', '/v1/runs')).status).toBe(200);
});
