import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { giveUpRuns, releaseRuns } from '#execute/workers/store.js';
import type { RunStatus } from '#ir/state.js';
import { uuidv7 } from '#kit/ids.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { ORG } from '../harness/engine.js';
import { verifies } from '../harness/requirements.js';

interface Queued {
  readonly lane: 'A' | 'B';
  readonly user: string;
  readonly priority: number;
  readonly key: string | null;
  readonly status: RunStatus;
  /** Its time has not come. */
  readonly later: boolean;
}

interface Case {
  readonly widths: Readonly<Record<Queued['lane'], number>>;
  readonly perUser: number;
  /** In the order in which they were submitted. */
  readonly runs: readonly Queued[];
}

const HOLDS: readonly RunStatus[] = ['released', 'running', 'pausing'];
const OWNED: readonly RunStatus[] = ['running', 'pausing'];
const STARTED: readonly RunStatus[] = ['running', 'pausing', 'waiting', 'paused'];

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  await db.database.engine.query("insert into opsroom.plans (org_id, digest, body) values ($1, $2, '{}')", [
    ORG,
    'a'.repeat(64),
  ]);
});
afterAll(() => db?.close());

/** Sets the tables up as the case says, releases, and answers each run's status. */
async function released(given: Case): Promise<RunStatus[]> {
  const sql = db.database.engine;
  await sql.query('truncate opsroom.runs');
  await sql.query('update opsroom.organisations set running_per_user = $2 where id = $1', [ORG, given.perUser]);
  for (const [lane, width] of Object.entries(given.widths))
    await sql.query('update opsroom.lanes set width = $3 where org_id = $1 and lane = $2', [ORG, lane, width]);
  const ids = given.runs.map(() => uuidv7());
  for (const [n, run] of given.runs.entries())
    await sql.query(
      `insert into opsroom.runs (org_id, id, plan_digest, title, inputs, inputs_digest, target, lane, priority, requested_by, concurrency_key, status,
         owner, workspace, not_before, started_at)
       values ($1, $2, $3, 't', '{}', '', '{}', $4, $5, $6, $7, $8, $9, '{}', $10, $11)`,
      [
        ORG,
        ids[n],
        'a'.repeat(64),
        run.lane,
        run.priority,
        run.user,
        run.key,
        run.status,
        OWNED.includes(run.status) ? uuidv7() : null,
        run.later ? new Date(Date.now() + 3_600_000) : null,
        STARTED.includes(run.status) ? new Date() : null,
      ],
    );
  const { released: count } = await releaseRuns(sql);
  const { rows } = await sql.query<{ id: string; status: RunStatus }>('select id, status from opsroom.runs');
  const after = ids.map((id) => rows.find((r) => r.id === id)?.status ?? 'failed');
  expect(after.filter((status, n) => status !== given.runs[n]?.status)).toHaveLength(count);
  return after;
}

/** Whether one more queued run could be released, by the rules and nothing else. */
function fits({ widths, perUser, runs }: Case, status: readonly RunStatus[], n: number): boolean {
  const run = runs[n];
  if (!run || status[n] !== 'queued' || run.later) return false;
  const others = runs.map((other, k) => ({ ...other, now: status[k] ?? 'queued', k })).filter(({ k }) => k !== n);
  const holding = others.filter(({ now }) => HOLDS.includes(now));
  const lane = holding.filter((o) => o.lane === run.lane).length < widths[run.lane];
  const user = holding.filter((o) => o.user === run.user).length < perUser;
  const held = others.some(
    (o) => run.key !== null && o.key === run.key && (HOLDS.includes(o.now) || STARTED.includes(o.now)),
  );
  return lane && user && !held;
}

/** What is wrong with a release, by a naive reading of the rules. */
function wrong(given: Case, after: readonly RunStatus[]): string[] {
  const { runs, widths, perUser } = given;
  const found: string[] = [];
  const fresh = runs.flatMap((run, n) => (run.status === 'queued' && after[n] === 'released' ? [{ ...run, n }] : []));
  const holding = runs.filter((_, n) => HOLDS.includes(after[n] ?? 'queued'));
  for (const { lane, user, key, later, n } of fresh) {
    if (later) found.push(`${n} was released before its time`);
    if (holding.filter((r) => r.lane === lane).length > widths[lane]) found.push(`lane ${lane} is over its width`);
    if (holding.filter((r) => r.user === user).length > perUser) found.push(`${user} is over the cap`);
    const sharing = runs.filter(
      (r, k) => k !== n && key !== null && r.key === key && [...HOLDS, ...STARTED].includes(after[k] ?? 'queued'),
    );
    if (sharing.length > 0) found.push(`${key} is held twice`);
    const passed = runs.findIndex(
      (r, k) =>
        after[k] === 'queued' &&
        !r.later &&
        r.lane === lane &&
        r.user === user &&
        r.key === null &&
        (r.priority > (runs[n]?.priority ?? 0) || (r.priority === runs[n]?.priority && k < n)),
    );
    if (passed >= 0) found.push(`${n} was released before ${passed}, which comes first`);
  }
  runs.forEach((_, n) => {
    if (fits(given, after, n)) found.push(`${n} could have been released`);
  });
  return found;
}

