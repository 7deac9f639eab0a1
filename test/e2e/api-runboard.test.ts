import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Worker } from '#execute/worker.js';
import type { Runboard } from '#operations/runboard/shape.js';
import { type TestApi, testApi } from '../harness/api.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

let api: TestApi;
let worker: Worker | undefined;
let transactions = 0;
const counted = (): void => {
  transactions += 1;
};

beforeAll(async () => {
  api = await testApi({ counted });
});
afterAll(async () => {
  await worker?.drain(1000);
  await api?.close();
}, 60_000);

const board = async (minutes = 60) => (await api.ask('GET', `/v1/runboard?minutes=${minutes}`)).body() as Runboard;

/** The board once it is as `is` says; it is at most a fifth of a second behind. */
async function boardWhen(is: (seen: Runboard) => boolean): Promise<Runboard> {
  let seen = await board();
  await eventually(async () => is((seen = await board())));
  return seen;
}

async function start(title: string, lane: string, steps: readonly object[], more: object = {}): Promise<string> {
  const plan = {
    value: { apiVersion: 'opsroom/v1', title, target: { app: 'shop', environment: 'staging' }, steps, ...more },
  };
  const answer = await api.ask('POST', '/v1/runs', { body: { plan, lane } });
  return (answer.body() as { runId: string }).runId;
}

/** A step that lasts until the test writes the file of that name. */
const until = (name: string) => ({
  id: 'hold',
  title: 'Hold on',
  tool: 'shell',
  args: { run: `until [ -e ${join(api.room.home, name)} ]; do sleep 0.05; done` },
});
const proven = {
  id: 'make',
  tool: 'shell',
  args: { run: 'touch made' },
  verifiers: [{ id: 'there', kind: 'file', config: { path: 'made' } }],
};
const manual = {
  id: 'look',
  title: 'Look at the shop',
  kind: 'system',
  action: 'manual',
  args: { instructions: 'Compare two pictures.' },
};
const widen = (lane: string, width: number) =>
  api.db.database.engine.query('update opsroom.lanes set width = $2 where lane = $1', [lane, width]);

