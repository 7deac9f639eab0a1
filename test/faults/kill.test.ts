import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';
import { Fleet, LEASE_MS } from './fleet.js';
import { LaneWatch, violations, workersLeft } from './invariants.js';
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

const everywhere = [
  ...['take:before', 'take:after'].map((at) => ({ at, nth: 1 })),
  ...['commit:before', 'commit:after'].flatMap((at) => [1, 2, 3, 4, 5].map((nth) => ({ at, nth }))),
  ...['tool:before', 'tool:after'].flatMap((at) => [1, 2, 3].map((nth) => ({ at, nth }))),
  ...['seal:before', 'seal:after'].map((at) => ({ at, nth: 1 })),
];

describe('kill -9', () => {
  test(verifies('RUN-03', 'before and after every write, and around every effect'), { timeout: 120_000 }, async () => {
    const cells = everywhere.entries();
    const statuses: string[] = [];
    const next = async (): Promise<void> => {
      for (const [n, kill] of cells) statuses.push(await killedAt(kill, `host-${n}`));
    };
    await Promise.all(Array.from({ length: 4 }, next));
    expect(statuses).toEqual(everywhere.map(() => 'succeeded'));
  });

  test(verifies('RUN-03', 'at random, under load'), { timeout: 60_000 + ROUNDS * 60_000 }, async () => {
    const seed = faultSeed();
    for (let round = 0; round < ROUNDS; round++) {
      await underLoad(seed + round);
      await fleet.drain();
    }
  });
});

/** One run on a host of its own, whose worker dies at the given point; another worker of that host goes on. */
async function killedAt(kill: { at: string; nth: number }, host: string): Promise<string> {
  const victim = await fleet.spawn({ host, kill });
  const steps = [
    effectStep('a', 'proving'),
    effectStep('b', 'idempotent', { dependsOn: ['a'] }),
    effectStep('c', 'proving', { dependsOn: ['b'] }),
  ];
  const run = await fleet.engine.submit(plan(steps), { host, lane: pick(Math.random, ['A', 'B', 'C', 'D']) });
  await victim.exited;
  const heir = await fleet.spawn({ host });
  const { waiting } = await fleet.settled([run]);
  if (waiting) await lookAndRetry(run);
  heir.child.kill('SIGTERM');
  await heir.exited;
  return (await fleet.engine.run(run)).status;
}

/**
 * A proving step was cut before its effect: its verifier cannot tell "not yet" from "never", so a person is asked. This one
 * looks, finds no effect, and lets it run again.
 */
async function lookAndRetry(run: string): Promise<void> {
  const { parked } = await fleet.engine.run(run);
  const text = 'select count(*)::int as n from faults.effects where run = $1 and step = $2';
  const { rows } = await fleet.sql.query(text, [run, parked?.step]);
  expect({ code: parked?.code, effects: rows[0] }).toEqual({ code: 'UNKNOWN', effects: { n: 0 } });
  await fleet.send(run, 'resolve', { ...(parked?.step ? { step: parked.step } : {}), as: 'retry' });
  await fleet.settled([run]);
}

async function underLoad(seed: number): Promise<void> {
  const random = seeded(seed);
  const watch = new LaneWatch(fleet.sql);
  await Promise.all([1, 2, 3].map(() => fleet.spawn()));
  const runs: string[] = [];
  for (let kills = 0; kills < 8; kills++) {
    for (let n = 0; n < 10; n++) {
      const more = { lane: pick(random, ['A', 'B', 'C', 'D']), by: pick(random, ['u', 'v', 'w']) };
      runs.push(await fleet.engine.submit(mixedPlan(random, ['idempotent', 'proving', 'bare']), more));
    }
    await new Promise((resolve) => setTimeout(resolve, random() * 600));
    await fleet.kill(pick(random, [...fleet.members]));
    await fleet.spawn();
  }
  const statuses = await fleet.settled(runs);
  await watch.stop();
  expect(watch.over).toEqual([]);
  expect(watch.looks).toBeGreaterThan(50);
  // One plan in five fails by itself, and a bare step that was cut short waits for a person.
  expect(statuses.succeeded ?? 0).toBeGreaterThan(runs.length * 0.4);
  await eventually(async () => (await workersLeft(fleet.sql)) === 3, 10 * LEASE_MS);
}
