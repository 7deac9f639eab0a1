import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendSignal } from '#execute/control.js';
import type { SignalKind, SignalPayload } from '#execute/records.js';
import { findRun, insertSignal } from '#execute/runs/store.js';
import type { Worker } from '#execute/worker.js';
import type { JsonValue } from '#ir/json.js';
import type { PlanSource } from '#ir/plan.js';
import { verifyChain } from '#record/chain.js';
import { readChain } from '#record/store.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { type Engine, ended, failed, functionTool, functionVerifier, ORG, ok, testEngine } from '../harness/engine.js';
import { eventually } from '../harness/processes.js';
import { replayedAll } from '../harness/replay.js';
import { verifies } from '../harness/requirements.js';

let db: TestDatabase;
let engine: Engine;
let worker: Worker;
/** What the tools did, in order. */
const effects: string[] = [];
const gates = new Map<string, () => void>();
const world = new Map<string, boolean>();

/** An argument that a test gives as text. */
const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value));

const note = functionTool('note', ({ say }) => {
  effects.push(text(say));
  return ok({ said: say ?? null });
});
const set = functionTool('set', ({ key }) => {
  world.set(text(key), true);
  return ok();
});
const fail = functionTool('fail', () => failed('as asked'));
const throws = functionTool('throws', () => Promise.reject(new Error('as asked')));
const flaky = functionTool('flaky', ({ until }, { id }) =>
  id.attempt < Number(until) ? failed('not yet') : ok({ attempt: id.attempt }),
);
const gate = functionTool('gate', async ({ name }, { signal }) => {
  effects.push(`gate ${text(name)}`);
  await new Promise<void>((resolve) => {
    gates.set(text(name), resolve);
    signal.addEventListener('abort', () => resolve());
  });
  return signal.aborted ? failed('aborted') : ok();
});
const hostile = functionTool('hostile', () => ok({ text: 'a\u0000b\ud800c' }));
const names = (key: string) => [{ id: key, kind: 'custom', config: { key, expect: '{{ run.id }}' } }];
const check = functionVerifier(({ config }) => ({ passed: world.get(text(config['key'])) === true }));

const step = (id: string, tool: string, more: object = {}) => ({ id, tool, ...more });
const plan = (steps: object[], more: object = {}): PlanSource =>
  ({ apiVersion: 'opsroom/v1', title: 'test', steps, ...more }) as PlanSource;
/** What the tool `set` is asked for, and the check that it was done. */
const makes = (key: string) => ({ args: { key }, verifiers: [{ id: 'v', kind: 'custom', config: { key } }] });
const undo = (say: string) => [{ id: 'undo', tool: 'note', args: { say } }];
const send = (run: string, kind: SignalKind, payload: Partial<SignalPayload> = {}) =>
  sendSignal(db.database, engine.ports, { org: ORG, run, kind, payload: { reason: 'test', ...payload }, by: 'tester' });

/** The attempts of a run by step, in their order. */
const statuses = async (run: string) => {
  const rows = (await engine.attempts(run)).map(({ step: id, attempt, status }) => [id, attempt, status] as const);
  return rows.toSorted(([a], [b]) => a.localeCompare(b));
};

/** A turn waits for whoever holds the row of its run. */
const isCommitHeldUp = async () => {
  const text = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%commit_turns%'`;
  return (await db.database.engine.query(text)).rowCount === 1;
};

beforeAll(async () => {
  db = await testDatabase();
  const keys = await mkdtemp(join(tmpdir(), 'opsroom-keys-'));
  engine = await testEngine(db.database, db.url, {
    tools: [note, set, fail, throws, flaky, gate, hostile],
    verifier: check,
    keys,
  });
  worker = await engine.worker();
});
afterAll(async () => {
  await worker?.drain(1000);
  await db?.close();
});

