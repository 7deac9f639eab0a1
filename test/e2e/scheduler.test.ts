import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '#db/database.js';
import { openDatabase } from '#db/database.js';
import { readTimes } from '#trigger/cron.js';
import { nextAfter } from '#trigger/due.js';
import { type FireRow, insertFire, listFires, type Older } from '#trigger/fire-store.js';
import type { Outcome, StartRequest } from '#trigger/request.js';
import { findSchedule, insertSchedule, type NewSchedule, pauseSchedule } from '#trigger/schedule-store.js';
import { Scheduler, type SchedulerParts } from '#trigger/scheduler.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { ORG } from '../harness/engine.js';
import { verifies } from '../harness/requirements.js';

let db: TestDatabase;
let other: Database;
beforeAll(async () => {
  db = await testDatabase();
  other = openDatabase({ url: db.url, applicationName: 'another process' });
});
afterAll(async () => {
  await other?.close();
  await db?.close();
});
beforeEach(() => db.database.engine.query('delete from opsroom.schedules'));

const ID = '019ab3c0-0000-7000-8000-000000000001';
const START = new Date('2026-06-01T12:00:00Z');

/** A clock that a test sets. */
function handClock(now = START) {
  const clock = { at: now.getTime(), now: () => new Date(clock.at), monotonicMs: () => clock.at };
  return clock;
}

const schedule = (more: Partial<NewSchedule> = {}): NewSchedule => ({
  org: ORG,
  id: ID,
  name: 'nightly',
  cron: '* * * * *',
  zone: 'UTC',
  plan: { digest: 'a'.repeat(64) },
  planTitle: 'Back up',
  inputs: {},
  lane: null,
  session: null,
  host: 'here',
  folder: null,
  overlap: 'allow',
  catchUp: 'none',
  catchUpMost: 10,
  jitterS: 0,
  madeBy: 'user:ada@here',
  person: null,
  key: null,
  ...more,
});

async function make(more: Partial<NewSchedule> = {}, now = START): Promise<void> {
  const made = schedule(more);
  const { id, cron, zone, jitterS, catchUp, catchUpMost: most } = made;
  const next = nextAfter({ id, times: readTimes(cron, zone), jitterS, catchUp, most }, now);
  if (!next) throw new Error('no next time');
  await insertSchedule(db.database.engine, made, next, now);
}

/** Notes what is started, and says what the test wants. */
function starter(say: (request: StartRequest) => Outcome | Promise<Outcome> = () => refused) {
  const started: StartRequest[] = [];
  const start = async (request: StartRequest): Promise<Outcome> => {
    started.push(request);
    return say(request);
  };
  return { started, start };
}
/** What leaves nothing behind that goes on. */
const refused: Outcome = { state: 'refused', code: 'TEST', reason: 'only a test' };
const log = { warn: () => undefined };
const minute = (n: number) => new Date(START.getTime() + n * 60_000);

function scheduler(parts: Pick<SchedulerParts, 'clock' | 'start'> & Partial<SchedulerParts>): Scheduler {
  return new Scheduler({
    database: db.database,
    host: 'here',
    log,
    cancel: async () => undefined,
    notePause: async () => undefined,
    ...parts,
  });
}

const fires = (): Promise<FireRow[]> => listFires(db.database.engine, ORG, ID, { limit: 1000, before: undefined });
const states = async () =>
  (await fires())
    .reverse()
    .map(({ dueAt, state, times }) => `${dueAt.toISOString().slice(11, 16)} ${state}${times > 1 ? ` ×${times}` : ''}`);

/** A run of this id that goes on. */
async function goingRun(id: string): Promise<Outcome> {
  await db.database.engine.query(
    `insert into opsroom.plans (org_id, digest, body) values ($1, repeat('a', 64), '{"title":"x","steps":[]}') on conflict do nothing`,
    [ORG],
  );
  await db.database.engine.query(
    `insert into opsroom.runs (org_id, id, plan_digest, title, inputs, inputs_digest, target, lane, requested_by, status, host, workspace, queued_at)
     values ($1, $2, repeat('a', 64), 'x', '{}', '', '{}', 'A', 'cron:nightly', 'waiting', 'here', '{}', clock_timestamp())`,
    [ORG, id],
  );
  return { state: 'started', runId: id };
}
const endRuns = () =>
  db.database.engine.query(
    "update opsroom.runs set status = 'succeeded', ended_at = clock_timestamp() where status = 'waiting'",
  );
