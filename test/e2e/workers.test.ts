import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '#db/database.js';
import type { Worker } from '#execute/worker.js';
import { startDispatch } from '#execute/workers/dispatch.js';
import type { PlanSource } from '#ir/plan.js';
import { systemClock } from '#kit/clock.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { type Engine, ended, failed, functionTool, ok, testEngine } from '../harness/engine.js';
import { eventually } from '../harness/processes.js';

let db: TestDatabase;
let engine: Engine;
let worker: Worker | undefined;

const flaky = functionTool('flaky', (_, { id }) => (id.attempt === 1 ? failed('not yet') : ok()));
const plan = (steps: object[], more: object = {}): PlanSource =>
  ({ apiVersion: 'opsroom/v1', title: 'test', steps, ...more }) as PlanSource;

beforeAll(async () => {
  db = await testDatabase();
  engine = await testEngine(db.database, db.url, {
    tools: [flaky],
    keys: await mkdtemp(join(tmpdir(), 'opsroom-keys-')),
  });
});
afterEach(async () => {
  await worker?.drain(1000);
  worker = undefined;
});
afterAll(() => db?.close());

const HOUR_MS = 3_600_000;

/** Seconds until a run goes on, by the clock that decides about it. */
const secondsToWake = async (id: string): Promise<number> => {
  const text = 'select extract(epoch from wake_at - clock_timestamp())::float8 as s from opsroom.runs where id = $1';
  const { rows } = await db.database.engine.query<{ s: number }>(text, [id]);
  return rows[0]?.s ?? Number.NaN;
};

/** A database that remembers the pools that were opened beside the engine's own. */
const watched = () => {
  const opened: Pool[] = [];
  const database: Database = {
    ...db.database,
    pool: (options) => {
      const pool = db.database.pool(options);
      opened.push(pool);
      return pool;
    },
  };
  return { database, opened };
};

/** A pool that refuses the second statement that holds the text. */
const refusing = (pool: Pool, text: string): Pool => {
  let seen = 0;
  return new Proxy(pool, {
    get: (target, name): unknown => {
      const member: unknown = Reflect.get(target, name);
      if (name !== 'query' || typeof member !== 'function') return member;
      return (...args: [{ readonly text?: string }, ...unknown[]]): unknown => {
        if (args[0].text?.includes(text) && ++seen === 2) return Promise.reject(new Error('refused by the test'));
        return Reflect.apply(member, target, args);
      };
    },
  });
};

describe.each([
  ['an hour ahead', HOUR_MS],
  ['an hour behind', -HOUR_MS],
])('a worker whose clock is %s', (_, wrongMs) => {
  const start = async () => {
    const clock = { ...systemClock, now: () => new Date(systemClock.now().getTime() + wrongMs) };
    worker = await engine.worker({ ports: { ...engine.ports, clock } });
  };
  test('parks a retry and a wait for as long as the plan says', async () => {
    await start();
    const retryPolicy = { maxAttempts: 2, backoffMs: 60_000, backoffMultiplier: 1 };
    const runs = await Promise.all([
      engine.submit(plan([{ id: 'a', tool: 'flaky', retryPolicy }])),
      engine.submit(plan([{ id: 'a', kind: 'system', action: 'wait', args: { durationMs: 60_000 } }])),
    ]);
    for (const id of runs) {
      await engine.until(id, (r) => r.status === 'waiting');
      const seconds = await secondsToWake(id);
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(61);
    }
  });

  test('neither times a run out early, nor dates its steps by its own clock', async () => {
    await start();
    const id = await engine.submit(plan([{ id: 'a', tool: 'noop' }], { timeoutMs: 60_000 }));
    const run = await engine.until(id, ended);
    expect(run.status).toBe('succeeded');
    const [attempt] = await engine.attempts(id);
    expect(Math.abs((attempt?.startedAt.getTime() ?? 0) - run.created_at.getTime())).toBeLessThan(HOUR_MS / 2);
  });

  test('waits until a time that is named, by the right time', async () => {
    await start();
    const until = new Date(systemClock.now().getTime() + 60_000).toISOString();
    const id = await engine.submit(plan([{ id: 'a', kind: 'system', action: 'wait', args: { until } }]));
    const parked = await engine.until(id, (r) => r.status === 'waiting');
    expect(parked.wake_at?.toISOString()).toBe(until);
  });
});

describe('connections', () => {
  test('a worker that is deposed and joins anew lets go of those it had, and of all when it is drained', async () => {
    const { database, opened } = watched();
    worker = await engine.worker({ database });
    const before = opened.length;
    await db.database.engine.query('delete from opsroom.workers');
    await eventually(async () => opened.length > before);
    await worker.drain(1000);
    worker = undefined;
    // Of the first dispatcher it is not waited for: over connections that fell silent that would take long.
    await eventually(async () => opened.every((pool) => pool.ended));
    expect(opened).toHaveLength(before + 1);
  });

  test('a dispatcher that ended by itself is followed by one, though that cannot be noted', async () => {
    const { database, opened } = watched();
    worker = await engine.worker({ database: { ...database, engine: refusing(database.engine, 'set pool_id') } });
    const before = opened.length;
    // Graphile Worker ends itself when a newer version changes its tables.
    await db.database.engine.query(`select pg_notify('worker:migrate', '{"breaking": true}')`);
    await eventually(() => opened.length > before && opened.some((pool) => pool.ended));
    process.exitCode = undefined;
    const run = await engine.submit(plan([{ id: 'a', tool: 'noop' }]));
    await engine.until(run, ended);
    await worker.drain(1000);
    worker = undefined;
    await eventually(() => opened.every((pool) => pool.ended));
    expect(opened).toHaveLength(before + 1);
  });

  test('a dispatcher that cannot start leaves none behind', async () => {
    const pool = new Pool({ host: '127.0.0.1', port: 1 });
    pool.on('error', () => undefined);
    pool.on('connect', (client) => client.on('error', () => undefined));
    const started = startDispatch({ pool, host: 'here', concurrency: 1, handle: async () => {}, onDeaf: () => {} });
    await expect(started).rejects.toThrow();
    expect(pool.ended).toBe(true);
  });
});
