import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendSignal } from '#execute/control.js';
import { questionDigest } from '#execute/decide/asking.js';
import type { SignalKind, SignalPayload } from '#execute/records.js';
import type { Replayed } from '#execute/replay/replay.js';
import type { Worker } from '#execute/worker.js';
import type { PlanSource } from '#ir/plan.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { type Engine, ended, failed, functionTool, functionVerifier, ORG, ok, testEngine } from '../harness/engine.js';
import { eventually } from '../harness/processes.js';
import { replayed } from '../harness/replay.js';
import { verifies } from '../harness/requirements.js';

let db: TestDatabase;
let engine: Engine;
let worker: Worker;

const say = functionTool('say', ({ value }) => ok({ said: value ?? null }));
/** Fails as often as it is told to; with `useless`, it says that no further try can help. */
const flaky = functionTool('flaky', ({ fails = 0, useless }, { id }) =>
  id.attempt <= Number(fails) ? failed('as asked', useless === true ? false : undefined) : ok({ at: id.attempt }),
);
const WHICH = { question: { message: 'Which one?', fields: [], url: null, warning: null } };
/** Asks a person once, then says what was answered. */
const asking = functionTool('asking', (_args, { answers = [] }) => {
  const [first] = answers;
  if (first) return ok({ answered: first.answer.action });
  return { ...failed('asks'), asks: WHICH };
});
/** Baselines that are to be looked at only once the test says so, by the name in their config. */
const gates = new Map<unknown, Promise<void>>();
/** What a check finds: nothing at first; then what its config says. */
const check = functionVerifier(async ({ phase, config }) => {
  if (phase === 'baseline') await gates.get(config['gate']);
  return { passed: phase === 'verdict' && config['passes'] !== false };
});

const undo = [{ id: 'undo', tool: 'say', args: { value: 'undone' } }];
const passes = [{ id: 'v', kind: 'custom', config: {} }];
const plan = (steps: object[], more: object = {}): PlanSource =>
  ({ apiVersion: 'opsroom/v1', title: 'replay', steps, ...more }) as PlanSource;

beforeAll(async () => {
  db = await testDatabase();
  const keys = await mkdtemp(join(tmpdir(), 'opsroom-keys-'));
  engine = await testEngine(db.database, db.url, { tools: [say, flaky, asking], verifier: check, keys });
  worker = await engine.worker();
});
afterAll(async () => {
  await worker?.drain(1000);
  await db?.close();
});

const again = (run: string): Promise<Replayed> => replayed(db.database.engine, engine.ports, run);
const change = (text: string, run: string) => db.database.engine.query(text, [run]);

/** Runs a plan to its end, and past its seal. */
async function ran(
  source: PlanSource,
  ends = 'succeeded',
  more: Parameters<Engine['submit']>[1] = {},
): Promise<string> {
  const id = await engine.submit(source, more);
  expect((await engine.until(id, ended)).status).toBe(ends);
  return id;
}

const send = (run: string, kind: SignalKind, payload: Partial<SignalPayload> = {}) =>
  sendSignal(db.database, engine.ports, { org: ORG, run, kind, payload: { reason: 'test', ...payload }, by: 'ada' });

/** A plan in which much is decided: a condition each way, a list, a retry, a verdict, what depends on what. */
const rich = plan(
  [
    { id: 'a', tool: 'say', args: { value: [1, 2, 3] }, verifiers: passes },
    { id: 'skipped', tool: 'say', if: 'steps.a.output.said[0] > 1', dependsOn: ['a'] },
    { id: 'taken', tool: 'say', if: 'steps.a.output.said[0] == 1', dependsOn: ['a'] },
    {
      id: 'each',
      tool: 'say',
      forEach: { items: '{{ steps.a.output.said }}', limit: 2 },
      args: { value: '{{ item }}' },
      dependsOn: ['a'],
    },
    {
      id: 'again',
      tool: 'flaky',
      args: { fails: 1 },
      retryPolicy: { maxAttempts: 3, backoffMs: 5, backoffMultiplier: 1 },
    },
    { id: 'last', tool: 'say', args: { value: '{{ steps.each.output[2].said }}' }, dependsOn: ['each', 'again'] },
  ],
  { expectedOutputs: { it: '{{ steps.last.output.said }}' } },
);

