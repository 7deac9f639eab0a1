import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dashboard } from '#operations/dashboard/read.js';
import { noteMinute, uptimeFigures } from '#operations/dashboard/store.js';
import { type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';
import { seedRuns } from '../harness/seed.js';

let api: TestApi;
let board: Dashboard;
interface Run {
  id: string;
  status: string;
  rollback_cause: string | null;
  created_at: Date;
  not_before: Date | null;
  started_at: Date | null;
  ended_at: Date;
  digest: string;
}
/** Every run that ended within the window, as plain rows: all else is reckoned here. */
let runs: Run[];

beforeAll(async () => {
  api = await testApi();
  await seedRuns(api.db.database, { runs: 1_000, hours: 240 });
  const answer = await api.ask('GET', '/v1/dashboard?window=7d');
  expect(answer.status, answer.text).toBe(200);
  board = answer.body() as unknown as Dashboard;
  runs = (
    await api.db.database.engine.query<Run>(
      'select id, status, rollback_cause, created_at, not_before, started_at, ended_at, plan_digest as digest from opsroom.runs where ended_at is not null',
    )
  ).rows.filter(({ ended_at }) => ended_at >= new Date(board.from) && ended_at < new Date(board.to));
});
afterAll(() => api?.close());

const value = (name: string) => board.figures.find((one) => one.name === name);
const asked = (run: Run) =>
  run.status === 'cancelled' || (run.status === 'rolled_back' && run.rollback_cause !== 'failure');

/** Linear interpolation between the two nearest, as statistics books have it. */
function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * p;
  const [low = 0, high = 0] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place - Math.floor(place));
}

test(verifies('KEEP-08', 'the rate of success is that of an independent count over a thousand seeded runs'), () => {
  const judged = runs.filter((run) => !asked(run));
  const succeeded = judged.filter(({ status }) => status === 'succeeded').length;
  expect(judged.length).toBeGreaterThan(400);
  expect(value('runSuccess')).toMatchObject({
    value: succeeded / judged.length,
    of: judged.length,
    target: { over: 0.9 },
  });
  expect(board.runs).toEqual({
    succeeded,
    failed: judged.filter(({ status }) => status === 'failed').length,
    rolledBack: judged.filter(({ status }) => status === 'rolled_back').length,
    asked: runs.length - judged.length,
  });
});

test(verifies('KEEP-08', 'so are the median and the 95th percentile of the durations'), () => {
  const took = runs.flatMap((run) =>
    asked(run) || !run.started_at ? [] : [run.ended_at.getTime() - run.started_at.getTime()],
  );
  expect(value('runMedianMs')?.value).toBeCloseTo(percentile(took, 0.5), 0);
  expect(value('runP95Ms')?.value).toBeCloseTo(percentile(took, 0.95), 0);
  expect(value('runP95Ms')?.of).toBe(took.length);
});

test(verifies('ROOM-05', 'so is the time in the queue'), () => {
  const waited = runs.flatMap((run) =>
    run.started_at
      ? [run.started_at.getTime() - Math.max(run.created_at.getTime(), run.not_before?.getTime() ?? 0)]
      : [],
  );
  expect(board.queue.runs).toBe(waited.length);
  expect(board.queue.p50Ms).toBeCloseTo(percentile(waited, 0.5), 0);
  expect(board.queue.p95Ms).toBeCloseTo(percentile(waited, 0.95), 0);
});

interface Attempt {
  step: string;
  digest: string;
  run: string;
  status: string;
  code: string | null;
  verdicts: { passed: boolean }[] | null;
  took: number;
}

async function attempts(): Promise<Attempt[]> {
  const { rows } = await api.db.database.engine.query<Attempt>(
    `select step_id as step, run_id as run, status, error ->> 'code' as code, verdicts,
       extract(epoch from ended_at - started_at)::float8 * 1000 as took from opsroom.step_attempts`,
  );
  const known = new Map(runs.map(({ id, digest }) => [id, digest]));
  return rows.flatMap((row) => (known.has(row.run) ? [{ ...row, digest: known.get(row.run) ?? '' }] : []));
}

test(verifies('KEEP-08', 'so is the share of verifiers that pass'), async () => {
  const verdicts = (await attempts()).flatMap((row) => row.verdicts ?? []);
  const passed = verdicts.filter((one) => one.passed).length;
  expect(verdicts.length).toBeGreaterThan(500);
  expect(passed).toBeLessThan(verdicts.length);
  expect(board.verdicts).toEqual({ total: verdicts.length, passed });
  expect(value('verifierPass')?.value).toBe(passed / verdicts.length);
});

