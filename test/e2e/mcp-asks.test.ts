import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Worker } from '#execute/worker.js';
import { followRun } from '#operations/follow.js';
import type { RunView } from '#operations/runs/get.js';
import { type TestApi, testApi } from '../harness/api.js';
import { EVERYTHING, fixture } from '../harness/mcp-servers.js';
import { verifies } from '../harness/requirements.js';

let api: TestApi;
let worker: Worker;
let folder: string;

beforeAll(async () => {
  api = await testApi();
  worker = await api.open.startWorker('all');
  folder = await mkdtemp(join(tmpdir(), 'opsroom-asks-'));
  await add('every', EVERYTHING);
  await add('asking', fixture('asking.mjs'), join(folder, 'journal'));
  await add('forgetful', fixture('asking.mjs'), join(folder, 'forgetful'), 'short');
});
afterAll(async () => {
  await worker.drain(1000);
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

const post = (path: string, body: object = {}, headers: Record<string, string> = {}) =>
  api.ask('POST', path, { body, headers });

async function add(name: string, ...args: string[]): Promise<void> {
  const made = await post('/v1/mcp/servers', { name, transport: 'stdio', command: process.execPath, args });
  expect(made.body(), made.text).toMatchObject({ state: 'ok' });
}

const view = async (run: string) => (await api.ask('GET', `/v1/runs/${run}`)).body() as unknown as RunView;

/** Until it ends, or waits for somebody. */
async function rest(run: string): Promise<RunView> {
  for await (const _ of followRun(api.room, run)) continue;
  return view(run);
}

async function start(tool: string, more: object = {}): Promise<RunView> {
  await writeFile(join(folder, 'journal'), '');
  const steps = [
    { id: 'ask', tool, args: {} },
    {
      id: 'after',
      tool: 'shell',
      dependsOn: ['ask'],
      args: { run: 'echo "$SAID"', env: { SAID: '{{ steps.ask.output.text }}' } },
    },
  ];
  const started = await post('/v1/runs', { plan: { value: { title: 'Asks', steps, ...more } } });
  expect(started.status, started.text).toBe(201);
  return rest((started.body() as { runId: string }).runId);
}

const answer = (run: RunView, body: object, headers = {}) =>
  post(`/v1/runs/${run.runId}/answer`, { step: 'ask', question: run.steps[0]?.question?.digest, ...body }, headers);

async function answered(run: RunView, body: object): Promise<RunView> {
  const told = await answer(run, body);
  expect(told.status, told.text).toBe(200);
  return rest(run.runId);
}

const outputOf = async (run: string) => {
  const { attempts } = (await api.ask('GET', `/v1/runs/${run}/steps/ask`)).body() as {
    attempts: { status: string; output: { text?: string } | null; person: unknown }[];
  };
  return {
    text: attempts.at(-1)?.output?.text,
    statuses: attempts.map(({ status }) => status),
    people: attempts.map(({ person }) => person),
  };
};

test(
  verifies(
    'TOOL-04',
    'everything asks by a form: the step waits, holds no worker, and is called again with the answer',
  ),
  async () => {
    const run = await start('mcp:every:trigger-elicitation-request');
    expect(run).toMatchObject({ status: 'waiting', waiting: { code: 'INPUT', step: 'ask' }, worker: null });
    expect(run.allowed).toContain('answer');
    expect(run.allowed).not.toContain('confirm');
    const [step] = run.steps;
    expect(step?.question?.fields.map(({ name, kind }) => `${name} ${kind}`)).toContain(
      'untitledMultipleSelectEnum choices',
    );
    expect(step).toMatchObject({ status: 'waiting', question: { warning: null } });
    for (const wrong of [
      { content: {} },
      { content: { name: 'Ann', strange: 1 } },
      { content: { name: 'Ann', integer: 1000 } },
    ])
      expect((await answer(run, wrong)).status, JSON.stringify(wrong)).toBe(400);
    const done = await answered(run, { content: { name: 'Ann', integer: 7 }, reason: 'she said so' });
    expect(done.status).toBe('succeeded');
    const { text, statuses, people } = await outputOf(run.runId);
    expect(text).toContain('- Name: Ann');
    expect(text).toContain('- Favorite Integer: 7');
    expect(statuses).toEqual(['failed', 'done']);
    expect(people[0]).toEqual({ by: api.room.by, reason: 'she said so' });
    const proof = (await api.ask('GET', `/v1/runs/${run.runId}/chain`)).text;
    expect(proof).toContain('"kind":"answer"');
    const { rows } = await api.db.database.engine.query<{ data: { subjects: object; input?: string } }>(
      "select data from opsroom.audit_entries where kind = 'call.runs.answer' and data ->> 'outcome' = 'ok'",
    );
    expect(rows).toMatchObject([{ data: { subjects: { step: 'ask' } } }]);
    expect(rows[0]?.data.input).toBeUndefined();
  },
);

test('to decline, and to say neither, is told to the server as such', async () => {
  const declined = await answered(await start('mcp:every:trigger-elicitation-request'), { action: 'decline' });
  expect((await outputOf(declined.runId)).text).toContain('declined');
  const cancelled = await answered(await start('mcp:asking:deploy'), { action: 'cancel' });
  expect((await outputOf(cancelled.runId)).text).toBe('left alone: cancel');
});

test('a server of the current protocol goes on from where it asked; one that has forgotten is asked from the beginning', async () => {
  const run = await start('mcp:asking:deploy');
  expect((await answered(run, { content: { version: '1.4.0' } })).status).toBe('succeeded');
  expect((await outputOf(run.runId)).text).toBe('built lasting: 1.4.0');
  expect(await readFile(join(folder, 'journal'), 'utf8')).toBe('deploy -\ndeploy built lasting\n');
  const other = await start('mcp:forgetful:deploy');
  await answered(other, { content: { version: '2' } });
  const seen = await readFile(join(folder, 'forgetful'), 'utf8');
  expect(seen.split('\n').filter((line) => line === 'deploy -').length).toBe(2);
});

test('an answer is to the question that it names, and to no later one', async () => {
  const run = await start('mcp:asking:endless');
  const first = run.steps[0]?.question?.digest;
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  const next = await answered(run, { action: 'accept', content: {} });
  expect(next.steps[0]?.question?.digest).not.toBe(first);
  const late = await answer(run, { action: 'accept', content: {} });
  expect(late.status, late.text).toBe(409);
  expect(late.text).toContain('something else by now');
  expect((await view(run.runId)).steps[0]).toMatchObject({ attempts: 2, question: { message: 'Question 2?' } });
  expect((await answer(run, { question: undefined, content: {} })).status).toBe(400);
  await post(`/v1/runs/${run.runId}/cancel`);
});

test('items of a forEach that ask are answered one by one', async () => {
  const step = { id: 'ask', tool: 'mcp:asking:deploy', args: {}, forEach: { items: ['x', 'y'] } };
  const started = await post('/v1/runs', { plan: { value: { title: 'Asks', steps: [step] } } });
  expect(started.status, started.text).toBe(201);
  let run = await rest((started.body() as { runId: string }).runId);
  expect(run.steps[0]?.question?.step).toBe('ask#0');
  // One that is looked at by itself may be answered before the one that the step shows.
  const { question } = (await api.ask('GET', `/v1/runs/${run.runId}/steps/ask?item=1`)).body() as {
    question: { step: string; digest: string };
  };
  expect(question.step).toBe('ask#1');
  run = await answered(run, { step: question.step, question: question.digest, content: { version: '2' } });
  expect(run.steps[0]?.question?.step).toBe('ask#0');
  run = await answered(run, { step: 'ask#0', content: { version: '1' } });
  expect(run.status).toBe('succeeded');
});

test('an answer to a paused run is kept until it is resumed', async () => {
  const run = await start('mcp:asking:deploy');
  expect((await post(`/v1/runs/${run.runId}/pause`)).body()).toMatchObject({ status: 'paused' });
  expect(await answered(run, { content: { version: '3' } })).toMatchObject({
    status: 'paused',
    steps: [{ status: 'waiting', attempts: 1 }, {}],
  });
  expect((await post(`/v1/runs/${run.runId}/resume`)).status).toBe(200);
  expect(await rest(run.runId)).toMatchObject({ status: 'succeeded' });
  expect((await outputOf(run.runId)).text).toBe('built lasting: 3');
});

test('a step that asks is settled by people alone, and the attempt that asked is proven to be over', async () => {
  const run = await start('mcp:asking:twice');
  const second = await answered(run, { content: { a: 3 } });
  const resolve = (headers = {}) =>
    post(`/v1/runs/${run.runId}/resolve`, { step: 'ask', as: 'retry', reason: 'from the beginning' }, headers);
  expect((await resolve({ 'x-api-key': await api.key('run:control', 'run:read', 'room:admin') })).status).toBe(403);
  expect(second.steps[0]?.question?.message).toBe('Second?');
  expect((await resolve()).status).toBe(200);
  const anew = await rest(run.runId);
  expect(anew.steps[0]?.question?.message).toBe('First?');
  const { statuses, people } = await outputOf(run.runId);
  expect(statuses).toEqual(['failed', 'cancelled', 'waiting']);
  expect(people[1]).toEqual({ by: api.room.by, reason: 'from the beginning' });
  const { records } = (await api.ask('GET', `/v1/runs/${run.runId}/chain`)).body() as {
    records: { body: { type: string; attempt?: number } }[];
  };
  const proven = records.filter(({ body }) => body.type === 'step').map(({ body }) => body.attempt);
  expect(proven).toEqual([1, 2]);
  await post(`/v1/runs/${run.runId}/cancel`);
});

test('what it asks next is asked in turn, and who asks without end is given up', async () => {
  const run = await start('mcp:asking:twice');
  const second = await answered(run, { content: { a: 3 } });
  expect(second).toMatchObject({ status: 'waiting', waiting: { what: expect.stringContaining('Second?') } });
  expect((await answered(second, { content: { b: true } })).status).toBe('succeeded');
  expect((await outputOf(run.runId)).text).toBe('3, true');
  let endless = await start('mcp:asking:endless');
  for (let n = 1; n <= 5; n += 1) {
    expect(endless.steps[0]?.question?.message).toBe(`Question ${n}?`);
    endless = await answered(endless, { content: {} });
  }
  expect(endless).toMatchObject({ status: 'failed', error: { code: 'INPUT_NEEDED' } });
});

test('who asks for a password is shown with a warning; a page is shown and never opened', async () => {
  const secret = await start('mcp:asking:secret');
  expect(secret.steps[0]?.question?.warning).toContain('secret');
  await post(`/v1/runs/${secret.runId}/cancel`);
  const cancelled = await rest(secret.runId);
  expect(cancelled).toMatchObject({
    status: 'cancelled',
    steps: [{ status: 'cancelled', error: { code: 'INPUT_NEEDED' } }, {}],
  });
  const page = await start('mcp:asking:page');
  expect(page.steps[0]?.question).toMatchObject({ url: 'https://tracker.example/agree', fields: [] });
  await answered(page, { action: 'accept' });
  expect((await outputOf(page.runId)).text).toBe('page accept');
});

test('only people answer: no key, however much it may, and a step that asks is not confirmed', async () => {
  const run = await start('mcp:asking:deploy');
  const key = { 'x-api-key': await api.key('run:control', 'run:read', 'room:admin') };
  expect((await answer(run, { content: { version: '1' } }, key)).status).toBe(403);
  await post(`/v1/runs/${run.runId}/confirm`, { step: 'ask', reason: 'done' });
  expect(await rest(run.runId)).toMatchObject({ status: 'waiting', steps: [{ status: 'waiting' }, {}] });
  const resolved = await post(`/v1/runs/${run.runId}/resolve`, { step: 'ask', as: 'failed', reason: 'enough' });
  expect(resolved.status, resolved.text).toBe(200);
  expect(await rest(run.runId)).toMatchObject({ status: 'failed' });
});