const runId = (n: number) => `019ab3c0-0000-7000-8000-1${String(n).padStart(11, '0')}`;

test(verifies('RUN-13', 'two that look at once start each of 200 times once'), async () => {
  await make();
  const clock = handClock();
  const { started, start } = starter();
  const both = [scheduler({ clock, start }), scheduler({ clock, start, database: other })];
  for (let minute = 1; minute <= 200; minute++) {
    clock.at = START.getTime() + minute * 60_000;
    await Promise.all([...both, ...both].map((one) => one.look()));
  }
  const times = started.map(({ once }) => once);
  expect(new Set(times).size).toBe(200);
  expect(times).toHaveLength(200);
  expect(await fires()).toHaveLength(200);
});

describe('a clock', () => {
  test(verifies('RUN-13', 'that jumps back and forth makes no time fire twice, and stops none'), async () => {
    await make({ catchUp: 'last' });
    const clock = handClock();
    const { started, start } = starter();
    const one = scheduler({ clock, start });
    for (const minutes of [1, 2, 1.5, 0.5, 3, 2.9, 3.1, 600, 3.5, 4, 5, 4.2, 6]) {
      clock.at = START.getTime() + minutes * 60_000;
      await one.look();
    }
    const minutes = started.map(({ once }) => (Date.parse(once.slice(ID.length + 1)) - START.getTime()) / 60_000);
    expect(minutes).toHaveLength(new Set(minutes).size);
    // 598 was caught up with, 599 and 600 came, while the clock was ahead; back again, the times go on where they were.
    expect(minutes.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 598, 599, 600]);
  });

  test('that goes back by a year does not silence a schedule until then', async () => {
    await make({}, new Date('2027-06-01T12:00:00Z'));
    const clock = handClock(new Date('2027-06-01T12:00:00Z'));
    const { started, start } = starter();
    const one = scheduler({ clock, start });
    await one.look();
    clock.at = START.getTime() + 30_000;
    await one.look();
    clock.at += 30_000;
    await one.look();
    expect(started.map(({ once }) => once.slice(ID.length + 1))).toEqual(['2026-06-01T12:01:00.000Z']);
  });
});

describe('after downtime', () => {
  test.each([
    ['none', ['12:01 missed ×30', '12:31 refused'], 'catches up with nothing'],
    ['last', ['12:01 missed ×29', '12:30 refused', '12:31 refused'], 'the last only'],
    [
      'all',
      ['12:01 missed ×27', '12:28 refused', '12:29 refused', '12:30 refused', '12:31 refused'],
      'the latest only',
    ],
  ] as const)(verifies('RUN-13', 'catch-up %s: %j'), async (catchUp, expected, reason) => {
    await make({ catchUp, catchUpMost: 3 });
    const clock = handClock(new Date(START.getTime() + 31.5 * 60_000));
    await scheduler({ clock, ...starter() }).look();
    expect(await states()).toEqual(expected);
    expect((await fires()).at(-1)?.reason).toContain(reason);
  });
});

describe('overlap', () => {
  const three = async (overlap: NewSchedule['overlap'], cancelled: Older[] = []) => {
    await make({ overlap });
    const clock = handClock();
    let n = 0;
    const { started, start } = starter(() => goingRun(runId(n++)));
    await db.database.engine.query('delete from opsroom.runs');
    const cancel: SchedulerParts['cancel'] = async (_, older) => void cancelled.push(older);
    const one = scheduler({ clock, start, cancel });
    for (const minute of [1, 2, 3]) {
      clock.at = START.getTime() + minute * 60_000;
      await one.look();
    }
    const before = await states();
    await endRuns();
    await one.look();
    return { started, before, after: await states(), one };
  };

  test(verifies('RUN-13', 'skip: what comes while a run goes on is skipped, with the reason'), async () => {
    const { before, after } = await three('skip');
    expect(before).toEqual(['12:01 started', '12:02 skipped', '12:03 skipped']);
    expect(after).toEqual(before);
    expect((await fires())[0]?.reason).toContain('had not ended');
  });

  test(verifies('RUN-13', 'queue: it waits, and begins one by one in order'), async () => {
    const { before, after, one } = await three('queue');
    expect(before).toEqual(['12:01 started', '12:02 queued', '12:03 queued']);
    expect(after).toEqual(['12:01 started', '12:02 started', '12:03 queued']);
    await endRuns();
    await one.look();
    expect(await states()).toEqual(['12:01 started', '12:02 started', '12:03 started']);
  });

  test(
    verifies('RUN-13', 'cancel: the older run is told once, and only the latest time begins when it has ended'),
    async () => {
      const cancelled: Older[] = [];
      const { before, after } = await three('cancel', cancelled);
      expect(before).toEqual(['12:01 started', '12:02 skipped', '12:03 queued']);
      expect(after).toEqual(['12:01 started', '12:02 skipped', '12:03 started']);
      expect(cancelled).toEqual([{ runId: runId(0), intentId: null }]);
    },
  );

  test(verifies('RUN-13', 'allow: all of them run'), async () => {
    expect((await three('allow')).before).toEqual(['12:01 started', '12:02 started', '12:03 started']);
  });
});