describe('what the engine recorded', () => {
  test(verifies('RUN-11', 'is decided anew, and comes out the same'), async () => {
    const { difference, counts, people } = await again(await ran(rich));
    expect(difference).toBeUndefined();
    expect(people).toEqual([]);
    expect(Object.fromEntries(counts)).toEqual({
      beginnings: 1,
      // a, taken, three items, again twice, last.
      starts: 8,
      conditions: 1,
      expansions: 1,
      outcomes: 8,
      retries: 1,
      verdicts: 1,
      endings: 1,
    });
  });

  test(verifies('RUN-11', 'names what a person decided instead of a rule'), async () => {
    const id = await ran(plan([{ id: 'a', tool: 'flaky', args: { fails: 9 } }], { onFailure: 'stop' }), 'failed');
    await send(id, 'resolve', { step: 'a', as: 'skip', reason: 'not today' });
    await engine.until(id, (run) => run.status === 'succeeded');
    const { difference, people } = await again(id);
    expect(difference).toBeUndefined();
    expect(people).toMatchObject([{ by: 'ada', what: 'resolve a', reason: 'not today' }]);
  });
});

test(
  verifies(
    'RUN-11',
    'a question that is settled without an answer: what was called is over, the word is another attempt',
  ),
  async () => {
    const id = await engine.submit(plan([{ id: 'q', tool: 'asking' }]));
    await engine.until(id, (run) => run.status === 'waiting' && run.parked?.code === 'INPUT');
    await send(id, 'resolve', { step: 'q', as: 'skip' });
    await engine.until(id, ended);
    const attempts = await engine.attempts(id);
    expect(attempts.map((one) => [one.attempt, one.status])).toEqual([
      [1, 'cancelled'],
      [2, 'skipped'],
    ]);
    expect((await again(id)).difference).toBeUndefined();
  },
);

test(verifies('RUN-11', 'a question in the middle of a call, and a wait that is confirmed'), async () => {
  const wait = { id: 'm', kind: 'system', action: 'manual', args: { instructions: 'look' } };
  const id = await engine.submit(
    plan([
      { id: 'q', tool: 'asking' },
      { ...wait, dependsOn: ['q'] },
    ]),
  );
  const asks = () => engine.until(id, (run) => run.status === 'waiting' && run.parked?.code === 'INPUT');
  const answer = (attempt: number) =>
    send(id, 'answer', { step: 'q', answer: { action: 'decline' }, question: questionDigest(WHICH, attempt) });
  await asks();
  await send(id, 'resolve', { step: 'q', as: 'retry' });
  await asks();
  await answer(1);
  await asks();
  await answer(2);
  await engine.until(id, (run) => run.status === 'waiting' && run.parked?.code === 'MANUAL');
  await send(id, 'pause');
  await send(id, 'confirm', { step: 'm' });
  await send(id, 'resume').catch(() => undefined);
  await engine.until(id, ended);
  const { difference, people } = await again(id);
  expect(difference).toBeUndefined();
  expect(people.map(({ what }) => what)).toEqual(expect.arrayContaining(['answer q', 'pause', 'confirm m']));
});

test(verifies('RUN-11', 'a cancel while a tool asks: the attempt that asked is proven to be over'), async () => {
  const id = await engine.submit(plan([{ id: 'q', tool: 'asking' }]));
  await engine.until(id, (run) => run.status === 'waiting' && run.parked?.code === 'INPUT');
  await send(id, 'cancel');
  await engine.until(id, (run) => run.status === 'cancelled');
  const { rows } = await db.database.engine.query<{ outcome: string; error: string }>(
    `select record #>> '{body,outcome}' as outcome, record #>> '{body,error}' as error from opsroom.proofs
     where run_id = $1 and record #>> '{body,type}' = 'step'`,
    [id],
  );
  expect(rows).toEqual([{ outcome: 'failed', error: 'INPUT_NEEDED' }]);
  expect((await again(id)).difference).toBeUndefined();
});

test(verifies('RUN-11', 'a clock that was set back while a step was to be tried again is no difference'), async () => {
  const id = await ran(rich);
  await change(`update opsroom.events set at = at - interval '90 ms' where run_id = $1 and type = 'step.retrying'`, id);
  expect((await again(id)).difference).toBeUndefined();
});

const wait = (durationMs: number) => plan([{ id: 'w', kind: 'system', action: 'wait', args: { durationMs } }]);
const LATER = `update opsroom.events set at = at + $2::interval where run_id = $1 and type = 'step.waiting'`;

test.each(['40 ms', '-40 ms'])(
  verifies('RUN-11', 'a wait that was written down %s after it was decided is no difference, nor once it is over'),
  async (apart) => {
    const over = await ran(wait(1));
    const cancelled = await engine.submit(wait(3_600_000));
    await engine.until(cancelled, ({ status, parked }) => status === 'waiting' && parked?.code === 'TIMER');
    await send(cancelled, 'cancel');
    await engine.until(cancelled, ended);
    // As where a worker called it off.
    await change(`update opsroom.step_attempts set wake_at = null where run_id = $1`, cancelled);
    for (const id of [over, cancelled]) {
      await db.database.engine.query(LATER, [id, apart]);
      expect((await again(id)).difference).toBeUndefined();
    }
  },
);