const queued = fc.record<Queued>({
  lane: fc.constantFrom('A', 'B'),
  user: fc.constantFrom('u', 'v', 'w'),
  priority: fc.integer({ min: -1, max: 2 }),
  key: fc.option(fc.constantFrom('k', 'l'), { freq: 2 }),
  status: fc.oneof(
    { weight: 6, arbitrary: fc.constant<RunStatus>('queued') },
    {
      weight: 2,
      arbitrary: fc.constantFrom<RunStatus>('released', 'running', 'pausing', 'waiting', 'paused', 'succeeded'),
    },
  ),
  later: fc.boolean(),
});
const cases = fc.record<Case>({
  widths: fc.record({ A: fc.integer({ min: 1, max: 4 }), B: fc.integer({ min: 1, max: 4 }) }),
  perUser: fc.integer({ min: 1, max: 4 }),
  runs: fc.array(
    queued.map((r) => (r.later && r.priority > 0 ? { ...r, later: false } : r)),
    { maxLength: 16 },
  ),
});

describe('releasing queued runs', () => {
  test(verifies('RUN-02', 'lanes, user caps, keys and priorities hold, and nothing that fits stays behind'), {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        expect(wrong(given, await released(given))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('the naive reading finds what is wrong', () => {
    const run: Queued = { lane: 'A', user: 'u', priority: 0, key: 'k', status: 'queued', later: false };
    const given: Case = { widths: { A: 1, B: 1 }, perUser: 1, runs: [run, { ...run, priority: 1, key: null }] };
    expect(wrong(given, ['released', 'released'])).toEqual(
      expect.arrayContaining(['lane A is over its width', 'u is over the cap']),
    );
    expect(wrong(given, ['released', 'queued'])).toEqual(['0 was released before 1, which comes first']);
    expect(wrong(given, ['queued', 'queued'])).toEqual(['0 could have been released', '1 could have been released']);
    expect(
      wrong({ ...given, perUser: 2, widths: { A: 2, B: 1 }, runs: [run, run] }, ['released', 'released']),
    ).toContain('k is held twice');
  });

  test('many releases at once never overfill a lane', async () => {
    const run: Queued = { lane: 'A', user: 'u', priority: 0, key: null, status: 'queued', later: false };
    await released({ widths: { A: 1, B: 1 }, perUser: 1, runs: Array.from({ length: 30 }, () => run) });
    await db.database.engine.query(
      'update opsroom.organisations set running_per_user = 100; update opsroom.lanes set width = 4',
    );
    const counts = await Promise.all(Array.from({ length: 8 }, () => releaseRuns(db.database.engine)));
    expect(counts.reduce((sum, { released: n }) => sum + n, 0)).toBe(3);
  });
});

test('the only worker is told what was released, as far as it has room and the run may be its own; others are sent jobs', async () => {
  const sql = db.database.engine;
  const worker = async (host: string) => {
    const id = uuidv7();
    const row = "insert into opsroom.workers (id, host, pid, takes) values ($1, $2, 1, 'all')";
    await sql.query(row, [id, host]);
    return id;
  };
  const release = async (host: string | null, near: { worker: string; room: number }) => {
    const run: Queued = { lane: 'A', user: 'u', priority: 0, key: null, status: 'queued', later: false };
    await released({ widths: { A: 1, B: 1 }, perUser: 10, runs: [run, run, run, run] });
    await sql.query('delete from graphile_worker._private_jobs; update opsroom.lanes set width = 3');
    await sql.query("update opsroom.runs set status = 'queued', host = $1", [host]);
    const told = await releaseRuns(sql, near);
    const jobs = await sql.query('select 1 from graphile_worker._private_jobs');
    return { released: told.released, near: told.near.length, jobs: jobs.rowCount };
  };
  await sql.query('truncate opsroom.workers');
  const one = await worker('here');
  expect(await release(null, { worker: one, room: 10 })).toEqual({ released: 3, near: 3, jobs: 0 });
  expect(await release('here', { worker: one, room: 2 })).toEqual({ released: 3, near: 2, jobs: 1 });
  expect(await release('elsewhere', { worker: one, room: 10 })).toEqual({ released: 3, near: 0, jobs: 3 });
  await worker('elsewhere');
  expect(await release(null, { worker: one, room: 10 })).toEqual({ released: 3, near: 0, jobs: 3 });
  await sql.query('truncate opsroom.workers');
});

test('runs that are given up are hinted at once, not left to the sweep', async () => {
  const sql = db.database.engine;
  const run: Queued = { lane: 'A', user: 'u', priority: 0, key: null, status: 'running', later: false };
  await released({ widths: { A: 4, B: 1 }, perUser: 4, runs: [run, run] });
  await sql.query("update opsroom.runs set owner = '00000000-0000-7000-8000-0000000000aa'");
  const jobs = async () =>
    (await sql.query<{ n: number }>('select count(*)::int as n from graphile_worker.jobs')).rows[0]?.n ?? 0;
  const before = await jobs();
  await giveUpRuns(sql, '00000000-0000-7000-8000-0000000000aa', null);
  expect((await jobs()) - before).toBe(2);
});