describe('a run that its plan starts anew', () => {
  const looked = async (n: number, start: SchedulerParts['start']) => {
    const clock = handClock(minute(n));
    await scheduler({ clock, start }).look();
    return (await fires())[0]?.state;
  };
  const ended = async (earlier: string) => {
    await db.database.engine.query(
      `update opsroom.runs set status = 'failed', ended_at = clock_timestamp() - $1::interval where ended_at is null`,
      [earlier],
    );
  };

  test(verifies('RUN-13', 'goes on: the next time does not begin beside it'), async () => {
    await make({ overlap: 'skip' });
    await db.database.engine.query('delete from opsroom.runs');
    const { start } = starter(() => goingRun(runId(0)));
    expect(await looked(1, start)).toBe('started');
    await ended('1 hour');
    await goingRun(runId(1));
    await db.database.engine.query('update opsroom.runs set parent_id = $1, restart = 2 where id = $2', [
      runId(0),
      runId(1),
    ]);
    expect(await looked(2, start)).toBe('skipped');
    await ended('1 hour');
    expect(await looked(3, () => goingRun(runId(2)))).toBe('started');
  });

  test('goes on also in the moment before it is started anew', async () => {
    await make({ overlap: 'skip' });
    await db.database.engine.query('delete from opsroom.runs');
    const { start } = starter(() => goingRun(runId(0)));
    expect(await looked(1, start)).toBe('started');
    await db.database.engine.query(
      `insert into opsroom.plans (org_id, digest, body) values ($1, repeat('b', 64), '{"steps":[],"retry":{"maxAttempts":2}}')`,
      [ORG],
    );
    await db.database.engine.query("update opsroom.runs set plan_digest = repeat('b', 64)");
    await ended('1 second');
    expect(await looked(2, start)).toBe('skipped');
    await db.database.engine.query('update opsroom.runs set restart = 2');
    expect(await looked(3, () => goingRun(runId(1)))).toBe('started');
  });
});

describe('times that wait', () => {
  const other = (n: number) => `019ab3c0-0000-7000-8000-2${String(n).padStart(11, '0')}`;
  const queue = async (id: string, dueAt: Date) => {
    await insertFire(db.database.engine, ORG, id, {
      dueAt,
      cause: 'time',
      state: 'queued',
      reason: null,
      askedBy: null,
    });
  };

  test('begin although those of many others, here and elsewhere, cannot', async () => {
    await db.database.engine.query('delete from opsroom.runs');
    for (let n = 0; n < 60; n++) {
      const file = n % 2 === 0 ? ({ plan: { file: 'ops/a.yaml' }, host: 'gone' } as const) : {};
      await make({ id: other(n), name: `other-${n}`, overlap: 'queue', ...file });
      await queue(other(n), minute(-60));
      if (n % 2 === 0) continue;
      await goingRun(runId(n));
      await db.database.engine.query(
        `insert into opsroom.schedule_fires (org_id, schedule_id, due_at, cause, state, run_id) values ($1, $2, $3, 'time', 'started', $4)`,
        [ORG, other(n), minute(-61), runId(n)],
      );
    }
    const last = other(99_999_999_999);
    await make({ id: last, name: 'last', overlap: 'queue' });
    await queue(last, minute(-1));
    const { started, start } = starter();
    const one = scheduler({ clock: handClock(), start });
    for (let look = 0; look < 3; look++) await one.look();
    expect(started.map(({ by }) => by)).toEqual(['cron:last']);
  });

  test('stay while their schedule is paused, and begin when it is resumed', async () => {
    await make({ overlap: 'queue' });
    await queue(ID, minute(-1));
    const { started, start } = starter();
    const one = scheduler({ clock: handClock(), start });
    await pauseSchedule(db.database.engine, ORG, ID, 'person:ada@ops.example');
    await one.look();
    expect(await states()).toEqual(['11:59 queued']);
    await db.database.engine.query('update opsroom.schedules set paused_at = null');
    await one.look();
    expect(started).toHaveLength(1);
  });
});

