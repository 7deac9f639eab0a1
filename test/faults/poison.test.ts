import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../harness/processes.js';
import { Fleet, LEASE_MS } from './fleet.js';
import { violations, workersLeft } from './invariants.js';
import { effectStep, mixedPlan, plan } from './plans.js';
import { faultSeed, seeded } from './random.js';

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

const innocents = (count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, n) =>
      fleet.engine.submit(plan([effectStep('a', 'bare'), effectStep('b', 'bare', { dependsOn: ['a'] })]), {
        lane: 'BCD'[n % 3] ?? 'B',
        by: `user ${n % 5}`,
      }),
    ),
  );
const outcome = async (run: string, step: string) =>
  (await fleet.engine.attempts(run)).filter((a) => a.step === step).map((a) => [a.status, a.error?.code ?? null]);

/** Makes the database refuse rows of step_attempts for which the condition holds. */
async function refuse(condition: string, code: string): Promise<() => Promise<void>> {
  await fleet.sql.query(`create function faults.refuse() returns trigger language plpgsql as $$
    begin if ${condition} then raise exception 'refused by the test' using errcode = '${code}'; end if; return new; end $$;
    create trigger faults_refuse before insert or update on opsroom.step_attempts for each row execute function faults.refuse()`);
  return async () => void (await fleet.sql.query('drop function faults.refuse() cascade'));
}

describe('beside innocent runs', () => {
  test('hostile outputs are stored clean or refused, and only their own step suffers', async () => {
    await fleet.spawn();
    const hostile = ['nul', 'surrogate', 'bytes', 'huge', 'escape'];
    const runs = await Promise.all(
      hostile.map((kind) => fleet.engine.submit(plan([{ id: 'h', tool: 'hostile', args: { kind } }]))),
    );
    const others = await innocents(20);
    await fleet.settled([...runs, ...others]);
    const ends = await Promise.all(runs.map((run) => outcome(run, 'h')));
    expect(ends).toEqual([
      [['done', null]],
      [['done', null]],
      [['done', null]],
      [['failed', 'OUTPUT_REFUSED']],
      [['done', null]],
    ]);
    expect(await fleet.settled(others)).toEqual({ succeeded: 20 });
  });

  test('a turn that the database refuses fails its own step and nothing else, and is not tried forever', async () => {
    const accept = await refuse("new.step_id = 'poison' and new.status = 'done'", '22P05');
    await fleet.spawn();
    const poisoned = plan([effectStep('poison', 'bare'), effectStep('beside', 'bare', { args: { ms: 200 } })], {
      onFailure: 'stop',
    });
    const runs = await Promise.all([1, 2, 3].map(() => fleet.engine.submit(poisoned)));
    const others = await innocents(30);
    await fleet.settled([...runs, ...others]);
    await accept();
    for (const run of runs) {
      expect(await outcome(run, 'poison')).toEqual([['failed', 'OUTPUT_REFUSED']]);
      expect(await outcome(run, 'beside')).toEqual([['done', null]]);
    }
    expect(await fleet.settled(others)).toEqual({ succeeded: 30 });
  });

  test('a rollback of which a turn is refused goes on as one: it neither succeeds nor begins again', async () => {
    const accept = await refuse("new.step_id = 'a/poison' and new.status = 'done'", '22P05');
    await fleet.spawn();
    const rollback = ['after', 'poison'].map((id) => ({ id, tool: 'effect', args: { ms: 1 } }));
    const run = await fleet.engine.submit(plan([effectStep('a', 'bare', { rollback })]));
    expect(await fleet.settled([run])).toEqual({ succeeded: 1 });
    await fleet.send(run, 'rollback');
    await eventually(async () => (await fleet.engine.run(run)).status === 'failed');
    await accept();
    expect(await outcome(run, 'a/poison')).toEqual([['failed', 'OUTPUT_REFUSED']]);
    expect(await outcome(run, 'a/after')).toEqual([['done', null]]);
    expect((await fleet.engine.run(run)).error?.code).toBe('ROLLBACK_INCOMPLETE');
    const begun = `select 1 from opsroom.events where run_id = $1 and type = 'run.rollback'`;
    expect((await fleet.sql.query(begun, [run])).rowCount).toBe(1);
  });

  test('a run of which not even the start can be written is parked with the reason', async () => {
    const accept = await refuse("new.step_id = 'poison'", '22P05');
    await fleet.spawn();
    const run = await fleet.engine.submit(plan([effectStep('poison', 'bare')]));
    const others = await innocents(10);
    await fleet.settled([run, ...others]);
    expect((await fleet.engine.run(run)).parked).toMatchObject({ code: 'REFUSED' });
    await accept();
    await fleet.send(run, 'resume');
    expect(await fleet.settled([run, ...others])).toEqual({ succeeded: 11 });
  });

  test('a wait until a time that is none fails its step and not its worker', async () => {
    await fleet.spawn();
    const until = { id: 'w', kind: 'system' as const, action: 'wait', args: { until: '{{ inputs.when }}' } };
    const run = await fleet.engine.submit(plan([until], { inputs: { when: 'never' } }), { inputs: { when: 'never' } });
    expect(await fleet.settled([run])).toEqual({ failed: 1 });
  });
});

test('a full disk, for a while: results that are known are kept until there is room', { timeout: 60_000 }, async () => {
  await fleet.spawn();
  const runs = await innocents(12);
  await eventually(
    async () => (await fleet.sql.query('select 1 from faults.effects where run = any ($1)', [runs])).rowCount !== 0,
  );
  const free = await refuse('true', '53100');
  await new Promise((resolve) => setTimeout(resolve, 2 * LEASE_MS));
  await free();
  expect(await fleet.settled(runs)).toEqual({ succeeded: 12 });
});

test('clocks that jump an hour: nobody healthy is deposed, the dead are still recognised', {
  timeout: 60_000,
}, async () => {
  const random = seeded(faultSeed());
  await fleet.spawn({ clockJumpMs: 3_600_000 });
  await fleet.spawn({ clockJumpMs: -3_600_000 });
  const victim = await fleet.spawn();
  const runs: string[] = [];
  for (let n = 0; n < 30; n++) {
    runs.push(await fleet.engine.submit(mixedPlan(random, ['idempotent', 'proving']), { lane: 'ABCD'[n % 4] ?? 'A' }));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(await workersLeft(fleet.sql)).toBe(3);
  await fleet.kill(victim);
  const statuses = await fleet.settled(runs);
  expect(statuses.succeeded ?? 0).toBeGreaterThan(10);
  await eventually(async () => (await workersLeft(fleet.sql)) === 2);
});
