import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApi, testApi } from '../harness/api.js';

const LIMIT = 120_000;
let api: TestApi;
beforeAll(async () => {
  api = await testApi();
}, LIMIT);
afterAll(() => api.close());

const runbook = (blocks: number) => ({
  text: `# R\n\n${'```sh\necho hi > file\n```\n\n'.repeat(blocks)}`,
  file: 'ops.md',
});

test('others are answered while a large runbook compiles', { timeout: LIMIT }, async () => {
  const end = new AbortController();
  const compiled = api.ask('POST', '/v1/plans/compile', { body: { plan: runbook(5000) } }).finally(() => end.abort());
  let answered = 0;
  while (!end.signal.aborted) {
    expect((await api.ask('GET', '/v1/runs?limit=1')).status).toBe(200);
    answered += 1;
  }
  expect((await compiled).body()['steps']).toHaveLength(5000);
  // Of those that came before it had begun there are one or two.
  expect(answered).toBeGreaterThan(5);
});

const tasks = (count: number, more: string) =>
  Array.from({ length: count }, (_, at) => `- [ ] T${String(at).padStart(6, '0')} Do it${more}\n`).join('');

test.each([
  ['a runbook of 300,000 blocks', { plan: runbook(300_000) }, 'more than 20,000 code blocks'],
  ['a list of 120,000 tasks', { plan: { bundle: [{ path: 'tasks.md', text: tasks(120_000, '') }] } }, '20,000'],
  [
    '3,000 tasks with 200 dependencies each',
    { plan: { bundle: [{ path: 'tasks.md', text: tasks(3000, ' (depends on T000000-T000199)') }] } },
    '200,000 dependencies',
  ],
  [
    'a value of 90,000 steps',
    { plan: { value: { steps: Array.from({ length: 90_000 }, () => ({})) } } },
    '20,000 steps',
  ],
])('what no plan can hold is refused by its number: %s', { timeout: LIMIT }, async (_, body, words) => {
  const answer = await api.ask('POST', '/v1/plans/compile', { body });
  expect(answer.status).toBe(413);
  expect(answer.body()).toMatchObject({ code: 'PLAN_TOO_LARGE', what: expect.stringContaining(words) });
});
