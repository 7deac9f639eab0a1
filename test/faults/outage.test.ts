import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';
import { Fleet, LEASE_MS } from './fleet.js';
import { violations, workersLeft } from './invariants.js';
import { effectStep, mixedPlan, plan } from './plans.js';
import { Proxy } from './proxy.js';
import { faultSeed, seeded } from './random.js';

let fleet: Fleet;
let proxy: Proxy;
beforeAll(async () => {
  fleet = await Fleet.open();
  proxy = await Proxy.start(fleet.db.url);
});
afterEach(async () => {
  proxy.mend();
  await fleet.drain();
  expect(fleet.crashes.splice(0)).toEqual([]);
  expect(await violations(fleet.sql)).toEqual([]);
});
afterAll(async () => {
  await fleet?.close();
  await proxy?.close();
});

const submitMany = (count: number, random: () => number) =>
  Promise.all(Array.from({ length: count }, () => fleet.engine.submit(mixedPlan(random, ['idempotent', 'proving']))));
const workerIds = async () => (await fleet.sql.query('select id from opsroom.workers order by id')).rows;
const takeovers = async (runs: readonly string[]) =>
  (await fleet.sql.query('select coalesce(sum(takeovers), 0)::int as n from opsroom.runs where id = any ($1)', [runs]))
    .rows[0];

describe('a lost reply', () => {
  test.each([
    ['commit_turns', 4],
    ['take_runs', 2],
    ['opsroom.beat', 3],
    ['give_up_runs', 1],
  ])('of %s: the ledger tells what became of it', async (request, count) => {
    const random = seeded(faultSeed());
    await Promise.all([1, 2].map(() => fleet.spawn({ url: proxy.url })));
    // Giving up follows from a commit whose outcome is unknown.
    if (request === 'give_up_runs') proxy.loseReplies('commit_turns', 1);
    const runs = await submitMany(4, random);
    if (request !== 'give_up_runs') proxy.loseReplies(request, count);
    else {
      await eventually(() => proxy.lost);
      proxy.loseReplies(request, count);
    }
    while (!proxy.lost) runs.push(...(await submitMany(4, random)), ...(await pause(50)));
    const statuses = await fleet.settled(runs);
    expect(statuses.succeeded ?? 0).toBeGreaterThan(runs.length * 0.3);
  });
});

test('a run that was lost is taken again only when its calls are over', async () => {
  await fleet.spawn({ url: proxy.url });
  const steps = [
    effectStep('a', 'idempotent', { args: { ms: 150 } }),
    effectStep('b', 'idempotent', { args: { ms: 1500, stubborn: true } }),
  ];
  const run = await fleet.engine.submit(plan(steps));
  await eventually(
    async () =>
      (await fleet.sql.query("select 1 from opsroom.step_attempts where run_id = $1 and status = 'running'", [run]))
        .rowCount === 2,
  );
  proxy.loseReplies('commit_turns', 1);
  expect(await fleet.settled([run])).toEqual({ succeeded: 1 });
  expect(proxy.lost).toBe(true);
  const { rows } = await fleet.sql.query(
    `select a.started_at >= e.at as after from opsroom.step_attempts a join faults.effects e on e.run = a.run_id and e.step = a.step_id
     where a.run_id = $1 and a.step_id = 'b' and a.attempt = 2 and e.attempt = 1`,
    [run],
  );
  expect(rows).toEqual([{ after: true }]);
});

describe('the database is away', () => {
  test(verifies('RUN-04', 'for longer than the lease: of three workers nobody is deposed'), {
    timeout: 60_000,
  }, async () => {
    await Promise.all([1, 2, 3].map(() => fleet.spawn({ url: proxy.url })));
    const before = await workerIds();
    const long = effectStep('a', 'idempotent', { args: { ms: 3000 } });
    const runs = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        fleet.engine.submit(plan([long, effectStep('b', 'proving', { dependsOn: ['a'] })]), {
          lane: 'ABC'[n % 3] ?? 'A',
          by: `user ${n % 3}`,
        }),
      ),
    );
    await eventually(
      async () =>
        (
          await fleet.sql.query("select 1 from opsroom.step_attempts where run_id = any ($1) and status = 'running'", [
            runs,
          ])
        ).rowCount === 12,
    );
    proxy.cut();
    await pause(4 * LEASE_MS);
    proxy.mend();
    expect(await fleet.settled(runs)).toEqual({ succeeded: 12 });
    expect(await takeovers(runs)).toEqual({ n: 0 });
    expect(await workerIds()).toEqual(before);
  });

  test('again and again for a moment: what can go on goes on', { timeout: 60_000 }, async () => {
    const random = seeded(faultSeed());
    await Promise.all([1, 2].map(() => fleet.spawn({ url: proxy.url })));
    const runs: string[] = [];
    for (let n = 0; n < 6; n++) {
      runs.push(...(await submitMany(6, random)));
      await pause(random() * 500);
      proxy.cut();
      await pause(random() * 800);
      proxy.mend();
    }
    const statuses = await fleet.settled(runs);
    expect(statuses.succeeded ?? 0).toBeGreaterThan(runs.length * 0.3);
    expect(await takeovers(runs)).toEqual({ n: 0 });
  });

  test('silently, for one of two workers: it is deposed, comes back, and can work alone', {
    timeout: 90_000,
  }, async () => {
    const random = seeded(faultSeed());
    const [, healthy] = [await fleet.spawn({ url: proxy.url }), await fleet.spawn()];
    const runs = await submitMany(12, random);
    await pause(100);
    proxy.hush();
    runs.push(...(await submitMany(12, random)));
    await fleet.settled(runs);
    await eventually(async () => (await workersLeft(fleet.sql)) === 1);
    if (healthy) await fleet.kill(healthy);
    proxy.mend();
    const after = await submitMany(24, random);
    const statuses = await fleet.settled(after);
    expect((statuses.succeeded ?? 0) + (statuses.failed ?? 0) + (statuses.rolled_back ?? 0)).toBe(24);
  });
});

describe('a worker that is stopped for longer than its lease', () => {
  test(verifies('RUN-04', 'finds its writes refused when it goes on'), { timeout: 60_000 }, async () => {
    const stopped = await fleet.spawn({ host: 'one' });
    const steps = [
      effectStep('a', 'idempotent', { args: { ms: 800 } }),
      effectStep('b', 'proving', { dependsOn: ['a'] }),
    ];
    const runs = await Promise.all(Array.from({ length: 4 }, () => fleet.engine.submit(plan(steps))));
    await eventually(
      async () =>
        (
          await fleet.sql.query("select 1 from opsroom.step_attempts where run_id = any ($1) and status = 'running'", [
            runs,
          ])
        ).rowCount === 4,
    );
    stopped.child.kill('SIGSTOP');
    await fleet.spawn({ host: 'two' });
    await eventually(async () => (await workersLeft(fleet.sql)) === 1);
    stopped.child.kill('SIGCONT');
    expect(await fleet.settled(runs)).toEqual({ succeeded: 4 });
    // It joins again under another name.
    await eventually(async () => (await workersLeft(fleet.sql)) === 2);
    const owners = 'select distinct epoch from opsroom.step_attempts where run_id = any ($1) order by epoch';
    expect((await fleet.sql.query(owners, [runs])).rowCount).toBeGreaterThan(1);
  });
});

const pause = (ms: number): Promise<never[]> => new Promise((resolve) => setTimeout(() => resolve([]), ms));