test(verifies('ROOM-05', 'so are the calls of each tool, their failures and latencies'), async () => {
  const { rows: plans } = await api.db.database.engine.query<{
    digest: string;
    body: { steps: { id: string; tool: string }[] };
  }>('select digest, body from opsroom.plans');
  const tools = new Map(
    plans.flatMap(({ digest, body }) => body.steps.map(({ id, tool }) => [`${digest} ${id}`, tool])),
  );
  const byTool = new Map<string, Attempt[]>();
  for (const row of await attempts()) {
    const tool = tools.get(`${row.digest} ${row.step}`) ?? '';
    byTool.set(tool, [...(byTool.get(tool) ?? []), row]);
  }
  expect(board.tools.map(({ tool }) => tool).toSorted()).toEqual([...byTool.keys()].toSorted());
  for (const { tool, calls, failed, unavailable, p50Ms, p95Ms } of board.tools) {
    const rows = byTool.get(tool) ?? [];
    expect([calls, failed]).toEqual([rows.length, rows.filter(({ status }) => status === 'failed').length]);
    expect(unavailable).toBe(rows.filter(({ code }) => code === 'UNREACHABLE').length);
    const took = rows.map((row) => row.took);
    expect(p50Ms).toBeCloseTo(percentile(took, 0.5), 0);
    expect(p95Ms).toBeCloseTo(percentile(took, 0.95), 0);
  }
  const all = [...byTool.values()].flat();
  const answered = all.filter(({ code }) => code !== 'UNREACHABLE').length;
  expect(value('toolAvailability')?.value).toBe(answered / all.length);
});

test('the slices of the charts add up to the whole', () => {
  const sum = (member: 'succeeded' | 'failed' | 'rolledBack' | 'asked') =>
    board.slices.reduce((total, slice) => total + slice[member], 0);
  expect(board.slices).toHaveLength(28);
  expect({
    succeeded: sum('succeeded'),
    failed: sum('failed'),
    rolledBack: sum('rolledBack'),
    asked: sum('asked'),
  }).toEqual(board.runs);
});

test('an empty room has no numbers, only how many would be enough', async () => {
  const empty = await testApi();
  const answer = (await empty.ask('GET', '/v1/dashboard?window=24h')).body() as unknown as Dashboard;
  await empty.close();
  expect(answer.figures.map((one) => one.value)).toEqual([null, null, null, null, null, null]);
  expect(answer.slices).toHaveLength(24);
});

test(
  verifies('KEEP-08', 'uptime counts minutes that nobody looked as down, and stops on purpose neither way'),
  async () => {
    const { engine } = api.db.database;
    const minutes = async (states: Record<number, string>) => {
      await engine.query('delete from opsroom.room_minutes');
      for (const [minute, state] of Object.entries(states))
        await engine.query(
          'insert into opsroom.room_minutes values ($1::timestamptz + make_interval(mins => $2), $3)',
          ['2026-11-20T00:00:00Z', Number(minute), state],
        );
      const span = { from: new Date('2026-11-20T00:00:00Z'), to: new Date('2026-11-20T00:10:00Z'), slices: 1 };
      return uptimeFigures(engine, span);
    };
    expect(await minutes({})).toEqual({ up: 0, down: 0, stopped: 0 });
    expect(await minutes({ 5: 'ready', 6: 'ready', 7: 'ready', 8: 'ready', 9: 'ready' })).toMatchObject({
      up: 5,
      down: 0,
    });
    expect(await minutes({ 0: 'ready', 1: 'not ready', 2: 'ready', 6: 'ready' })).toEqual({
      up: 3,
      down: 1 + 3 + 3,
      stopped: 0,
    });
    expect(await minutes({ 0: 'ready', 1: 'stopped', 6: 'ready', 7: 'stopped' })).toEqual({
      up: 2,
      down: 0,
      stopped: 5 + 3,
    });
  },
);

test('of several looks in a minute one that was ready counts, unless the room was stopped then', async () => {
  const { engine } = api.db.database;
  await engine.query('delete from opsroom.room_minutes');
  const state = async () =>
    (await engine.query('select state from opsroom.room_minutes order by minute desc limit 1')).rows[0];
  await noteMinute(engine, 'not ready', 'no worker');
  await noteMinute(engine, 'ready', null);
  await noteMinute(engine, 'not ready', 'no worker');
  expect(await state()).toEqual({ state: 'ready' });
  await noteMinute(engine, 'stopped', null);
  expect(await state()).toEqual({ state: 'stopped' });
});
