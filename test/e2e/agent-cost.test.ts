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
  const body = { apiVersion: 'opsroom/v1', title: 'Mend it', steps: [STEP, { ...STEP, id: 'each', forEach: [1] }] };
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

/** One attempt for each of what an agent says that it used, or for each output. */
const told = (...usages: JsonValue[]) => recorded('done', ...usages.map((usage) => ({ usage })));

async function recorded(status: string, ...outputs: (JsonValue | null)[]) {
  const { engine } = api.db.database;
  await engine.query('delete from opsroom.step_attempts where run_id = $1', [run]);
  for (const [item, output] of outputs.entries()) await attempted({ step: 's0', item, status, output });
  return agentUse(engine, ORG, [run]);
}

interface Attempted {
  readonly step: string;
  readonly item: number;
  readonly status: string;
  readonly output: JsonValue | null;
}

async function attempted({ step, item, status, output }: Attempted) {
  await api.db.database.engine.query(
    `insert into opsroom.step_attempts (org_id, run_id, step_id, item, revision, attempt, status, epoch, started_at, ended_at, verdicts, output)
     values ($1, $2, $3, $4, 0, 1, $5, 1, clock_timestamp(), clock_timestamp(), '[]', $6)`,
    [ORG, run, step, item, status, output === null ? null : JSON.stringify(output)],
  );
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

test(
  verifies('TOOL-07', 'what the outputs of a step leave out, or was cut short, is unknown and not nothing'),
  async () => {
    expect(await recorded('done', { head: 'f00' })).toMatchObject([{ attempts: 1, usd: 0, unpriced: 1 }]);
    expect(await recorded('unknown', null)).toMatchObject([{ attempts: 1, usd: 0, unpriced: 1 }]);
    // It did not come so far as to start its agent.
    expect(await recorded('failed', null)).toEqual([]);
    expect(await recorded('skipped', null)).toEqual([]);
  },
);

test('the record that sums up the items of a forEach is no attempt of its own', async () => {
  await recorded('done');
  await attempted({ step: 'each', item: 0, status: 'done', output: { usage: { costUsd: 0.5 } } });
  await attempted({ step: 'each', item: -1, status: 'done', output: [{}] });
  expect(await agentUse(api.db.database.engine, ORG, [run])).toMatchObject([
    { step: 'each', attempts: 1, unpriced: 0 },
  ]);
});