/** The second step is prepared until the gate opens; what came of the signal by then. */
async function whilePrepared(kind: SignalKind, payload: Partial<SignalPayload> = {}, more: object = {}) {
  const gate = randomUUID();
  let open = (): void => undefined;
  gates.set(gate, new Promise((resolve) => (open = resolve)));
  const id = await engine.submit(
    plan(
      [
        { id: 'a', tool: 'say', rollback: undo },
        { id: 'b', tool: 'say', dependsOn: ['a'], verifiers: [{ id: 'v', kind: 'custom', config: { gate } }] },
        { id: 'c', tool: 'say', dependsOn: ['b'] },
      ],
      more,
    ),
  );
  await eventually(async () =>
    (await engine.attempts(id)).some(({ step, status }) => step === 'a' && status === 'done'),
  );
  await send(id, kind, payload);
  const text = `select data ->> 'outcome' as outcome from opsroom.events where run_id = $1 and type = 'run.signal'`;
  const told = async () => (await db.database.engine.query<{ outcome: string }>(text, [id])).rows;
  await eventually(async () => (await told()).length === 1);
  open();
  return { id, outcome: (await told())[0]?.outcome };
}

describe('a signal that is heard while a step is prepared', () => {
  test(verifies('RUN-11', 'a pause: what was begun goes on, and the rest after it was resumed'), async () => {
    const { id, outcome } = await whilePrepared('pause');
    expect(outcome).toBe('applied');
    await engine.until(id, (run) => run.status === 'paused');
    expect((await engine.attempts(id)).map(({ step }) => step)).toEqual(['a', 'b']);
    await send(id, 'resume');
    expect((await engine.until(id, ended)).status).toBe('succeeded');
    expect((await again(id)).difference).toBeUndefined();
  });

  test(verifies('RUN-11', 'a cancel: it does not begin, and what was done is undone'), async () => {
    const { id } = await whilePrepared('cancel', {}, { onCancel: 'rollback' });
    expect((await engine.until(id, ended)).status).toBe('rolled_back');
    expect((await engine.attempts(id)).map(({ step }) => step)).toEqual(['a', 'a/undo']);
    expect((await again(id)).difference).toBeUndefined();
  });

  test(verifies('RUN-11', 'a resolve of it: is refused, and again when it is decided anew'), async () => {
    const { id, outcome } = await whilePrepared('resolve', { step: 'b', as: 'skip' });
    expect(outcome).toBe('refused: step b is running');
    expect((await engine.until(id, ended)).status).toBe('succeeded');
    expect((await again(id)).difference).toBeUndefined();
  });
});