describe('the Runboard', () => {
  test('of an empty room has four lanes, and nothing waits', async () => {
    const seen = await board();
    expect(seen.lanes.map(({ lane, inUse, depth }) => [lane, inUse, depth])).toEqual([
      ['A', 0, 0],
      ['B', 0, 0],
      ['C', 0, 0],
      ['D', 0, 0],
    ]);
    expect(seen).toMatchObject({ runs: [], causes: [], needsYou: [], workers: [], events: [] });
  });

  test(verifies('ROOM-01', 'without a worker it says so, and not that a lane is full'), async () => {
    await widen('A', 1);
    const first = await start('First', 'A', [proven]);
    await start('Second', 'A', [proven]);
    const seen = await boardWhen(({ runs }) => runs.length === 2);
    expect(seen.causes).toMatchObject([{ code: 'NO_WORKER', title: 'No worker on here', runs: 1, host: 'here' }]);
    expect(seen.runs.map(({ runId, status, place }) => [runId === first, status, place])).toEqual([
      [true, 'released', null],
      [false, 'queued', 1],
    ]);
  });

  test(
    verifies('ROOM-01', 'lanes, places in line, what is at work with its steps, and what will end the wait'),
    async () => {
      await widen('B', 1);
      worker = await api.open.startWorker('all');
      const running = await start('Holds the place', 'B', [proven, { ...until('go'), dependsOn: ['make'] }]);
      await boardWhen(({ runs }) => runs.some((run) => run.runId === running && run.steps.length === 2));
      await start('Waits', 'B', [proven]);
      const last = await start('Waits behind it', 'B', [proven]);
      const seen = await boardWhen(({ runs, tally }) => runs.some((run) => run.runId === last) && tally.ended === 2);

      expect(seen.lanes[1]).toMatchObject({
        lane: 'B',
        width: 1,
        inUse: 1,
        depth: 2,
        oldestWaitSince: expect.any(String),
      });
      expect(seen.tally).toMatchObject({ queued: 2, running: 1, ended: 2 });
      expect(seen.causes).toMatchObject([
        { code: 'LANE_FULL', title: 'Lane B is full', what: '2 runs wait.', lane: 'B' },
      ]);
      const [held, second, third] = seen.runs.filter(({ lane }) => lane === 'B');
      expect(held).toMatchObject({
        title: 'Holds the place',
        target: 'shop/staging',
        progress: { done: 1, total: 2 },
        steps: [
          { id: 'make', status: 'done', word: 'proven', endedAt: expect.any(String) },
          { id: 'hold', status: 'running', word: null, endedAt: null },
        ],
      });
      expect([second, third]).toMatchObject([
        { place: 1, waiting: { code: 'LANE_FULL', what: 'Lane B is full: 1 of 1.' } },
        { place: 2, waiting: { code: 'LANE_FULL' } },
      ]);
      expect(seen.workers).toMatchObject([{ host: 'here', state: 'beating', slots: { inUse: 1, of: 16 } }]);
      expect(seen.events.map(({ type }) => type)).toContain('step.done');
      expect(seen.events.map(({ type }) => type)).not.toContain('step.started');
      await writeFile(join(api.room.home, 'go'), '');
      const over = await boardWhen(({ tally }) => tally.ended === 5);
      expect(over.causes).toEqual([]);
      expect(over.runs.filter(({ lane }) => lane === 'B').map(({ word }) => word)).toEqual([
        'exit code only',
        'proven',
        'proven',
      ]);
    },
  );

  test(verifies('RUN-17', 'when a run should end, as earlier ones did'), async () => {
    const steps = [until('gate')];
    await writeFile(join(api.room.home, 'gate'), '');
    for (let n = 0; n < 3; n++) await start('Again', 'D', steps);
    // Not by the board: looked at in between, it would keep what it knows of earlier runs for a minute.
    const ended = async () =>
      ((await api.ask('GET', '/v1/runs?text=Again&status=succeeded')).body()['runs'] as object[]).length;
    await eventually(async () => (await ended()) === 3);
    await rm(join(api.room.home, 'gate'));
    const run = await start('Again', 'D', steps);
    const seen = await boardWhen(({ runs }) => runs.some(({ runId, expected }) => runId === run && expected !== null));
    const { expected } = seen.runs.find(({ runId }) => runId === run) ?? {};
    expect(expected).toMatchObject({ runs: 3 });
    expect(Date.parse(expected?.p90At ?? '')).toBeGreaterThanOrEqual(Date.parse(expected?.p50At ?? ''));
    await writeFile(join(api.room.home, 'gate'), '');
    await boardWhen(({ tally }) => tally.running === 0);
  });

  test(verifies('ROOM-01', 'what needs a person is told with its step, and gone once it is done'), async () => {
    const run = await start('Ask somebody', 'C', [proven, { ...manual, dependsOn: ['make'] }]);
    const seen = await boardWhen(({ needsYou }) => needsYou.length > 0);
    expect(seen.needsYou).toMatchObject([
      {
        kind: 'confirm',
        runId: run,
        title: 'Ask somebody',
        step: 'look',
        stepTitle: 'Look at the shop',
        what: 'Compare two pictures.',
      },
    ]);
    expect(seen.needsYou[0]?.mend).toContain(`opsroom confirm ${run.slice(-8)} look`);
    expect(seen.causes).toMatchObject([{ code: 'PERSON', title: 'Waiting for you', runs: 1 }]);
    expect(seen.runs.find(({ runId }) => runId === run)).toMatchObject({
      status: 'waiting',
      waiting: { code: 'MANUAL', step: 'look' },
      steps: [{ status: 'done' }, { id: 'look', status: 'waiting', endedAt: null }],
    });
    await api.ask('POST', `/v1/runs/${run}/confirm`, { body: { step: 'look', reason: 'looked' } });
    const over = await boardWhen(({ needsYou }) => needsYou.length === 0);
    expect(over.causes).toEqual([]);
  });

  test('who waits for a person is the same on the board and in the list: a clock beside them changes nothing', async () => {
    const settle = { id: 'settle', kind: 'system', action: 'wait', args: { durationMs: 3_600_000 } };
    const walls = { ...manual, forEach: { items: ['north', 'south'] }, args: { instructions: 'Look {{ item }}.' } };
    const clock = await start('Waits for a clock', 'C', [settle]);
    const both = await start('Waits for a clock and a person', 'C', [settle, manual]);
    const items = await start('Waits for two words', 'C', [walls]);
    const seen = await boardWhen(({ tally }) => tally.needsYou === 2 && tally.parked === 1);
    expect(new Map(seen.needsYou.map(({ runId, what }) => [runId, what]))).toEqual(
      new Map([
        [both, 'Compare two pictures.'],
        [items, 'Look north.'],
      ]),
    );
    const listed = (await api.ask('GET', '/v1/runs?needsPerson=true')).body()['runs'] as { runId: string }[];
    expect(listed.map(({ runId }) => runId)).toEqual([items, both]);
    for (const run of [clock, both, items]) await api.ask('POST', `/v1/runs/${run}/cancel`, { body: {} });
    await boardWhen(({ tally }) => tally.needsYou + tally.parked === 0);
  });

  test('a step that asks while its run goes on is told and listed, and a clock beside it is none', async () => {
    const settle = { id: 'settle', kind: 'system', action: 'wait', args: { durationMs: 3_600_000 } };
    const run = await start('Works and asks', 'C', [until('on'), settle, manual]);
    const works = await start('Works and waits', 'C', [until('on'), settle]);
    const guards = { ...manual, id: 'ask', args: { ...manual.args, guards: ['wipe'] } };
    const wipe = { id: 'wipe', tool: 'shell', args: { run: 'true' }, dependsOn: ['ask'] };
    const begun = (seen: Runboard, id: string) => seen.runs.find(({ runId }) => runId === id)?.steps.length ?? 0;
    const seen = await boardWhen((now) => begun(now, run) === 3 && begun(now, works) === 2 && now.tally.needsYou > 0);
    expect(seen.tally).toMatchObject({ needsYou: 1, parked: 0, running: 2 });
    expect(seen.needsYou).toMatchObject([{ kind: 'confirm', runId: run, step: 'look', what: 'Compare two pictures.' }]);
    expect(seen.causes).toMatchObject([{ code: 'PERSON', what: '1 decision. Meanwhile the rest of its run goes on.' }]);
    const steps = new Map(seen.runs.find(({ runId }) => runId === run)?.steps.map((one) => [one.id, one]));
    expect([steps.get('settle')?.wakeAt, steps.get('look')?.wakeAt]).toEqual([expect.any(String), null]);
    const listed = (await api.ask('GET', '/v1/runs?needsPerson=true')).body()['runs'] as object[];
    expect(listed).toMatchObject([{ runId: run, status: 'running', needsPerson: true }]);
    const asked = async () => {
      const { runs } = await board();
      const asksPerson = runs.find(({ runId }) => runId === run)?.asksPerson;
      expect(runs.find(({ runId }) => runId === works)).toMatchObject({ asksPerson: false });
      return { asksPerson, asks: (await api.ask('GET', `/v1/runs/${run}`)).body()['asks'] };
    };
    expect(await asked()).toMatchObject({ asksPerson: true, asks: { code: 'MANUAL', step: 'look', item: -1 } });
    await api.ask('POST', `/v1/runs/${run}/confirm`, { body: { step: 'look', reason: 'looked' } });
    await boardWhen(({ tally }) => tally.needsYou === 0);
    expect(await asked()).toEqual({ asksPerson: false, asks: null });
    const became = (status: string, error: object | null) =>
      api.db.database.engine.query(
        `update opsroom.step_attempts set status = $2, error = $3 where run_id = $1 and step_id = 'look'`,
        [run, status, error],
      );
    await became('unknown', { code: 'ASKED' });
    await boardWhen(({ tally }) => tally.needsYou === 1);
    expect(await asked()).toMatchObject({
      asksPerson: true,
      asks: { code: 'UNKNOWN', step: 'look', mend: expect.stringContaining(`resolve ${run.slice(-8)} look --as`) },
    });
    // Once it is taken back, nobody asks any more how it ended.
    const turn = (mode: string) =>
      api.db.database.engine.query('update opsroom.runs set mode = $2 where id = $1', [run, mode]);
    await turn('rollback');
    await boardWhen(({ tally }) => tally.needsYou === 0);
    expect(await asked()).toEqual({ asksPerson: false, asks: null });
    await turn('forward');
    await became('done', null);
    await boardWhen(({ tally }) => tally.needsYou === 0);
    const asks = await start('Works and asks whether', 'C', [until('on'), guards, wipe]);
    const { needsYou } = await boardWhen((now) => begun(now, asks) === 2 && now.needsYou.length === 1);
    expect(needsYou).toMatchObject([
      { step: 'ask', mend: expect.stringMatching(/^Yes: .*No, leave it out: .*--as skip/) },
    ]);
    for (const id of [run, works, asks]) await api.ask('POST', `/v1/runs/${id}/cancel`, { body: {} });
    await boardWhen(({ tally }) => tally.running + tally.parked === 0);
  });

  test('of a rollback tells why it asks, too: what failed, what it takes back, and the values in what is asked', async () => {
    const args = { instructions: 'Take {{ inputs.shop }} down.' };
    const steps = [
      { id: 'up', tool: 'shell', args: { run: 'true' }, rollback: [{ ...manual, id: 'down', title: 'Down', args }] },
      { id: 'open', tool: 'shell', dependsOn: ['up'], args: { run: 'echo "no key" >&2; false' } },
    ];
    const run = await start('Open the shop', 'C', steps, { inputs: { shop: 'the north shop' } });
    const seen = await boardWhen(({ needsYou }) => needsYou.length > 0);
    expect(seen.needsYou[0]?.what).toMatch(
      /^Step up\/down \(Down\) is done by a person\. The run failed: .*no key.* It takes back: up\. Take the north shop down\.$/,
    );
    await api.ask('POST', `/v1/runs/${run}/confirm`, { body: { step: 'up/down', reason: 'done' } });
    await boardWhen(({ tally }) => tally.needsYou === 0);
  });

  test('of many runs shows the first in line, and counts the rest', async () => {
    const { rows } = await api.db.database.engine.query<{ id: string }>('select id from opsroom.runs limit 1');
    await api.db.database.engine.query(
      `insert into opsroom.runs (org_id, id, plan_digest, title, inputs, inputs_digest, target, lane, priority, requested_by, status, workspace)
       select org_id, gen_random_uuid(), plan_digest, 'n' || n, inputs, inputs_digest, target, 'D', 0, requested_by, 'paused', workspace
       from opsroom.runs, generate_series(1, 150) n where id = $1`,
      [rows[0]?.id],
    );
    const seen = await boardWhen(({ tally }) => tally.parked === 150);
    expect(seen.runs.filter(({ status }) => status === 'paused')).toHaveLength(100);
    expect(seen.cut).toMatchObject({ parked: 50, queued: 0 });
  });

  test(verifies('ROOM-01', 'is read once for all who look at the same time'), async () => {
    const before = transactions;
    await Promise.all(Array.from({ length: 200 }, () => board()));
    expect(transactions - before).toBeLessThan(50);
  });

  test('is shown to who may read, and for a window of five minutes to a day', async () => {
    const key = await api.key('run:start');
    expect((await api.ask('GET', '/v1/runboard', { headers: { 'x-api-key': key } })).status).toBe(403);
    expect((await api.ask('GET', '/v1/runboard?minutes=4')).status).toBe(400);
    expect((await api.ask('GET', '/v1/runboard?minutes=1441')).status).toBe(400);
  });
});
