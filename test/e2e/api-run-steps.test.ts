import { mkdir, mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Worker } from '#execute/worker.js';
import type { EstimateView } from '#operations/estimates/get.js';
import type { RunView } from '#operations/runs/get.js';
import type { StepView } from '#operations/steps/view.js';
import { type TestApi, testApi } from '../harness/api.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

const LINES = 3000;
const PLAN = `apiVersion: opsroom/v1
title: Build it
inputs: { name: shop, colour: red }
steps:
  - id: fetch
    tool: shell
    args: { run: 'echo fetched >> fetched.txt' }
  - id: build
    tool: shell
    dependsOn: [fetch]
    args: { run: 'echo "$NAME with $TOKEN" > built.txt; seq 1 ${LINES}; echo "Error: not really" >&2', env: { NAME: '{{ inputs.name }}', TOKEN: '{{ secrets.TOKEN }}' } }
    verifiers:
      - { id: built, kind: file, config: { path: built.txt } }
      - { id: fetched, kind: file, config: { path: fetched.txt }, required: false }
    artefacts: [{ name: built, path: built.txt }]
  - id: paint
    tool: shell
    dependsOn: [build]
    args: { run: 'echo "$COLOUR" > paint.txt; test "$COLOUR" = green', env: { COLOUR: '{{ inputs.colour }}' } }
    retryPolicy: { maxAttempts: 2, backoffMs: 1 }
    rollback: [{ id: scrape, tool: shell, alsoUndoes: [build], args: { run: rm -f paint.txt } }]
onFailure: stop
`;
const EACH = {
  value: {
    title: 'Each',
    steps: [
      {
        id: 'each',
        tool: 'shell',
        forEach: '[0, 1, 2, 3, 4]',
        args: { run: 'test "$N" -ne 3', env: { N: '{{ item }}' } },
      },
    ],
  },
};
const SECRET = 'hunter2-hunter2';

let api: TestApi;
let folder: string;
let worker: Worker | undefined;
let run = '';
let each = '';
let giveBack: () => void;

const get = async <T>(path: string): Promise<T> => {
  const answer = await api.ask('GET', path);
  expect(answer.status, answer.text).toBe(200);
  return answer.body() as T;
};
const viewOf = (id: string) => get<RunView>(`/v1/runs/${id}`);
const stepOf = (step: string, query = '', id = run) =>
  get<StepView>(`/v1/runs/${id}/steps/${encodeURIComponent(step)}${query}`);

async function post(path: string, body: unknown): Promise<string> {
  const answer = await api.ask('POST', path, { body });
  expect(answer.status, answer.text).toBe(201);
  return (answer.body() as { runId: string }).runId;
}

async function endOf(id: string): Promise<RunView> {
  await eventually(async () => (await viewOf(id)).endedAt !== null);
  return viewOf(id);
}

/** What this process has open; on Linux only. */
const openFiles = async (): Promise<string[]> => {
  const numbers = await readdir('/proc/self/fd').catch(() => []);
  return Promise.all(numbers.map((number) => readlink(`/proc/self/fd/${number}`).catch(() => '')));
};
const logOf = (more: string) => `/v1/runs/${run}/logs/${more}`;
const reused = ({ steps }: RunView) => steps.filter(({ reusedFrom }) => reusedFrom !== null).map(({ id }) => id);
const timed = (seconds: string) => ({
  value: {
    title: 'Timed',
    inputs: { s: seconds },
    steps: [
      { id: 'a', tool: 'shell', args: { run: 'sleep "$S"', env: { S: '{{ inputs.s }}' } } },
      { id: 'ask', kind: 'system', action: 'manual', dependsOn: ['a'], args: { instructions: 'look' } },
    ],
  },
});

