import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonValue } from '#ir/json.js';
import { agentUse } from '#operations/runs/cost-store.js';
import { type TestApi, testApi } from '../harness/api.js';
import { ORG } from '../harness/engine.js';
import { verifies } from '../harness/requirements.js';
import { seedRuns } from '../harness/seed.js';

const DIGEST = 'd'.repeat(64);
const STEP = { id: 's0', title: 'Mend', kind: 'tool', tool: 'agent', args: {}, dependsOn: [] };
let api: TestApi;
let run: string;

beforeAll(async () => {
  api = await testApi();
  const { database } = api.db;
  await seedRuns(database, { runs: 2 });
  const body = { apiVersion: 'opsroom/v1', title: 'Mend it', steps: [STEP] };
  await database.engine.query('insert into opsroom.plans (org_id, digest, body) values ($1, $2, $3)', [
    ORG,
    DIGEST,
    JSON.stringify(body),
  ]);
  const { rows } = await database.engine.query<{ id: string }>(
    `update opsroom.runs set plan_digest = $2 where org_id = $1 and status = 'succeeded' returning id`,
    [ORG, DIGEST],
  );
  run = rows[0]?.id ?? '';
}, 60_000);
afterAll(() => api?.close());

/** One attempt for each of what an agent says that it used. */
async function told(...usages: JsonValue[]) {
  const { engine } = api.db.database;
  await engine.query('delete from opsroom.step_attempts where run_id = $1', [run]);
  for (const [at, usage] of usages.entries())
    await engine.query(
      `insert into opsroom.step_attempts (org_id, run_id, step_id, item, revision, attempt, status, epoch, started_at, ended_at, verdicts, output)
       values ($1, $2, 's0', $3, 0, 1, 'done', 1, clock_timestamp(), clock_timestamp(), '[]', $4)`,
      [ORG, run, at, JSON.stringify({ usage })],
    );
  return agentUse(engine, ORG, [run]);
}

test.each<[string, JsonValue]>([
  ['a word', { costUsd: 'n/a', inputTokens: 'many' }],
  ['a number in quotes', { costUsd: '0.5' }],
  ['an object', { costUsd: {}, outputTokens: [] }],
  ['nothing of the kind', 'free'],
])(verifies('TOOL-07', 'a cost that is %s counts as not told'), async (_, usage) => {
  expect(await told(usage, { costUsd: 0.5, inputTokens: 10, outputTokens: 2 })).toMatchObject([
    { attempts: 2, usd: 0.5, unpriced: 1, inputTokens: 10, outputTokens: 2 },
  ]);
});

test('costs that no sum could hold leave the run to be seen', async () => {
  const [use] = await told({ costUsd: 1e308, inputTokens: 1e308 }, { costUsd: 1e308 }, { costUsd: -1e308 });
  expect(use).toMatchObject({ attempts: 3, usd: 2e9, unpriced: 0, inputTokens: 1e15 });
  expect((await api.ask('GET', `/v1/runs/${run}`)).status).toBe(200);
});
