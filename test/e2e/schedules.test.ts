import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { viewRun } from '#execute/views/store.js';
import { openScheduler } from '#operations/schedules/scheduler.js';
import { type TestApi, testApi } from '../harness/api.js';
import { projectFile } from '../harness/authority.js';
import { ORG } from '../harness/engine.js';
import { verifies } from '../harness/requirements.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api?.close());

const plan = {
  value: {
    apiVersion: 'opsroom/v1',
    title: 'Back up {{ inputs.what }}',
    inputSchema: { type: 'object', required: ['what'], properties: { what: { type: 'string' } } },
    steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }],
  },
};
const body = { cron: '* * * * *', zone: 'Europe/Berlin', plan, inputs: { what: 'shop' } };
const create = (name: string, more: object = {}, headers: Record<string, string> = {}) =>
  api.ask('POST', '/v1/schedules', { body: { name, ...body, ...more }, headers });
const act = (name: string, verb: string, headers: Record<string, string> = {}) =>
  api.ask('POST', `/v1/schedules/${name}/${verb}`, { headers });

/** The room as it is so many minutes later. */
async function look(minutes: number): Promise<void> {
  const { clock } = api.room.ports;
  const later = {
    ...clock,
    now: () => new Date(Date.now() + minutes * 60_000),
    monotonicMs: () => clock.monotonicMs(),
  };
  await openScheduler({ ...api.room, ports: { ...api.room.ports, clock: later } }).look();
}
const firesOf = async (name: string) =>
  (await api.ask('GET', `/v1/schedules/${name}/fires`)).body()['fires'] as Record<string, unknown>[];

test(verifies('RUN-13', 'a schedule shows its next ten times in its zone, and starts a run as itself'), async () => {
  const made = await create('backup');
  expect(made.status, made.text).toBe(201);
  const shown = (await api.ask('GET', '/v1/schedules/backup')).body();
  expect(shown['upcoming']).toHaveLength(10);
  expect(JSON.stringify(shown['upcoming'])).toMatch(/"local":"\d{4}-\d\d-\d\dT\d\d:\d\d\+0[12]:00"/);
  await look(1);
  const [fire] = await firesOf('backup');
  expect(fire).toMatchObject({ state: 'started', cause: 'time', code: null });
  const run = await viewRun(api.db.database.engine, ORG, String(fire?.['runId']));
  expect(run).toMatchObject({ requested_by: 'cron:backup', title: 'Back up shop', inputs: { what: 'shop' } });
});

test(verifies('RUN-13', 'while its run goes on the next time is skipped, and the list says why'), async () => {
  await look(2);
  const [fire] = await firesOf('backup');
  expect(fire).toMatchObject({ state: 'skipped', reason: expect.stringContaining('had not ended') });
});

test(
  verifies('RUN-13', 'paused it does not fire; resumed it goes on with its next time; removed it is gone'),
  async () => {
    const before = (await firesOf('backup')).length;
    expect((await act('backup', 'pause')).body()).toMatchObject({ paused: true, next: null });
    expect((await act('backup', 'pause')).status).toBe(409);
    await look(60);
    expect(await firesOf('backup')).toHaveLength(before);
    expect((await act('backup', 'resume')).body()).toMatchObject({ paused: false });
    expect((await act('backup', 'remove')).status).toBe(200);
    expect((await api.ask('GET', '/v1/schedules/backup')).status).toBe(404);
  },
);

test(verifies('RUN-13', 'fired by hand it starts at once, as whoever asks'), async () => {
  await create('by-hand');
  const fired = await act('by-hand', 'fire');
  expect(fired.body()).toMatchObject({ state: 'started', code: null });
  const run = await viewRun(api.db.database.engine, ORG, String(fired.body()['runId']));
  expect(run?.requested_by).toBe(api.room.by);
  await act('by-hand', 'remove');
});