beforeAll(async () => {
  api = await testApi();
  folder = await mkdtemp(join(tmpdir(), 'opsroom-steps-'));
  giveBack = api.open.lendSecret('TOKEN', SECRET);
  worker = await api.open.startWorker('all');
  const plan = { text: PLAN, file: join(folder, 'build.yaml') };
  await writeFile(plan.file, PLAN);
  run = await post('/v1/runs', { plan });
  each = await post('/v1/runs', { plan: EACH });
  await endOf(run);
  await endOf(each);
}, 60_000);
afterAll(async () => {
  giveBack?.();
  await worker?.drain(1000);
  await api?.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

describe('a step', () => {
  test(
    verifies('ROOM-02', 'shows what its tool was given, with secrets as masks, and where it stands in its file'),
    async () => {
      const build = await stepOf('build');
      const [attempt, ...more] = build.attempts;
      expect(more).toEqual([]);
      expect(attempt).toMatchObject({
        status: 'done',
        word: 'proven',
        isolation: 'none',
        worker: { epoch: expect.any(Number) },
      });
      expect(attempt?.args).toMatchObject({ env: { NAME: 'shop' } });
      expect(JSON.stringify(build)).not.toContain(SECRET);
      expect(build.source).toEqual([
        { file: 'build.yaml', from: 8, to: 15, label: null, text: PLAN.split('\n').slice(7, 15).join('\n') },
      ]);
      expect(build.dependsOn).toEqual(['fetch']);
    },
  );

  test('leaves out a value too large for a page, however well it packs', async () => {
    const { engine } = api.db.database;
    const where = "where run_id = $1 and step_id = 'fetch'";
    const { rows } = await engine.query(`select output from opsroom.step_attempts ${where}`, [run]);
    const output = JSON.stringify({ text: 'x'.repeat(1_000_000) });
    await engine.query(`update opsroom.step_attempts set output = $2 ${where}`, [run, output]);
    expect((await stepOf('fetch')).attempts).toMatchObject([{ output: null, large: true, args: expect.anything() }]);
    await engine.query(`update opsroom.step_attempts set output = $2 ${where}`, [run, JSON.stringify(rows[0]?.output)]);
    expect((await stepOf('fetch')).attempts).toMatchObject([{ output: rows[0]?.output, large: false }]);
  });

  test(
    verifies('PROOF-06', 'says what each verifier saw before and after, in readable evidence and the exact word'),
    async () => {
      const { attempts } = await stepOf('build');
      const [built, fetched] = attempts[0]?.verdicts ?? [];
      expect(built).toMatchObject({ word: 'proven', basis: 'failed-before', before: { state: 'failed' } });
      expect(fetched).toMatchObject({
        word: 'holds, not proven by this step',
        required: false,
        before: { state: 'passed' },
      });
      expect(built?.after.summary).toContain('built.txt');
      expect(built?.after.evidence).toEqual(expect.any(Object));
    },
  );

  test('keeps every attempt, the failed ones too', async () => {
    const { attempts, rollback, maxAttempts } = await stepOf('paint');
    expect(attempts.map(({ attempt, status, error }) => [attempt, status, error?.code])).toEqual([
      [1, 'failed', 'STEP_FAILED'],
      [2, 'failed', 'STEP_FAILED'],
    ]);
    expect(attempts[0]?.wakeAt).not.toBeNull();
    expect([maxAttempts, rollback]).toEqual([2, [{ id: 'scrape', title: 'scrape' }]]);
    expect((await stepOf('build')).rollback).toEqual([{ id: 'paint/scrape', title: 'scrape' }]);
  });

  test('of many items shows them by the page, only the bad ones on demand, and each with its attempts', async () => {
    const first = await stepOf('each', '?itemsLimit=2', each);
    expect(first.items?.page.map(({ item }) => item)).toEqual([0, 1]);
    const second = await stepOf('each', `?itemsLimit=2&itemsFrom=${first.items?.next}`, each);
    expect([second.items?.page.map(({ item }) => item), second.items?.next]).toEqual([[2, 3], 4]);
    const bad = await stepOf('each', '?itemsBad=true', each);
    expect([bad.items?.page.map(({ item, status }) => [item, status]), bad.items?.next]).toEqual([
      [[3, 'failed']],
      null,
    ]);
    const { attempts } = await stepOf('each', '?item=3', each);
    expect(attempts.at(-1)).toMatchObject({ status: 'failed', args: { env: { N: 3 } } });
  });

  test('that the run has not is not found, and a compensation that was not run has no attempts', async () => {
    expect((await api.ask('GET', `/v1/runs/${run}/steps/nobody`)).status).toBe(404);
    expect(await stepOf('paint/scrape')).toMatchObject({ dependsOn: ['paint'], attempts: [], items: null });
  });
});

describe('logs and files', () => {
  test('lines are read by their numbers, wherever they stand', async () => {
    const page = await get<{ total: number; lines: { number: number; text: string }[] }>(
      logOf(`lines?step=build&attempt=1&from=${LINES - 1}&limit=3`),
    );
    expect(page.lines.map(({ number, text }) => [number, text])).toEqual([
      [LINES - 1, String(LINES - 1)],
      [LINES, String(LINES)],
      [LINES + 1, 'Error: not really'],
    ]);
    expect(page.total).toBe(LINES + 1);
    expect(await get(logOf('lines?step=fetch&attempt=7'))).toEqual({ lines: [], total: 0, gap: null });
  });

  test('a text and the first error are found without reading the log', async () => {
    expect(await get(logOf('search?step=build&attempt=1&text=2999'))).toEqual({ found: [2999], truncated: false });
    expect(await get(logOf('search?step=build&attempt=1&text=1'))).toMatchObject({ truncated: true });
    expect(await get(logOf('search?step=build&attempt=1'))).toEqual({ found: [LINES + 1], truncated: false });
  });

  test('a log and an artefact come as files and never as pages', async () => {
    const log = await api.ask('GET', logOf('text?step=build&attempt=1'));
    expect(log.text.split('\n')).toHaveLength(LINES + 2);
    const sha256 = (await stepOf('build')).attempts[0]?.artefacts[0]?.sha256 ?? '';
    const file = await api.ask('GET', `/v1/runs/${run}/artefacts/${sha256}`);
    expect(file.text).toContain('shop with ');
    for (const { headers } of [log, file]) {
      expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+"$/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect((await api.ask('GET', `/v1/runs/${run}/artefacts/${'0'.repeat(64)}`)).status).toBe(404);
    expect((await api.ask('GET', `/v1/runs/${run}/artefacts/..%2f..%2fkeys`)).status).toBe(400);
  });

  test.each(['x";y="z', 'line\r\nfeed', '\u2603'])(
    'the name of a file holds nothing but ids, and not %j',
    async (more) => {
      const step = encodeURIComponent(`paint/scrape/${more}`);
      expect((await api.ask('GET', logOf(`text?step=${step}&attempt=1`))).status).toBe(404);
    },
  );

  test('of a large artefact HEAD leaves no file open, and one that is on another host is not found', async () => {
    const sha256 = (await stepOf('build')).attempts[0]?.artefacts[0]?.sha256 ?? '';
    const address = `/v1/runs/${run}/artefacts/${sha256}`;
    const { engine } = api.db.database;
    const { rows } = await engine.query('select body from opsroom.artefacts where sha256 = $1', [sha256]);
    const kept = join(api.room.home, 'artefacts', 'large');
    await mkdir(join(api.room.home, 'artefacts'), { recursive: true });
    await writeFile(kept, rows[0]?.body);
    await engine.query("update opsroom.artefacts set body = null, path = 'large' where sha256 = $1", [sha256]);
    try {
      expect((await api.ask('GET', address)).text).toContain('shop with ');
      for (let i = 0; i < 5; i++) {
        const head = await api.ask('HEAD', address);
        expect([head.status, head.text, Number(head.headers.get('content-length')) > 0]).toEqual([200, '', true]);
      }
      await eventually(async () => !(await openFiles()).includes(kept));
      await rm(kept);
      const gone = await api.ask('GET', address);
      expect([gone.status, gone.body()]).toMatchObject([404, { what: expect.stringContaining('not on this host') }]);
    } finally {
      const restore = 'update opsroom.artefacts set body = $2, path = null where sha256 = $1';
      await engine.query(restore, [sha256, rows[0]?.body]);
    }
  });

  test('a key that may not read gets none of them', async () => {
    const headers = { 'x-api-key': await api.key('run:start') };
    for (const path of [
      `/v1/runs/${run}/steps/build`,
      logOf('text?step=build&attempt=1'),
      logOf('lines?step=build&attempt=1'),
      `/v1/runs/${run}/plan`,
      `/v1/runs/${run}/artefacts/${'0'.repeat(64)}`,
    ])
      expect((await api.ask('GET', path, { headers })).status, path).toBe(403);
  });
});

describe('a run', () => {
  test('comes with its plan, and the file that it was made from', async () => {
    expect(await get(`/v1/runs/${run}/plan`)).toMatchObject({
      plan: { title: 'Build it', steps: [{ id: 'fetch' }, { id: 'build' }, { id: 'paint' }] },
      source: { file: 'build.yaml', text: PLAN },
    });
  });

  test('says of each action whether it is possible now, and why not, also of who asks', async () => {
    const { actions, allowed } = await viewOf(run);
    expect(allowed).toEqual(['resolve', 'rerun', 'rollback']);
    expect(actions).toContainEqual({ action: 'cancel', allowed: false, why: 'The run has ended: it has failed.' });
    const reader = await api.ask('GET', `/v1/runs/${run}`, { headers: { 'x-api-key': await api.key('run:read') } });
    expect(reader.body()).toMatchObject({ allowed: [] });
    expect((reader.body() as unknown as RunView).actions).toContainEqual({
      action: 'rerun',
      allowed: false,
      why: 'You have not the permission run:start.',
    });
  });
});

describe('a re-run', () => {
  test(verifies('RUN-08', 'from a step with an edited input keeps what reads none of those that changed'), async () => {
    const id = await post(`/v1/runs/${run}/rerun`, { from: 'paint', inputs: { colour: 'green' } });
    const again = await endOf(id);
    expect(reused(again)).toEqual(['fetch', 'build']);
    expect(again.steps.find(({ id: step }) => step === 'paint')).toMatchObject({ status: 'done' });
    expect(again.parent).toBe(run);
    const other = await endOf(await post(`/v1/runs/${run}/rerun`, { from: 'paint', inputs: { name: 'stall' } }));
    expect(reused(other)).toEqual(['fetch']);
  });

  test(verifies('RUN-08', 'without more makes up for what failed; a fresh one takes nothing over'), async () => {
    expect(reused(await endOf(await post(`/v1/runs/${run}/rerun`, {})))).toEqual(['fetch', 'build']);
    const fresh = await endOf(await post(`/v1/runs/${run}/rerun`, { fresh: true, inputs: { colour: 'blue' } }));
    expect([reused(fresh), fresh.parent, fresh.inputs]).toEqual([[], null, { name: 'shop', colour: 'blue' }]);
    const both = await api.ask('POST', `/v1/runs/${run}/rerun`, { body: { fresh: true, from: 'paint' } });
    expect([both.status, both.body()['code']]).toEqual([400, 'USAGE']);
  });
});

describe('the time that is left', () => {
  test(verifies('RUN-17', 'is unknown without history, and says so'), async () => {
    const id = await post('/v1/runs', { plan: timed('0') });
    expect(await get<EstimateView>(`/v1/runs/${id}/estimate`)).toMatchObject({
      basis: null,
      runs: 0,
      p50Ms: null,
      p90Ms: null,
    });
    await eventually(async () => (await viewOf(id)).status === 'waiting');
    expect(await get<EstimateView>(`/v1/runs/${id}/estimate`)).toMatchObject({ persons: ['ask'], p50Ms: null });
    await api.ask('POST', `/v1/runs/${id}/confirm`, { body: { step: 'ask', reason: 'seen' } });
    await endOf(id);
  });

  test(verifies('RUN-17', 'comes from earlier runs of the plan, along the critical path'), async () => {
    const id = await post('/v1/runs', { plan: timed('0') });
    const found = await get<EstimateView>(`/v1/runs/${id}/estimate`);
    expect(found).toMatchObject({ basis: 'plan', runs: 1, p90Ms: found.p50Ms });
    expect(found.p50Ms).toEqual(expect.any(Number));
    await api.ask('POST', `/v1/runs/${id}/cancel`, { body: { reason: 'enough' } });
    await endOf(id);
  });
});
