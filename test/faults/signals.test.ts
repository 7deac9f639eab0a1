import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';
import { Fleet } from './fleet.js';
import { LaneWatch, violations } from './invariants.js';
import { effectStep, mixedPlan, plan } from './plans.js';
import { faultSeed, pick, ROUNDS, seeded } from './random.js';

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.open();
});
afterEach(async () => {
  await fleet.drain();
  expect(fleet.crashes.splice(0)).toEqual([]);
  expect(await violations(fleet.sql)).toEqual([]);
});
afterAll(() => fleet?.close());

const running = (run: string) =>
  eventually(
    async () =>
      (await fleet.sql.query("select 1 from opsroom.step_attempts where run_id = $1 and status = 'running'", [run]))
        .rowCount === 1,
  );
const wasHeard = (run: string) =>
  eventually(
    async () =>
      (await fleet.sql.query("select 1 from opsroom.events where run_id = $1 and type = 'run.signal'", [run]))
        .rowCount === 1,
  );

describe('a signal that was heard outlives the worker that heard it', () => {
  test.each([
    ['cancel', 'cancelled'],
    ['pause', 'paused'],
  ] as const)(verifies('RUN-07', '%s'), async (kind, status) => {
    const victim = await fleet.spawn();
    const long = effectStep('a', 'idempotent', { args: { ms: 4000, stubborn: true } });
    const run = await fleet.engine.submit(plan([long, effectStep('b', 'idempotent', { dependsOn: ['a'] })]));
    await running(run);
    await fleet.send(run, kind);
    await wasHeard(run);
    await fleet.kill(victim);
    await fleet.spawn();
    expect(await fleet.settled([run])).toEqual({ [status]: 1 });
    expect((await fleet.engine.attempts(run)).map((a) => a.step)).not.toContain('b');
  });

  test('a step that was cut short is undone like the others', async () => {
    const victim = await fleet.spawn();
    const rollback = [{ id: 'undo', tool: 'effect', idempotent: true }];
    const cut = effectStep('a', 'idempotent', { args: { ms: 4000, stubborn: true }, rollback });
    const run = await fleet.engine.submit(plan([cut], { onCancel: 'rollback' }));
    await running(run);
    await fleet.kill(victim);
    await fleet.send(run, 'cancel');
    await fleet.spawn();
    await fleet.settled([run]);
    const { rows } = await fleet.sql.query(
      'select step, count(*)::int as n from faults.effects where run = $1 group by step',
      [run],
    );
    expect(rows).toEqual([{ step: 'a/undo', n: 1 }]);
  });
});

test('signals at any instant under load: each is obeyed or refused, none is lost', {
  timeout: 60_000 + ROUNDS * 60_000,
}, async () => {
  const random = seeded(faultSeed());
  for (let round = 0; round < ROUNDS; round++) {
    const watch = new LaneWatch(fleet.sql);
    await Promise.all([1, 2].map(() => fleet.spawn()));
    const asked = new Map<string, Set<string>>();
    for (let n = 0; n < 60; n++) {
      const more = { lane: pick(random, ['A', 'B', 'C', 'D']), by: pick(random, ['u', 'v', 'w']) };
      asked.set(await fleet.engine.submit(mixedPlan(random, ['idempotent', 'proving']), more), new Set());
      for (let k = 0; k < 2; k++) {
        const run = pick(random, [...asked.keys()].slice(-12));
        const kind = pick(random, ['cancel', 'pause', 'resume', 'rollback'] as const);
        if (await fleet.send(run, kind)) asked.get(run)?.add(kind);
      }
      if (n === 30) {
        await fleet.kill(pick(random, [...fleet.members]));
        await fleet.spawn();
      }
    }
    await fleet.settled([...asked.keys()]);
    await watch.stop();
    expect(watch.over).toEqual([]);
    await resumePaused([...asked.keys()]);
    const statuses = await fleet.settled([...asked.keys()]);
    expect(statuses.paused).toBeUndefined();
    expect(statuses.cancelled ?? 0).toBeGreaterThan(3);
    expect(statuses.succeeded ?? 0).toBeGreaterThan(3);
    expect(await lostSignals()).toEqual([]);
    await fleet.drain();
  }
});

async function resumePaused(runs: readonly string[]): Promise<void> {
  const { rows } = await fleet.sql.query<{ id: string }>(
    "select id from opsroom.runs where id = any ($1) and status = 'paused'",
    [runs],
  );
  for (const { id } of rows) await fleet.send(id, 'resume');
}

/** Signals that wait in runs that have come to rest: nobody will look at them. */
async function lostSignals(): Promise<unknown[]> {
  const text = `select s.run_id, s.kind, r.status from opsroom.signals s join opsroom.runs r on r.id = s.run_id
    where s.consumed_at is null and r.owner is null and r.status not in ('queued', 'released')`;
  return (await fleet.sql.query(text)).rows;
}