describe('a run', () => {
  test(verifies('RUN-01', 'goes through its DAG, each step once, and its chain verifies'), async () => {
    const id = await engine.submit(
      plan([
        step('a', 'note', { args: { say: 'a' } }),
        step('b', 'note', { args: { say: 'b of {{ steps.a.output.said }}' }, dependsOn: ['a'] }),
        step('c', 'note', { args: { say: 'c' }, dependsOn: ['a'] }),
        step('d', 'note', { args: { say: 'd' }, dependsOn: ['b', 'c'] }),
      ]),
    );
    const run = await engine.until(id, ended);
    expect(run.status).toBe('succeeded');
    const rows = await engine.attempts(id);
    expect(rows.map((r) => [r.step, r.status, r.attempt])).toEqual(
      expect.arrayContaining([
        ['a', 'done', 1],
        ['b', 'done', 1],
        ['c', 'done', 1],
        ['d', 'done', 1],
      ]),
    );
    expect(rows.find((r) => r.step === 'b')?.output).toEqual({ said: 'b of a' });
    expect(effects.filter((e) => e === 'd')).toHaveLength(1);
    expect(verifyChain(await sealed(id))).toMatchObject({ ok: true });
  });

  test('conditions skip, and dependants go on', async () => {
    const id = await engine.submit(plan([step('a', 'note', { if: '1 > 2' }), step('b', 'noop', { dependsOn: ['a'] })]));
    expect((await engine.until(id, ended)).status).toBe('succeeded');
    expect((await engine.attempts(id)).map((r) => [r.step, r.status])).toEqual([
      ['a', 'skipped'],
      ['b', 'done'],
    ]);
  });

  test(verifies('PLAN-06', 'forEach fans out over a list and sums up its outputs'), async () => {
    const id = await engine.submit(
      plan(
        [
          step('a', 'note', {
            forEach: { items: '{{ inputs.names }}', limit: 2 },
            args: { say: 'hi {{ item }} {{ index }}' },
          }),
          step('b', 'note', { dependsOn: ['a'], args: { say: '{{ steps.a.output[1].said }}' } }),
        ],
        { inputs: { names: ['x', 'y', 'z'] } },
      ),
      { inputs: { names: ['x', 'y', 'z'] } },
    );
    expect((await engine.until(id, ended)).status).toBe('succeeded');
    const rows = await engine.attempts(id);
    expect(rows.find((r) => r.step === 'b')?.output).toEqual({ said: 'hi y 1' });
    expect(rows.filter((r) => r.step === 'a')).toHaveLength(4);
  });

  test(verifies('RUN-06', 'a failed attempt is tried again, and both attempts stay on record'), async () => {
    const id = await engine.submit(
      plan([
        step('a', 'flaky', {
          args: { until: 3 },
          retryPolicy: { maxAttempts: 3, backoffMs: 10, backoffMultiplier: 1 },
        }),
      ]),
    );
    expect((await engine.until(id, ended)).status).toBe('succeeded');
    expect((await engine.attempts(id)).map((r) => [r.attempt, r.status])).toEqual([
      [1, 'failed'],
      [2, 'failed'],
      [3, 'done'],
    ]);
  });

  test(
    verifies('RUN-06', 'what is to be tried again, or waits for a time, goes on at its time beside what runs'),
    async () => {
      const id = await engine.submit(
        plan([
          step('a', 'gate', { args: { name: 'beside' } }),
          step('b', 'flaky', {
            args: { until: 2 },
            retryPolicy: { maxAttempts: 2, backoffMs: 2000, backoffMultiplier: 1 },
          }),
          { id: 'c', kind: 'system', action: 'wait', args: { durationMs: 2000 } },
        ]),
      );
      await eventually(async () => {
        const done = (await statuses(id)).filter(([, , status]) => status === 'done');
        return done.length === 2 && gates.has('beside');
      });
      gates.get('beside')?.();
      expect((await engine.until(id, ended)).status).toBe('succeeded');
    },
  );

  test('an output with NUL and a lone surrogate is stored clean', async () => {
    const id = await engine.submit(plan([step('a', 'hostile')]));
    expect((await engine.until(id, ended)).status).toBe('succeeded');
    const { rows } = await db.database.engine.query('select output from opsroom.step_attempts where run_id = $1', [id]);
    expect(rows[0].output).toEqual({ text: 'ab\ufffdc' });
  });
});

