import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countRuns } from '#operations/runs/list-store.js';
import type { RunSummary } from '#operations/runs/summary.js';
import { type TestApi, testApi } from '../harness/api.js';
import { ORG } from '../harness/engine.js';
import { verifies } from '../harness/requirements.js';
import { seedRuns } from '../harness/seed.js';

const RUNS = 300;
const LARGE = '00000000-0000-7000-8000-000000000003';
const OTHER = '00000000-0000-7000-8000-000000000002';
let api: TestApi;
/** Every run, the newest first, as one long page shows it. */
let all: RunSummary[];

interface Page {
  runs: RunSummary[];
  next: string | null;
}

async function page(query: string): Promise<Page> {
  const answer = await api.ask('GET', `/v1/runs?${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body() as unknown as Page;
}

beforeAll(async () => {
  api = await testApi();
  const { engine } = api.db.database;
  await engine.query("insert into opsroom.organisations (id, slug, name) values ($1, 'other', 'Other')", [OTHER]);
  await seedRuns(api.db.database, { runs: RUNS });
  await seedRuns(api.db.database, { runs: 40, org: OTHER });
  all = (await page('limit=1000')).runs;
});
afterAll(() => api?.close());

const ids = (runs: readonly RunSummary[]) => runs.map(({ runId }) => runId);

describe('filters', () => {
  const cases: [string, string, (run: RunSummary) => boolean][] = [
    ['nothing', '', () => true],
    ['one status', 'status=failed', (run) => run.status === 'failed'],
    ['several', 'status=failed&status=waiting&status=succeeded', (run) => /failed|waiting|succeeded/.test(run.status)],
    ['a lane', 'lane=B', (run) => run.lane === 'B'],
    [
      'two lanes and a status',
      'lane=B&lane=C&status=succeeded',
      (run) => /B|C/.test(run.lane) && run.status === 'succeeded',
    ],
    ['part of the title', 'text=CERTIFICATES%201', (run) => run.title.startsWith('Rotate certificates 1')],
    ['digits of the id', 'text=0000012c', (run) => run.title.endsWith(' 300')],
    ['a plan by its title', 'plan=re-index', (run) => run.planDigest.startsWith('cc')],
    ['a plan by its digest', `plan=${'b'.repeat(12)}`, (run) => run.planDigest.startsWith('bb')],
    ['an asker', 'requestedBy=key:ci&requestedBy=user:bob@here', (run) => run.requestedBy !== 'user:ada@here'],
    ['a target', 'target=environment%3Dstaging&target=app%3Dshop', (run) => run.target['environment'] === 'staging'],
    ['a target that no run has', 'target=environment%3Dmoon', () => false],
    ['what needs a person', 'needsPerson=true', (run) => run.status === 'waiting'],
    ['a session that is not there', 'session=nowhere', () => false],
    ['archived ones, of which there are none', 'archived=only', () => false],
  ];
  test.each(cases)(verifies('RUN-12', '%s'), async (_name, query, fits) => {
    const found = await page(`limit=1000&${query}`);
    expect(found.next).toBeNull();
    expect(ids(found.runs)).toEqual(ids(all.filter(fits)));
  });

  test('a span of time, absolute and relative', async () => {
    const [from, to] = [all[200]?.createdAt ?? '', all[100]?.createdAt ?? ''];
    const between = await page(`limit=1000&from=${from}&to=${to}`);
    expect(ids(between.runs)).toEqual(ids(all.filter(({ createdAt }) => createdAt >= from && createdAt < to)));
    const hour = Date.now() - 3_600_000;
    expect(ids((await page('limit=1000&within=1h')).runs)).toEqual(
      ids(all.filter(({ createdAt }) => Date.parse(createdAt) >= hour)),
    );
  });

  test('`me` is whoever asks', async () => {
    const { runs } = await page('requestedBy=me');
    expect(runs).toEqual([]);
    const started = await api.ask('POST', '/v1/runs', { body: { plan: PLAN } });
    const { runId } = started.body() as { runId: string };
    expect(ids((await page('requestedBy=me')).runs)).toEqual([runId]);
    await api.ask('POST', `/v1/runs/${runId}/cancel`);
    all = (await page('limit=1000')).runs;
  });

  test.each([
    ['a time that is none', 'from=yesterday'],
    ['a span that is none', 'within=7w'],
    ['an end before the beginning', 'from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z'],
    ['a target without a value', 'target=staging'],
    ['a cursor that is no run', 'cursor=abc'],
  ])('%s is refused', async (_name, query) => {
    expect((await api.ask('GET', `/v1/runs?${query}`)).status).toBe(400);
  });
});

const PLAN = {
  value: { apiVersion: 'opsroom/v1', title: 'Mine', steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }] },
};

describe('pages', () => {
  test.each(['', 'status=failed&status=succeeded', 'lane=A', 'text=shop'])(
    verifies('RUN-12', 'follow each other without a gap and without a run twice: %s'),
    async (query) => {
      const seen: RunSummary[] = [];
      let cursor: string | null = null;
      do {
        const { runs, next }: Page = await page(`limit=7&${query}${cursor === null ? '' : `&cursor=${cursor}`}`);
        seen.push(...runs);
        cursor = next;
      } while (cursor !== null);
      expect(ids(seen)).toEqual(ids((await page(`limit=1000&${query}`)).runs));
    },
  );

  test('runs of another organisation are in none of them, nor is their cursor of use', async () => {
    const { rows } = await api.db.database.engine.query<{ id: string }>(
      'select id from opsroom.runs where org_id = $1 limit 1',
      [OTHER],
    );
    expect(all.some(({ runId }) => runId === rows[0]?.id)).toBe(false);
    expect((await page(`cursor=${rows[0]?.id}`)).runs).toEqual([]);
  });
});

test('a row says what became of each step', async () => {
  const { rows } = await api.db.database.engine.query<{ id: string; words: string[] }>(
    'select run_id as id, array_agg(word order by step_id) as words from opsroom.step_attempts where org_id = $1 group by run_id',
    [ORG],
  );
  const words = new Map(rows.map((row) => [row.id, row.words]));
  for (const { runId, verdicts, progress } of all) {
    const mine = words.get(runId) ?? [];
    const of = (word: string) => mine.filter((one) => one.startsWith(word)).length;
    expect(verdicts).toEqual({
      proven: of('proven'),
      holds: of('holds'),
      exitCodeOnly: of('exit'),
      failed: of('failed'),
    });
    expect(progress.done).toBe(mine.length - verdicts.failed);
  }
});

describe('saved views', () => {
  const list = async (headers: Record<string, string> = {}) =>
    (await api.ask('GET', '/v1/views', { headers })).body() as {
      builtIn: { viewId: string; runs: { count: number; more: boolean } }[];
      saved: { viewId: string; name: string; runs: { count: number } }[];
    };

  test(verifies('RUN-12', 'a view is saved, counted, and deleted; its name is taken once'), async () => {
    const filter = { status: ['failed'], lane: ['B'] };
    const made = await api.ask('POST', '/v1/views', { body: { name: 'Failed in B', filter } });
    expect([made.status, made.body()]).toMatchObject([201, { name: 'Failed in B', shared: false, filter }]);
    const again = await api.ask('POST', '/v1/views', { body: { name: 'failed in b', filter } });
    expect(again.status).toBe(400);
    const fits = all.filter((run) => run.status === 'failed' && run.lane === 'B').length;
    expect((await list()).saved).toMatchObject([{ name: 'Failed in B', runs: { count: fits, more: false } }]);
    expect((await api.ask('POST', '/v1/views/Failed%20in%20B/delete')).status).toBe(200);
    expect((await list()).saved).toEqual([]);
  });

  test('those that are built in are counted', async () => {
    const counts = new Map((await list()).builtIn.map(({ viewId, runs }) => [viewId, runs]));
    expect(counts.get('all')).toEqual({ count: all.length, more: false });
    expect(counts.get('person')?.count).toBe(all.filter(({ status }) => status === 'waiting').length);
  });

  test('one of my own is nobody else’s; a shared one is everybody’s, and an administrator’s to make', async () => {
    const reader = { 'x-api-key': await api.key('run:read') };
    await api.ask('POST', '/v1/views', { body: { name: 'Mine alone', filter: {} } });
    expect(
      (await api.ask('POST', '/v1/views', { body: { name: 'Ours', filter: {}, shared: true }, headers: reader }))
        .status,
    ).toBe(403);
    await api.ask('POST', '/v1/views', { body: { name: 'Ours', filter: {}, shared: true } });
    expect((await list(reader)).saved.map(({ name }) => name)).toEqual(['Ours']);
    expect((await api.ask('POST', '/v1/views/Ours/delete', { headers: reader })).status).toBe(403);
    expect((await api.ask('POST', '/v1/views/Mine%20alone/delete', { headers: reader })).status).toBe(404);
  });

  test('beyond a thousand the count says that there are more', async () => {
    const { database } = api.db;
    await database.engine.query("insert into opsroom.organisations (id, slug, name) values ($1, 'large', 'Large')", [
      LARGE,
    ]);
    await seedRuns(database, { runs: 1_200, org: LARGE });
    expect(await database.door(LARGE, (tx) => countRuns(tx, LARGE, {}))).toEqual({ count: 1000, more: true });
    expect(await database.door(LARGE, (tx) => countRuns(tx, LARGE, { lane: ['A'] }))).toEqual({
      count: 300,
      more: false,
    });
  });
});
