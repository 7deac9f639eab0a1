import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { followRun } from '#operations/follow.js';
import { type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';

let api: TestApi;
const shell = (title: string, run: string) => ({
  value: { apiVersion: 'opsroom/v1', title, steps: [{ id: 'a', tool: 'shell', args: { run } }] },
});

beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api?.close());

async function start(title: string, run: string, more: object = {}): Promise<string> {
  const answer = await api.ask('POST', '/v1/runs', { body: { plan: shell(title, run), ...more } });
  expect(answer.status, answer.text).toBe(201);
  return (answer.body() as { runId: string }).runId;
}

/** Executes what is queued, to its end. */
async function finish(...runs: string[]): Promise<void> {
  const worker = await api.open.startWorker('all');
  for (const run of runs) for await (const _ of followRun(api.room, run)) continue;
  await worker.drain(1000);
}

const listed = async (query: string): Promise<string[]> =>
  ((await api.ask('GET', `/v1/runs?${query}`)).body() as { runs: { runId: string }[] }).runs.map(({ runId }) => runId);

const audit = async (kind: string) =>
  (
    await api.db.database.engine.query<{ actor: string; data: Record<string, string> }>(
      'select actor, data from opsroom.audit_entries where kind = $1 order by seq',
      [kind],
    )
  ).rows;

describe('sessions', () => {
  test(verifies('RUN-12', 'a session groups the runs of one intent, and a re-run stays in it'), async () => {
    const made = await api.ask('POST', '/v1/sessions', { body: { name: 'Move the shop', intent: 'No downtime' } });
    expect(made.status).toBe(201);
    const { sessionId } = made.body() as { sessionId: string };
    expect(made.headers.get('location')).toBe(`/v1/sessions/${sessionId}`);
    const first = await start('one', 'true', { session: 'move the SHOP' });
    const second = await start('two', 'exit 1', { session: sessionId });
    const other = await start('elsewhere', 'true');
    await finish(first, second, other);
    const again = (await api.ask('POST', `/v1/runs/${second}/rerun`)).body() as { runId: string };
    expect(await listed(`session=${sessionId}`)).toEqual([again.runId, second, first]);
    expect(await listed('session=Move%20the%20shop&status=failed')).toEqual([second]);
    const shown = (await api.ask('GET', '/v1/sessions/Move%20the%20shop')).body();
    expect(shown).toMatchObject({ sessionId, intent: 'No downtime', runs: { total: 3, open: 1, failed: 1 } });
    expect(await audit('session.created')).toMatchObject([{ data: { session: sessionId } }]);
    await api.ask('POST', `/v1/runs/${again.runId}/cancel`);
  });

  test('pages of runs of a session follow each other', async () => {
    const whole = await listed('session=Move%20the%20shop');
    const { runs, next } = (await api.ask('GET', '/v1/runs?session=Move%20the%20shop&limit=2')).body() as {
      runs: { runId: string }[];
      next: string;
    };
    const rest = await listed(`session=Move%20the%20shop&cursor=${next}`);
    expect([...runs.map(({ runId }) => runId), ...rest]).toEqual(whole);
  });

  test('a name that is new makes a session, once, however many ask at the same moment', async () => {
    const runs = await Promise.all(['a', 'b', 'c', 'd'].map((title) => start(title, 'true', { session: 'Fresh' })));
    expect((await listed('session=Fresh')).toSorted()).toEqual(runs.toSorted());
    const { sessions } = (await api.ask('GET', '/v1/sessions?text=fres')).body() as { sessions: object[] };
    expect(sessions).toMatchObject([{ name: 'Fresh', runs: { total: 4 } }]);
    for (const run of runs) await api.ask('POST', `/v1/runs/${run}/cancel`);
  });

  test('a name is taken once, and a session can have another', async () => {
    expect((await api.ask('POST', '/v1/sessions', { body: { name: 'FRESH' } })).status).toBe(400);
    expect((await api.ask('POST', '/v1/sessions/Fresh/rename', { body: { name: 'Move the shop' } })).status).toBe(400);
    const renamed = await api.ask('POST', '/v1/sessions/Fresh/rename', { body: { name: 'Fresher', intent: 'why' } });
    expect(renamed.body()).toMatchObject({ name: 'Fresher', intent: 'why' });
    expect((await api.ask('GET', '/v1/sessions/Fresh')).status).toBe(404);
  });

  test(verifies('RUN-12', 'an archived session leaves the list, keeps its runs and takes no more'), async () => {
    const archived = await api.ask('POST', '/v1/sessions/Fresher/archive');
    const { sessionId } = archived.body() as { sessionId: string };
    const names = async (query: string) =>
      ((await api.ask('GET', `/v1/sessions?${query}`)).body() as { sessions: { name: string }[] }).sessions.map(
        ({ name }) => name,
      );
    expect([await names(''), await names('archived=only')]).toEqual([['Move the shop'], ['Fresher']]);
    expect((await listed(`session=${sessionId}`)).length).toBe(4);
    const refused = await api.ask('POST', '/v1/runs', { body: { plan: shell('x', 'true'), session: sessionId } });
    expect([refused.status, refused.body()]).toMatchObject([409, { code: 'NOT_ALLOWED_NOW' }]);
    expect((await api.ask('POST', '/v1/sessions/Fresher/unarchive')).body()).toMatchObject({ archivedAt: null });
  });

  test('whoever may only read makes none', async () => {
    const headers = { 'x-api-key': await api.key('run:read') };
    expect((await api.ask('POST', '/v1/sessions', { body: { name: 'x' }, headers })).status).toBe(403);
    expect((await api.ask('POST', '/v1/sessions/Fresher/archive', { headers })).status).toBe(403);
  });
});