/** One alteration of the database each, by hand and by somebody who keeps to none of the rules; and the step that it must name. */
const ALTERED: readonly [string, string, string | null, RegExp][] = [
  [
    'a skip that is turned into a success',
    `update opsroom.step_attempts set status = 'done' where run_id = $1 and step_id = 'skipped'`,
    'skipped',
    /done/,
  ],
  [
    'a skip whose event says that it ran',
    `update opsroom.events set type = 'step.started', data = null where run_id = $1 and step_id = 'skipped'`,
    'skipped',
    /condition is false/,
  ],
  [
    'a start whose event says that it was skipped',
    `update opsroom.events set type = 'step.skipped', data = '{"reason":"condition"}' where run_id = $1 and step_id = 'taken' and type = 'step.started'`,
    'taken',
    /condition is true/,
  ],
  [
    'an output that a condition reads',
    `update opsroom.step_attempts set output = '{"said":[5,2,3]}' where run_id = $1 and step_id = 'a'`,
    'a',
    /outputDigest/,
  ],
  [
    'a retry that became a failure',
    `update opsroom.events set type = 'step.failed' where run_id = $1 and step_id = 'again' and type = 'step.retrying'`,
    'again',
    /retryPolicy/,
  ],
  [
    'how long a retry waits',
    `update opsroom.events set data = jsonb_set(data, '{retry,waitMs}', '60000') where run_id = $1 and type = 'step.retrying'`,
    'again',
    /waitMs/,
  ],
  [
    'a verdict',
    `update opsroom.step_attempts set verdicts = jsonb_set(verdicts, '{0,passed}', 'false') where run_id = $1 and step_id = 'a'`,
    'a',
    /passed/,
  ],
  [
    'a verdict of the chain, and the row with it',
    `alter table opsroom.proofs disable trigger user;
     update opsroom.proofs set record = jsonb_set(record::jsonb, '{body,passed}', 'false') where run_id = $1 and record #>> '{body,type}' = 'verdict';
     update opsroom.step_attempts set verdicts = jsonb_set(verdicts, '{0,passed}', 'false') where run_id = $1 and step_id = 'a';
     alter table opsroom.proofs enable trigger user;`,
    'a',
    /step\.failed/,
  ],
  [
    'a baseline',
    `update opsroom.step_attempts set baseline = jsonb_set(baseline, '{0,state}', '"passed"') where run_id = $1 and step_id = 'a'`,
    'a',
    /holds|passed|failed/,
  ],
  [
    'the word for a step',
    `update opsroom.step_attempts set word = 'proven' where run_id = $1 and step_id = 'taken'`,
    'taken',
    /exit code only/,
  ],
  [
    'the order: something starts before what it depends on',
    `with at as (select seq from opsroom.events where run_id = $1 and type = 'step.started' and step_id = 'last')
     update opsroom.events e set seq = case when e.seq = at.seq then -1 else e.seq end from at where e.run_id = $1;`,
    'last',
    /depends on/,
  ],
  [
    'the arguments of a call',
    `update opsroom.step_attempts set args = '{"value": 4}' where run_id = $1 and step_id = 'last'`,
    'last',
    /args/,
  ],
  [
    'the number of items',
    `update opsroom.events set data = '{"items": 2}' where run_id = $1 and type = 'step.expanded'`,
    'each',
    /items/,
  ],
  [
    'an attempt that is gone',
    `delete from opsroom.step_attempts where run_id = $1 and step_id = 'each' and item = 1`,
    'each',
    /missing/,
  ],
  [
    'the ending, in the events',
    `update opsroom.events set type = 'run.failed' where run_id = $1 and type = 'run.succeeded'`,
    null,
    /run\.succeeded/,
  ],
  ['the ending, in the row of the run', `update opsroom.runs set status = 'failed' where id = $1`, null, /failed/],
  ['the inputs', `update opsroom.runs set inputs = '{"x": 1}' where id = $1`, null, /inputs/],
];

describe('what was altered afterwards', () => {
  test.each(ALTERED)(verifies('RUN-11', '%s: is found, and its step is named'), async (_, text, step, words) => {
    const id = await ran(rich);
    if (text.endsWith(';')) await db.database.engine.query(text.replaceAll('$1', `'${id}'`));
    else await change(text, id);
    const { difference } = await again(id);
    expect(difference?.step ?? null).toBe(step);
    expect(`${difference?.recorded} ${difference?.decided} ${difference?.why}`).toMatch(words);
  });

  test(verifies('RUN-11', 'a rollback, its order, and what a re-run took over'), async () => {
    const failing = plan([
      { id: 'a', tool: 'say', rollback: undo },
      { id: 'b', tool: 'say', rollback: undo, dependsOn: ['a'] },
      { id: 'c', tool: 'flaky', args: { fails: 9 }, dependsOn: ['b'] },
    ]);
    const id = await ran(failing, 'rolled_back');
    expect((await again(id)).difference).toBeUndefined();
    await change(`update opsroom.events set step_id = 'a/undo' where run_id = $1 and step_id = 'b/undo'`, id);
    expect((await again(id)).difference).toMatchObject({ step: 'a/undo' });
    const first = await ran(
      plan([
        { id: 'a', tool: 'say' },
        { id: 'b', tool: 'say', dependsOn: ['a'] },
      ]),
    );
    const forked = plan([
      { id: 'a', tool: 'say' },
      { id: 'b', tool: 'say', dependsOn: ['a'] },
    ]);
    const second = await ran(forked, 'succeeded', { parent: first, from: 'b' });
    expect((await again(second)).difference).toBeUndefined();
    await change(`update opsroom.runs set fork = jsonb_set(fork, '{from}', '"a"') where id = $1`, second);
    expect((await again(second)).difference).toMatchObject({ step: 'a', decided: 'to be run again' });
  });
});

/** Until a person has looked. */
const look = (id: string, more: object = {}) => ({
  id,
  kind: 'system',
  action: 'manual',
  args: { instructions: 'look' },
  ...more,
});

