import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { invoke } from '#operations/invoke.js';
import { createKey } from '#operations/keys/create.js';
import { type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';

let api: TestApi;
let folder: string;
beforeAll(async () => {
  api = await testApi();
  folder = await mkdtemp(join(tmpdir(), 'opsroom-dry-run-'));
}, 60_000);
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

const planThat = (file: string) => ({
  value: {
    apiVersion: 'opsroom/v1',
    title: 'Look first',
    steps: [
      {
        id: 'look',
        tool: 'http',
        args: { url: 'https://ops.example/' },
        preconditions: [{ id: 'p', kind: 'shell', config: { run: 'id > "$FILE"', env: { FILE: file } } }],
      },
    ],
  },
});

it(
  verifies(
    'RUN-10',
    'a dry run tries no check for whom policy does not let run the plan: a check runs programs as a step does',
  ),
  async () => {
    const { key } = await invoke(createKey, { name: 'gpt', agent: 'gpt', scopes: ['run:read', 'run:start'] }, api.room);
    for (const path of ['/v1/plans/dry-run', '/ai/plans/dry-run']) {
      const file = join(folder, path.replaceAll('/', '-'));
      const answer = await api.ask('POST', path, { headers: { 'x-api-key': key }, body: { plan: planThat(file) } });
      expect(answer.status, answer.text).toBe(200);
      expect(answer.body()).toMatchObject({
        steps: [{ preconditions: [{ ok: null, missing: expect.stringMatching(/olicy/) }] }],
      });
      expect(existsSync(file)).toBe(false);
    }
  },
);

it('tries it for who may run the plan', async () => {
  const file = join(folder, 'tried');
  const answer = await api.ask('POST', '/v1/plans/dry-run', { body: { plan: planThat(file) } });
  expect(answer.body(), answer.text).toMatchObject({ steps: [{ preconditions: [{ ok: true }] }] });
  expect(existsSync(file)).toBe(true);
});