test('what follows a file starts what the file holds when the time comes', async () => {
  const { project } = api.room;
  await mkdir(join(project, 'ops'), { recursive: true });
  const text = (title: string) =>
    `apiVersion: opsroom/v1\ntitle: ${title}\nsteps:\n  - { id: a, tool: shell, args: { run: 'true' } }\n`;
  await writeFile(join(project, 'ops/follow.yaml'), text('First'));
  const made = await create('follow', { plan: { follow: 'ops/follow.yaml' }, inputs: {}, overlap: 'allow' });
  expect(made.body(), made.text).toMatchObject({ title: 'First', plan: { file: 'ops/follow.yaml' } });
  await writeFile(join(project, 'ops/follow.yaml'), text('Second'));
  await look(1);
  const [fire] = await firesOf('follow');
  expect((await viewRun(api.db.database.engine, ORG, String(fire?.['runId'])))?.title).toBe('Second');
  await writeFile(join(project, 'ops/follow.yaml'), 'no plan');
  await look(2);
  expect((await firesOf('follow'))[0]).toMatchObject({ state: 'refused', code: expect.stringMatching(/^PLAN_/) });
  await act('follow', 'remove');
});

describe('is refused', () => {
  test.each([
    ['a date that never comes', { cron: '0 0 30 2 *' }, 400, 'no date fits'],
    ['a zone that is none', { zone: 'Europe/Nowhere' }, 400, 'is no time zone'],
    ['a second schedule of a name', { name: 'taken' }, 400, 'already'],
    ['an input that the plan does not take', { inputs: { other: 1 } }, 422, 'no input "other"'],
    ['an input that is missing', { inputs: {} }, 422, '"what" is missing'],
    ['jitter longer than the time between two', { jitterS: 60 }, 400, 'after the next one'],
    ['catching up with all while one is kept', { catchUp: 'all' }, 400, 'run by run'],
    ['a plan that nobody knows', { plan: { digest: 'f'.repeat(64) } }, 404, 'No plan of this digest'],
    ['a file outside of the project', { plan: { follow: '../../etc/passwd' } }, 400, 'hidden, "." or ".."'],
    ['a file that is not there', { plan: { follow: 'ops/none.yaml' } }, 404, 'no such file'],
  ])('%s', async (_, more, status, what) => {
    await create('taken');
    const answer = await create('refused', more);
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(what.replaceAll('"', '\\"'))]);
  });

  test('by who may read only, and by a key that may not start runs itself', async () => {
    expect((await create('no', {}, { 'x-api-key': await api.key('run:read') })).status).toBe(403);
    const answer = await create('no', {}, { 'x-api-key': await api.key('trigger:manage') });
    expect([answer.status, answer.text]).toEqual([403, expect.stringContaining('run:start')]);
  });
});

test(
  verifies('RUN-13', 'a schedule whose maker may start nothing any more is refused when its time comes'),
  async () => {
    const key = await api.key('trigger:manage', 'run:start', 'run:read');
    await create('orphan', { overlap: 'allow' }, { 'x-api-key': key });
    await look(1);
    expect((await firesOf('orphan'))[0]).toMatchObject({ state: 'started' });
    const { rows } = await api.db.database.engine.query<{ key_id: string }>(
      "select key_id from opsroom.schedules where name = 'orphan'",
    );
    expect((await api.ask('POST', `/v1/keys/${rows[0]?.key_id}/revoke`)).status).toBe(200);
    await look(2);
    expect((await firesOf('orphan'))[0]).toMatchObject({
      state: 'refused',
      code: 'DENIED',
      reason: expect.stringContaining('the key was revoked'),
    });
  },
);

test('the audit log says who made, changed and removed it', async () => {
  await create('noted');
  const changed = await api.ask('POST', '/v1/schedules/noted', { body: { cron: '@daily', overlap: 'queue' } });
  expect(changed.body(), changed.text).toMatchObject({ cron: '@daily', overlap: 'queue', zone: 'Europe/Berlin' });
  await act('noted', 'remove');
  const { rows } = await api.db.database.engine.query<{ kind: string }>(
    "select kind from opsroom.audit_entries where kind like 'schedule.%' and data ->> 'name' = 'noted' order by seq",
  );
  expect(rows.map(({ kind }) => kind)).toEqual(['schedule.created', 'schedule.changed', 'schedule.removed']);
});

test('a schedule follows a section of a runbook by the name that people give it', async () => {
  await projectFile(api.room, 'ops/follow.md', '# Care\n\n## Clean up\n\n```sh {run}\ntrue\n```\n');
  const made = await create('section', { plan: { follow: 'ops/follow.md#clean-up' }, inputs: {} });
  expect(made.body(), made.text).toMatchObject({ plan: { file: 'ops/follow.md', section: 'clean-up' } });
});