describe('verdicts', () => {
  test(
    verifies('PROOF-01', 'a check that failed before proves the step; one that passed before only holds'),
    async () => {
      world.set('old', true);
      const id = await engine.submit(plan([step('a', 'set', makes('new')), step('b', 'set', makes('old'))]));
      const run = await engine.until(id, ended);
      const words = Object.fromEntries((await engine.attempts(id)).map((r) => [r.step, r.word]));
      expect(words).toEqual({ a: 'proven', b: 'holds, not proven by this step' });
      expect(run.word).toBe('holds, not proven by this step');
    },
  );

  test('a check that names the run proves nothing when it passed before the first attempt', async () => {
    world.set('echo', true);
    const id = await engine.submit(
      plan([
        step('a', 'note', { verifiers: names('echo') }),
        step('b', 'set', { ...makes('named'), verifiers: names('named') }),
      ]),
    );
    await engine.until(id, ended);
    const words = Object.fromEntries((await engine.attempts(id)).map((r) => [r.step, r.word]));
    expect(words).toEqual({ a: 'holds, not proven by this step', b: 'proven' });
  });

  test(verifies('RUN-09', 'a required verifier that fails rolls back what was done, latest first'), async () => {
    effects.length = 0;
    const id = await engine.submit(
      plan([
        step('a', 'note', { args: { say: 'a' }, rollback: undo('undo a') }),
        step('b', 'note', {
          args: { say: 'b' },
          rollback: undo('undo b'),
          dependsOn: ['a'],
          verifiers: [{ id: 'never', kind: 'custom', config: { key: 'never' } }],
        }),
        step('c', 'note', { args: { say: 'c' }, dependsOn: ['b'] }),
      ]),
    );
    const run = await engine.until(id, ended);
    expect([run.status, run.error?.code]).toEqual(['rolled_back', 'VERIFIER_FAILED']);
    expect(effects).toEqual(['a', 'b', 'undo b', 'undo a']);
    expect(verifyChain(await sealed(id))).toMatchObject({ ok: true });
  });
});

describe('compensation', () => {
  test('sees the output of the step it undoes', async () => {
    effects.length = 0;
    const id = await engine.submit(
      plan([
        step('a', 'note', { args: { say: 'x' }, rollback: undo('undo {{ output.said }}') }),
        step('b', 'fail', { dependsOn: ['a'] }),
      ]),
    );
    expect((await engine.until(id, ended)).status).toBe('rolled_back');
    expect(effects).toEqual(['x', 'undo x']);
  });
});