describe('the archive', () => {
  test(verifies('RUN-12', 'a run that has ended leaves the lists and comes back'), async () => {
    const run = await start('to be archived', 'true');
    const early = await api.ask('POST', `/v1/runs/${run}/archive`);
    expect([early.status, early.body()]).toMatchObject([409, { code: 'NOT_ALLOWED_NOW' }]);
    await finish(run);
    expect((await api.ask('POST', `/v1/runs/${run}/archive`, { body: { reason: 'a drill' } })).body()).toEqual({
      runId: run,
      archived: true,
    });
    expect([await listed('text=archived'), await listed('text=archived&archived=only')]).toEqual([[], [run]]);
    expect((await api.ask('POST', `/v1/runs/${run}/archive`)).status).toBe(409);
    await api.ask('POST', `/v1/runs/${run}/unarchive`);
    expect(await listed('text=archived')).toEqual([run]);
    expect(await audit('run.archived')).toMatchObject([{ data: { run, reason: 'a drill' } }]);
  });
});

describe('many at once', () => {
  let queued: string;
  let failed: string;
  let fine: string;
  beforeAll(async () => {
    [failed, fine] = [await start('bulk fails', 'exit 3'), await start('bulk succeeds', 'true')];
    await finish(failed, fine);
    queued = await start('bulk waits', 'true');
  });
  const nobody = '00000000-0000-7000-8000-00000000dead';
  const ask = (path: string, action: string, more: object = {}, headers = {}) =>
    api.ask('POST', `/v1/runs/bulk${path}`, {
      body: { action, runs: [queued, failed, fine, nobody], ...more },
      headers,
    });
  const applies = async (action: string) =>
    ((await ask('/preview', action)).body() as { runs: { applies: boolean; what: string }[] }).runs;

  test(
    verifies('ROOM-07', 'the preview says for each run what would happen, or why nothing, and changes nothing'),
    async () => {
      const before = await listed('text=bulk');
      expect((await applies('cancel')).map((one) => one.applies)).toEqual([true, false, false, false]);
      expect((await applies('rerun')).map((one) => one.applies)).toEqual([false, true, false, false]);
      const archive = await applies('archive');
      expect(archive.map((one) => one.applies)).toEqual([false, true, true, false]);
      expect(archive.map((one) => one.what)).toMatchObject([
        'The run has not ended: it is released.',
        'Leaves the lists; its records and proofs stay.',
        'Leaves the lists; its records and proofs stay.',
        'There is no such run.',
      ]);
      expect(await listed('text=bulk')).toEqual(before);
    },
  );

  test(
    verifies('ROOM-07', 'it applies where it can, tells the rest, and each is in the audit log with the reason'),
    async () => {
      const reason = 'the wrong branch';
      const cancelled = (await ask('', 'cancel', { reason })).body();
      expect(cancelled).toMatchObject({
        done: 1,
        notApplied: 3,
        failed: 0,
        runs: [{ runId: queued, outcome: 'done' }, {}, {}, {}],
      });
      const rerun = (await ask('', 'rerun', { reason })).body() as { runs: { newRunId: string | null }[] };
      const started = rerun.runs.flatMap(({ newRunId }) => newRunId ?? []);
      // What was queued is cancelled by now, and can be run again as well.
      expect(started).toHaveLength(2);
      expect((await ask('', 'archive', { reason })).body()).toMatchObject({ done: 3, notApplied: 1 });
      expect((await listed('text=bulk')).toSorted()).toEqual(started.toSorted());
      expect(await audit('run.cancelled')).toMatchObject([{ actor: api.room.by, data: { run: queued, reason } }]);
      expect(new Set((await audit('run.rerun')).map(({ data }) => data['newRun']))).toEqual(new Set(started));
      expect((await audit('run.archived')).filter(({ data }) => data['reason'] === reason)).toHaveLength(3);
      for (const run of started) await api.ask('POST', `/v1/runs/${run}/cancel`);
    },
  );

  test('a request without a reason, with too many runs or without the permission is refused', async () => {
    expect((await ask('', 'cancel')).status).toBe(400);
    const many = Array.from({ length: 501 }, () => queued);
    expect((await ask('', 'cancel', { reason: 'x', runs: many })).status).toBe(400);
    const reader = { 'x-api-key': await api.key('run:read') };
    expect((await ask('', 'cancel', { reason: 'x' }, reader)).status).toBe(403);
    const controller = { 'x-api-key': await api.key('run:control') };
    expect((await ask('', 'rerun', { reason: 'x' }, controller)).status).toBe(403);
  });
});