describe('a rollback that asks twice', () => {
  const asksTwice = plan([{ id: 'a', tool: 'say', rollback: [look('first'), look('second')] }], {
    expectedOutputs: { it: '{{ steps.a.output.missing }}' },
  });
  const asks = (id: string, step: string) => engine.until(id, (run) => run.parked?.step === step);
  async function rolledBack() {
    const id = await engine.submit(asksTwice);
    await asks(id, 'a/first');
    await send(id, 'confirm', { step: 'a/first' });
    const { parked } = await asks(id, 'a/second');
    await send(id, 'confirm', { step: 'a/second' });
    return { id, parked, run: await engine.until(id, ended) };
  }

  test('says the second time, too, why it rolls back, and ends with it, though no step has failed', async () => {
    const { id, parked, run } = await rolledBack();
    expect(parked?.what).toContain('The run failed: ');
    expect(run).toMatchObject({ status: 'rolled_back', error: { code: 'PLAN_EXPRESSION' } });
    expect((await again(id)).difference).toBeUndefined();
  });

  test(
    verifies('RUN-11', 'comes out the same with the words, and what was left out, of an older version'),
    async () => {
      const { id } = await rolledBack();
      await change(
        `update opsroom.events set data = case type when 'run.rollback' then data - 'error'
         when 'run.rolled_back' then data || '{"error": null}' else data || '{"what": "Look.", "mend": "Say so."}' end
       where run_id = $1 and type in ('run.rollback', 'run.rolled_back', 'run.waiting')`,
        id,
      );
      expect((await again(id)).difference).toBeUndefined();
      await change(
        `update opsroom.events set data = data || '{"step": "a/third"}' where run_id = $1 and type = 'run.waiting'`,
        id,
      );
      expect((await again(id)).difference).toBeDefined();
    },
  );
});

/** Step n depends only on steps before it, so every list of these is a DAG. */
const anyPlan = fc
  .array(
    fc.record({
      before: fc.uniqueArray(fc.nat(7), { maxLength: 3 }),
      fails: fc.oneof({ arbitrary: fc.constant(0), weight: 4 }, fc.integer({ min: 1, max: 3 })),
      tries: fc.integer({ min: 1, max: 3 }),
      useless: fc.boolean(),
      if: fc.constantFrom(undefined, undefined, 'true', '1 > 2'),
      items: fc.constantFrom(undefined, undefined, 0, 3),
      verdict: fc.constantFrom(undefined, true, true, false),
      undone: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .chain((steps) =>
    fc.constantFrom('stop', 'rollback').map((onFailure) =>
      plan(
        steps.map(({ before, fails, tries, useless, items, verdict, undone, ...step }, n) => ({
          id: `s${n}`,
          tool: 'flaky',
          args: { fails, useless },
          dependsOn: before.filter((b) => b < n).map((b) => `s${b}`),
          ...(step.if === undefined ? {} : { if: step.if }),
          ...(items === undefined ? {} : { forEach: { items: Array.from({ length: items }, (_, i) => i), limit: 2 } }),
          ...(tries > 1 ? { retryPolicy: { maxAttempts: tries, backoffMs: 1, backoffMultiplier: 1 } } : {}),
          ...(verdict === undefined ? {} : { verifiers: [{ id: 'v', kind: 'custom', config: { passes: verdict } }] }),
          ...(undone ? { rollback: undo } : {}),
        })),
        { onFailure },
      ),
    ),
  );

/** Alterations that mean something in any run. */
const ANY_ALTERATION = [
  `update opsroom.step_attempts set status = case status when 'failed' then 'unknown' else 'failed' end where run_id = $1 and ctid = (
     select ctid from opsroom.step_attempts where run_id = $1 order by md5(step_id || $2) limit 1)`,
  `update opsroom.events set type = case type when 'step.done' then 'step.skipped' when 'step.skipped' then 'step.started' else 'step.done' end
   where run_id = $1 and seq = (select seq from opsroom.events where run_id = $1 and step_id is not null order by md5(seq || $2) limit 1)`,
  `delete from opsroom.events where run_id = $1 and seq = (
     select seq from opsroom.events where run_id = $1 and step_id is not null order by md5(seq || $2) limit 1)`,
];

describe('any plan and any outcome', () => {
  test(verifies('RUN-11', 'comes out the same; and altered in one place, it does not'), {
    timeout: 60_000,
  }, async () => {
    const plans = fc.sample(anyPlan, 40);
    const ids = await Promise.all(plans.map((source) => engine.submit(source)));
    for (const [n, id] of ids.entries()) {
      await engine.until(id, ended);
      expect((await again(id)).difference, JSON.stringify(plans[n])).toBeUndefined();
      const { rowCount } = await db.database.engine.query(ANY_ALTERATION[n % ANY_ALTERATION.length] ?? '', [
        id,
        `${n}`,
      ]);
      if (rowCount === 1) expect((await again(id)).difference, JSON.stringify(plans[n])).toBeDefined();
    }
  });
});