test(
  verifies('RUN-13', 'a crash between the claim and the start is healed by another, under the same name'),
  async () => {
    await make();
    const clock = handClock(new Date(START.getTime() + 60_000));
    const dead = starter(() => Promise.reject(new Error('the process dies here')));
    await scheduler({ clock, start: dead.start }).look();
    expect(await states()).toEqual(['12:01 claimed']);
    const alive = starter();
    await scheduler({ clock, start: alive.start, database: other }).look();
    expect(alive.started).toEqual([]);
    await scheduler({ clock, start: alive.start, database: other, claimMs: 0 }).look();
    expect(alive.started.map(({ once }) => once)).toEqual(dead.started.map(({ once }) => once));
    expect(await states()).toEqual(['12:01 refused']);
  },
);

test('what never comes to an end is given up', async () => {
  await make();
  const clock = handClock(new Date(START.getTime() + 60_000));
  const dead = starter(() => Promise.reject(new Error('no')));
  const one = scheduler({ clock, start: dead.start, claimMs: 0 });
  for (let i = 0; i < 25; i++) await one.look();
  expect(await states()).toEqual(['12:01 refused']);
  expect((await fires())[0]).toMatchObject({ code: 'INTERRUPTED', reason: expect.stringContaining('20 times') });
});

test('what follows a file is left to the machine on which it was made', async () => {
  await make({ plan: { file: 'ops/backup.md' }, host: 'elsewhere' });
  const clock = handClock(new Date(START.getTime() + 60_000));
  const { started, start } = starter();
  await scheduler({ clock, start }).look();
  expect(started).toEqual([]);
  await scheduler({ clock, start, host: 'elsewhere' }).look();
  expect(started).toHaveLength(1);
});

test(verifies('RUN-13', 'a schedule that is paused does not fire'), async () => {
  await make();
  await db.database.engine.query('update opsroom.schedules set paused_at = clock_timestamp()');
  const { started, start } = starter();
  await scheduler({ clock: handClock(new Date(START.getTime() + 600_000)), start }).look();
  expect(started).toEqual([]);
});

test('fired by hand it is started as whoever asks, and what is left behind is not started as the schedule', async () => {
  await make();
  const clock = handClock();
  const own = starter();
  const one = scheduler({ clock, start: own.start, claimMs: 0 });
  const row = await findSchedule(db.database.engine, ORG, ID);
  if (!row) throw new Error('no schedule');
  const theirs = starter(() => Promise.reject(new Error('the process dies here')));
  await expect(one.fireNow(row, 'person:bob@ops.example', theirs.start)).rejects.toThrow('dies here');
  await one.look();
  expect(own.started).toEqual([]);
  expect((await fires())[0]).toMatchObject({ cause: 'now', state: 'refused', askedBy: 'person:bob@ops.example' });
});

describe('a schedule that this machine cannot read', () => {
  const OTHER = '019ab3c0-0000-7000-8000-000000000002';
  const unreadable = async () => {
    await make({ name: 'elsewhere' });
    await db.database.engine.query("update opsroom.schedules set zone = 'Mars/Olympus_Mons'");
    await make({ id: OTHER, name: 'innocent' });
  };

  test('holds up no other, and is left for a while to a machine that may know its zone', async () => {
    await unreadable();
    const { started, start } = starter();
    await scheduler({ clock: handClock(new Date(START.getTime() + 60_000)), start }).look();
    expect(started.map(({ by }) => by)).toEqual(['cron:innocent']);
    expect(await findSchedule(db.database.engine, ORG, ID)).toMatchObject({ pausedAt: null, nextDue: minute(1) });
  });

  test('is paused with the reason when none does', async () => {
    await unreadable();
    const paused: string[] = [];
    const notePause: SchedulerParts['notePause'] = async (_, { name }, reason) =>
      void paused.push(`${name}: ${reason}`);
    const { started, start } = starter();
    await scheduler({ clock: handClock(new Date(START.getTime() + 180_000)), start, notePause }).look();
    expect(started.length).toBeGreaterThan(0);
    const row = await findSchedule(db.database.engine, ORG, ID);
    expect(row?.pausedBy).toMatch(/^here, which cannot read its times: "Mars\/Olympus_Mons" is no time zone/);
    expect(paused).toEqual([`elsewhere: ${row?.pausedBy}`]);
  });
});