describe('control', () => {
  test(verifies('RUN-07', 'cancel ends the running step and the run'), async () => {
    const id = await engine.submit(
      plan([step('a', 'gate', { args: { name: 'cancel' } }), step('b', 'noop', { dependsOn: ['a'] })]),
    );
    await engine.until(id, (r) => r.status === 'running' && gates.has('cancel'));
    await send(id, 'cancel');
    expect((await engine.until(id, ended)).status).toBe('cancelled');
    expect((await engine.attempts(id)).map((r) => [r.step, r.status])).toEqual([['a', 'unknown']]);
  });

  test('pause lets what runs finish, resume goes on', async () => {
    const id = await engine.submit(
      plan([step('a', 'gate', { args: { name: 'pause' } }), step('b', 'noop', { dependsOn: ['a'] })]),
    );
    await engine.until(id, (r) => r.status === 'running' && gates.has('pause'));
    await send(id, 'pause');
    await engine.until(id, (r) => r.status === 'pausing');
    gates.get('pause')?.();
    await engine.until(id, (r) => r.status === 'paused');
    expect((await engine.attempts(id)).map((r) => r.step)).toEqual(['a']);
    await send(id, 'resume');
    expect((await engine.until(id, ended)).status).toBe('succeeded');
  });

  test('a manual step waits for a person and holds nothing', async () => {
    const id = await engine.submit(
      plan([
        step('a', 'noop'),
        { id: 'm', kind: 'system', action: 'manual', args: { instructions: 'look' }, dependsOn: ['a'] },
        step('b', 'note', { args: { say: '{{ steps.m.output.fine }}' }, dependsOn: ['m'] }),
      ]),
    );
    const parked = await engine.until(id, (r) => r.status === 'waiting');
    expect(parked.parked).toMatchObject({ code: 'MANUAL', step: 'm' });
    await send(id, 'confirm', { step: 'm', output: { fine: 'yes' } });
    expect((await engine.until(id, ended)).status).toBe('succeeded');
    expect((await engine.attempts(id)).find((r) => r.step === 'b')?.output).toEqual({ said: 'yes' });
  });

  const manual = { id: 'm', kind: 'system', action: 'manual', args: { instructions: 'look' } };
  const timer = { id: 't', kind: 'system', action: 'wait', args: { durationMs: 3_600_000 } };
  test('a pause that is written down just as somebody settles a step pauses the run; the word is heard when it goes on', async () => {
    const id = await engine.submit(plan([manual, step('a', 'gate', { args: { name: 'settled' } })]));
    await eventually(async () => gates.has('settled') && (await statuses(id)).length === 2);
    await send(id, 'pause');
    await engine.until(id, (run) => run.status === 'pausing');
    await db.database.engineTx(async (tx) => {
      await findRun(tx, ORG, id, true);
      await insertSignal(tx, ORG, id, 'confirm', { reason: 'pressed', step: 'm' }, 'tester');
      gates.get('settled')?.();
      await eventually(isCommitHeldUp);
    });
    expect(await engine.until(id, (run) => run.status === 'paused' || ended(run))).toMatchObject({
      status: 'paused',
      parked: { code: 'PAUSED' },
    });
    expect(await statuses(id)).toEqual([
      ['a', 1, 'done'],
      ['m', 1, 'waiting'],
    ]);
    await send(id, 'resume');
    expect((await engine.until(id, ended)).status).toBe('succeeded');
  });

  test('a wait is called off with its run: cancelled while nobody owns it, or while a worker does', async () => {
    const parked = await engine.submit(plan([manual, timer]));
    await engine.until(parked, (r) => r.status === 'waiting');
    await send(parked, 'cancel');
    const owned = await engine.submit(plan([manual, step('a', 'gate', { args: { name: 'withdraw' } })]));
    await engine.until(owned, (r) => r.status === 'running' && gates.has('withdraw'));
    await send(owned, 'cancel');
    await engine.until(owned, ended);
    expect(await statuses(parked)).toEqual([
      ['m', 1, 'cancelled'],
      ['t', 1, 'cancelled'],
    ]);
    expect(await statuses(owned)).toEqual([
      ['a', 1, 'unknown'],
      ['m', 1, 'cancelled'],
    ]);
    expect((await engine.attempts(parked))[0]?.error?.code).toBe('CANCELLED');
  });

  test('a cancel stands, and is answered so, when the run cannot be sealed at once; that is made good later', async () => {
    const parked = await engine.submit(plan([manual]));
    await engine.until(parked, (r) => r.status === 'waiting');
    const ports = { ...engine.ports, seal: () => Promise.reject(new Error('no key')) };
    const cancel = { org: ORG, run: parked, kind: 'cancel', payload: { reason: 'test' }, by: 'tester' } as const;
    expect(await sendSignal(db.database, ports, cancel)).toBe('cancelled');
    expect(await engine.ports.unsealed()).toContainEqual({ org: ORG, run: parked });
    await engine.ports.seal(ORG, parked);
  });

  test('a wait that a failure called off is asked for again once a person takes the run up', async () => {
    const id = await engine.submit(plan([manual, step('a', 'fail')], { onFailure: 'stop' }));
    await engine.until(id, (r) => r.status === 'failed');
    expect(await statuses(id)).toEqual([
      ['a', 1, 'failed'],
      ['m', 1, 'cancelled'],
    ]);
    await send(id, 'resolve', { step: 'a', as: 'skip' });
    await engine.until(id, (r) => r.status === 'waiting');
    await send(id, 'confirm', { step: 'm' });
    expect((await engine.until(id, ended)).status).toBe('succeeded');
    expect((await statuses(id)).filter(([s]) => s === 'm')).toEqual([
      ['m', 1, 'cancelled'],
      ['m', 2, 'done'],
    ]);
  });

  test('a wait of no time at all begins and ends in one turn', async () => {
    const id = await engine.submit(
      plan([{ ...timer, args: { durationMs: 0 } }, step('a', 'noop', { dependsOn: ['t'] })]),
    );
    expect((await engine.until(id, ended)).status).toBe('succeeded');
  });

  test.each([
    ['no items', { forEach: { items: [] } }],
    ['items that are all skipped', { forEach: { items: [1, 2] }, if: 'false' }],
  ])('a forEach of %s says nothing of the run, also when another worker goes on with it', async (_what, each) => {
    const key = randomUUID();
    const before = [
      step('a', 'set', makes(key)),
      step('each', 'note', { ...each, args: { say: 'x' }, dependsOn: ['a'] }),
    ];
    const after = step('b', 'set', { ...makes(`${key}-b`), dependsOn: ['each'] });
    const whole = await engine.submit(plan([...before, after]));
    expect((await engine.until(whole, ended)).word).toBe('proven');
    world.clear();
    const id = await engine.submit(
      plan([...before, { ...manual, dependsOn: ['each'] }, { ...after, dependsOn: ['m'] }]),
    );
    await engine.until(id, (r) => r.status === 'waiting');
    await send(id, 'confirm', { step: 'm' });
    expect((await engine.until(id, ended)).word).toBe('proven');
  });

  test('a timer that a person has declared failed is not waited for again', async () => {
    const id = await engine.submit(plan([timer, { ...manual, dependsOn: ['t'] }], { onFailure: 'stop' }));
    await engine.until(id, (r) => r.status === 'waiting');
    await send(id, 'resolve', { step: 't', as: 'failed' });
    expect((await engine.until(id, ended)).status).toBe('failed');
    expect(await statuses(id)).toEqual([['t', 1, 'failed']]);
    const [row] = await engine.attempts(id);
    expect(row?.wakeAt ?? null).toBeNull();
  });

  test('a call that throws is recorded at the level at which it was to be run', async () => {
    const sandbox = { level: 'bubblewrap', network: false } as const;
    const id = await engine.submit(plan([step('a', 'throws', { sandbox })], { onFailure: 'stop' }));
    expect((await engine.until(id, ended)).status).toBe('failed');
    const { rows } = await db.database.engine.query('select isolation from opsroom.step_attempts where run_id = $1', [
      id,
    ]);
    expect(rows).toEqual([{ isolation: 'bubblewrap' }]);
  });

  test(verifies('RUN-20', 'a failed step is resolved by a person with a reason, and the run goes on'), async () => {
    const id = await engine.submit(
      plan([step('a', 'fail'), step('b', 'noop', { dependsOn: ['a'] })], { onFailure: 'stop' }),
    );
    expect((await engine.until(id, ended)).status).toBe('failed');
    await send(id, 'resolve', { step: 'a', as: 'skip', reason: 'not needed today' });
    expect((await engine.until(id, (r) => r.status === 'succeeded')).status).toBe('succeeded');
    expect((await engine.attempts(id)).map((r) => [r.step, r.attempt, r.status])).toEqual([
      ['a', 1, 'failed'],
      ['a', 2, 'skipped'],
      ['b', 1, 'done'],
    ]);
    await engine.until(id, ended);
    expect(verifyChain(await sealed(id))).toMatchObject({ ok: true });
  });

  test('a fork keeps what came before the step it starts from', async () => {
    effects.length = 0;
    const source = plan([
      step('a', 'note', { args: { say: 'a' } }),
      step('b', 'note', { args: { say: 'b' }, dependsOn: ['a'] }),
    ]);
    const first = await engine.submit(source);
    await engine.until(first, ended);
    const second = await engine.submit(source, { parent: first, from: 'b' });
    expect((await engine.until(second, ended)).status).toBe('succeeded');
    expect(effects).toEqual(['a', 'b', 'b']);
    expect(verifyChain(await sealed(second))).toMatchObject({ ok: true });
  });

  test('a fork that took over all that can be undone says so at once, names the run that did it, and keeps its end', async () => {
    const back = { id: 'back', title: 'Back', tool: 'noop', args: {} };
    const source = plan([step('a', 'noop', { rollback: [back] }), step('b', 'noop', { dependsOn: ['a'] })]);
    const first = await engine.submit(source);
    await engine.until(first, ended);
    const second = await engine.submit(source, { parent: first, from: 'b' });
    const { ended_at: before } = await engine.until(second, ended);
    await expect(send(second, 'rollback')).rejects.toMatchObject({
      code: 'NOT_ALLOWED_NOW',
      mend: expect.stringContaining(first),
    });
    expect((await engine.until(second, ended)).ended_at).toEqual(before);
  });
});

describe('replay', () => {
  test(
    verifies('RUN-11', 'whatever became of the runs above: decided anew from their records, they come out the same'),
    async () => {
      expect(await replayedAll(db.database.engine, engine.ports)).toEqual([]);
    },
  );
});

/** The chain once the run is sealed: sealing follows the end of the run. */
async function sealed(id: string) {
  for (;;) {
    const chain = await readChain(db.database.engine, ORG, id);
    if (chain.at(-1)?.body.type === 'end') return chain;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
