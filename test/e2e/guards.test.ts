import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendSignal } from '#execute/control.js';
import type { SignalKind, SignalPayload } from '#execute/records.js';
import type { Worker } from '#execute/worker.js';
import type { PlanSource } from '#ir/plan.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { type Engine, ended, failed, functionTool, functionVerifier, ORG, ok, testEngine } from '../harness/engine.js';
import { replayed } from '../harness/replay.js';
import { verifies } from '../harness/requirements.js';

let db: TestDatabase;
let engine: Engine;
let worker: Worker;

const say = functionTool('say', ({ value }) => ok({ said: value ?? null }));
const fail = functionTool('fail', () => failed('as asked'));
const odd = functionTool('odd', ({ value }) => (value === 1 ? ok({}) : failed('as asked')));
const check = functionVerifier(({ config }) => ({ passed: (config as { passes?: boolean }).passes !== false }));

const undo = [{ id: 'undo', tool: 'say', args: { value: 'undone' } }];
const plan = (steps: object[], more: object = {}): PlanSource =>
  ({ apiVersion: 'opsroom/v1', title: 'guards', steps, ...more }) as PlanSource;

beforeAll(async () => {
  db = await testDatabase();
  const keys = await mkdtemp(join(tmpdir(), 'opsroom-keys-'));
  engine = await testEngine(db.database, db.url, { tools: [say, fail, odd], verifier: check, keys });
  worker = await engine.worker();
});
afterAll(async () => {
  await worker?.drain(1000);
  await db?.close();
});

const again = (run: string) => replayed(db.database.engine, engine.ports, run);
const send = (run: string, kind: SignalKind, payload: Partial<SignalPayload> = {}) =>
  sendSignal(db.database, engine.ports, { org: ORG, run, kind, payload: { reason: 'test', ...payload }, by: 'ada' });

/** The rows of a wait that was resolved, as they were before it was over by that. */
const OLDER = `
  with wait as (
    update opsroom.step_attempts w set status = 'waiting', ended_at = null, word = null, person = null
    from opsroom.step_attempts now
    where w.run_id = $1 and w.step_id = 'ask' and now.run_id = w.run_id and now.step_id = w.step_id
    returning now.*)
  insert into opsroom.step_attempts
    (org_id, run_id, step_id, item, revision, attempt, status, epoch, started_at, ended_at, word, person)
  select org_id, run_id, step_id, item, revision, 2, status, epoch, ended_at, ended_at, word, person from wait;
  update opsroom.events set attempt = 2
  where run_id = $1 and step_id = 'ask' and type in ('step.done', 'step.skipped', 'step.failed');
  alter table opsroom.proofs disable trigger user;
  update opsroom.proofs set record = jsonb_set(record::jsonb, '{body,attempt}', '2')
  where run_id = $1 and record #>> '{body,type}' = 'step' and record #>> '{body,step}' = 'ask';
  alter table opsroom.proofs enable trigger user;`;

describe('a step that asks whether what follows may be done', () => {
  const ask = (guards: string[], more: object = {}) => ({
    id: 'ask',
    kind: 'system',
    action: 'manual',
    args: { instructions: 'Really remove it?', guards },
    ...more,
  });
  const asked = plan([
    { id: 'a', tool: 'say' },
    ask(['rm'], { dependsOn: ['a'] }),
    { id: 'rm', tool: 'say', dependsOn: ['ask'] },
    { id: 'next', tool: 'say', dependsOn: ['rm'] },
  ]);
  const waits = (id: string) => engine.until(id, (run) => run.status === 'waiting');
  const statuses = async (id: string) =>
    Object.fromEntries((await engine.attempts(id)).map(({ step, status }) => [step, status]));

  test(verifies('RUN-07', 'tells what it asks; yes: it is done'), async () => {
    const id = await engine.submit(asked);
    expect((await waits(id)).parked?.what).toBe('Step ask asks whether rm may be done. Really remove it?');
    await send(id, 'confirm', { step: 'ask' });
    expect((await engine.until(id, ended)).status).toBe('succeeded');
    expect(await statuses(id)).toMatchObject({ ask: 'done', rm: 'done', next: 'done' });
    expect((await again(id)).difference).toBeUndefined();
  });

  test(verifies('RUN-07', 'skipped: what it stands before is skipped with it, and the rest goes on'), async () => {
    const id = await engine.submit(asked);
    await waits(id);
    await send(id, 'resolve', { step: 'ask', as: 'skip' });
    expect((await engine.until(id, ended)).status).toBe('succeeded');
    expect(await statuses(id)).toMatchObject({ ask: 'skipped', rm: 'skipped', next: 'done' });
    expect((await again(id)).difference).toBeUndefined();
  });

  test.each(['done', 'skip'] as const)(
    verifies('RUN-07', 'of a step with items, %s is said of all of them'),
    async (as) => {
      const id = await engine.submit(
        plan([ask(['rm']), { id: 'rm', tool: 'say', forEach: { items: [1, 2] }, dependsOn: ['ask'] }]),
      );
      await waits(id);
      await send(id, 'resolve', { step: 'ask', as });
      expect((await engine.until(id, ended)).status).toBe('succeeded');
      const items = (await engine.attempts(id)).filter(({ step, item }) => step === 'rm' && item >= 0);
      const status = as === 'done' ? 'done' : 'skipped';
      expect(items.map((one) => one.status)).toEqual([status, status]);
      expect((await again(id)).difference).toBeUndefined();
    },
  );

  test.each(['skip', 'failed'] as const)(
    verifies('RUN-07', 'in a rollback, %s: what it stands before is not done, what stands elsewhere is undone'),
    async (as) => {
      const id = await engine.submit(
        plan([
          { id: 'first', tool: 'say', rollback: undo },
          { id: 'a', tool: 'say', dependsOn: ['first'], rollback: [ask(['rm']), { id: 'rm', tool: 'say' }] },
          { id: 'b', tool: 'fail', dependsOn: ['a'] },
        ]),
      );
      await waits(id);
      await send(id, 'resolve', { step: 'a/ask', as });
      expect((await engine.until(id, ended)).status).toBe(as === 'skip' ? 'rolled_back' : 'failed');
      expect(await statuses(id)).toMatchObject({ 'a/rm': 'skipped', 'first/undo': 'done' });
      expect((await again(id)).difference).toBeUndefined();
    },
  );

  describe('after_failure', () => {
    const careful = ask(['rm'], { args: { instructions: 'Really remove it?', guards: ['rm'], asks: 'after_failure' } });
    const body = (...rollback: object[]) =>
      plan([
        { id: 'a', tool: 'say', rollback },
        { id: 'b', tool: 'fail', dependsOn: ['a'] },
      ]);
    const rollback = (first: object) => body({ id: 'restore', ...first }, careful, { id: 'rm', tool: 'say' });

    test(verifies('RUN-07', 'all before it was taken back: nobody is asked'), async () => {
      const id = await engine.submit(rollback({ tool: 'say' }));
      expect((await engine.until(id, ended)).status).toBe('rolled_back');
      expect(await statuses(id)).toMatchObject({ 'a/restore': 'done', 'a/ask': 'skipped', 'a/rm': 'done' });
      expect((await again(id)).difference).toBeUndefined();
    });

    test.each([
      ['done', 'done'],
      ['skip', 'skipped'],
    ] as const)(verifies('RUN-07', 'one before it failed: it waits, and says which and why (%s)'), async (as, then) => {
      const id = await engine.submit(rollback({ tool: 'fail' }));
      expect((await waits(id)).parked?.what).toBe(
        'Step a/ask asks whether rm may be done. Before it, a/restore failed. The run failed: as asked. It takes back: a. Really remove it?',
      );
      await send(id, 'resolve', { step: 'a/ask', as });
      expect((await engine.until(id, ended)).status).toBe('failed');
      expect(await statuses(id)).toMatchObject({ 'a/restore': 'failed', 'a/rm': then });
      expect((await again(id)).difference).toBeUndefined();
    });

    test(verifies('RUN-07', 'one before it was left out: it waits'), async () => {
      const manual = { kind: 'system', action: 'manual', args: { instructions: 'Put it back' } };
      const id = await engine.submit(rollback(manual));
      await waits(id);
      await send(id, 'resolve', { step: 'a/restore', as: 'skip' });
      const { parked } = await engine.until(id, (run) => run.parked?.step === 'a/ask');
      expect(parked?.what).toContain('Before it, a/restore was left out.');
      await send(id, 'resolve', { step: 'a/ask', as: 'skip' });
      expect((await engine.until(id, ended)).status).toBe('rolled_back');
      expect(await statuses(id)).toMatchObject({ 'a/rm': 'skipped' });
      expect((await again(id)).difference).toBeUndefined();
    });

    test(verifies('RUN-07', 'a no stays a no, though what failed before it was put right by then'), async () => {
      const id = await engine.submit(rollback({ tool: 'fail' }));
      await waits(id);
      await send(id, 'resolve', { step: 'a/restore', as: 'done' });
      await waits(id);
      await send(id, 'resolve', { step: 'a/ask', as: 'skip' });
      expect((await engine.until(id, ended)).status).toBe('rolled_back');
      expect(await statuses(id)).toMatchObject({ 'a/restore': 'done', 'a/ask': 'skipped', 'a/rm': 'skipped' });
      expect((await again(id)).difference).toBeUndefined();
    });

    test.each(['skip', 'failed'] as const)(
      verifies('RUN-07', 'a no (%s) stays a no for the worker that finds what failed put right after it'),
      async (as) => {
        const hold = { id: 'hold', kind: 'system', action: 'manual', args: { instructions: 'wait' } };
        const id = await engine.submit(body({ id: 'restore', tool: 'fail' }, careful, hold, { id: 'rm', tool: 'say' }));
        await waits(id);
        await send(id, 'resolve', { step: 'a/ask', as });
        await engine.until(id, (run) => run.parked?.step === 'a/hold');
        await send(id, 'resolve', { step: 'a/restore', as: 'done' });
        await waits(id);
        await send(id, 'confirm', { step: 'a/hold' });
        await engine.until(id, ended);
        expect(await statuses(id)).toMatchObject({ 'a/restore': 'done', 'a/hold': 'done', 'a/rm': 'skipped' });
        expect((await again(id)).difference).toBeUndefined();
      },
    );

    test(
      verifies('RUN-07', 'a no leaves out what a question behind it asks about, though nothing failed'),
      async () => {
        const first = ask(['ask'], { id: 'first' });
        const id = await engine.submit(body(first, careful, { id: 'rm', tool: 'say' }));
        await waits(id);
        await send(id, 'resolve', { step: 'a/first', as: 'skip' });
        expect((await engine.until(id, ended)).status).toBe('rolled_back');
        expect(await statuses(id)).toMatchObject({ 'a/first': 'skipped', 'a/ask': 'skipped', 'a/rm': 'skipped' });
        expect((await again(id)).difference).toBeUndefined();
      },
    );

    test(
      verifies('RUN-07', 'what fails behind it once nobody had to be asked: the rest is not done unasked'),
      async () => {
        const both = { ...careful, args: { ...careful.args, guards: ['rm', 'wipe'] } };
        const id = await engine.submit(
          body({ id: 'restore', tool: 'say' }, both, { id: 'rm', tool: 'fail' }, { id: 'wipe', tool: 'say' }),
        );
        expect((await engine.until(id, ended)).status).toBe('failed');
        expect(await statuses(id)).toMatchObject({ 'a/ask': 'skipped', 'a/rm': 'failed', 'a/wipe': 'skipped' });
        expect((await again(id)).difference).toBeUndefined();
      },
    );
  });

  describe('unlessDone', () => {
    const restore = [
      ask(['back'], { args: { instructions: 'Is the copy whole?', guards: ['back'], asks: { unlessDone: 'copy' } } }),
      { id: 'back', tool: 'say' },
    ];
    const checked = { verifiers: [{ id: 'odd', kind: 'custom', config: { passes: false } }] };

    test.each([
      ['its checks failed', [{ id: 'copy', tool: 'say', ...checked, rollback: restore }]],
      [
        'what came behind it failed',
        [
          { id: 'copy', tool: 'say', rollback: restore },
          { id: 'b', tool: 'fail', dependsOn: ['copy'] },
        ],
      ],
    ])(verifies('RUN-07', 'its command was done, and %s: nobody is asked'), async (_, steps) => {
      const id = await engine.submit(plan(steps));
      expect((await engine.until(id, ended)).status).toBe('rolled_back');
      expect(await statuses(id)).toMatchObject({ 'copy/ask': 'skipped', 'copy/back': 'done' });
      expect((await again(id)).difference).toBeUndefined();
    });

    test.each([
      ['done', 'done'],
      ['skip', 'skipped'],
    ] as const)(verifies('RUN-07', 'its command failed: it waits (%s)'), async (as, then) => {
      const id = await engine.submit(plan([{ id: 'copy', tool: 'fail', rollback: restore }]));
      expect((await waits(id)).parked?.what).toContain('Is the copy whole?');
      await send(id, 'resolve', { step: 'copy/ask', as });
      await engine.until(id, ended);
      expect(await statuses(id)).toMatchObject({ 'copy/back': then });
      expect((await again(id)).difference).toBeUndefined();
    });

    test(verifies('RUN-07', 'a worker that takes the run over knows whether it was done'), async () => {
      const hold = { id: 'hold', kind: 'system', action: 'manual', args: { instructions: 'wait' } };
      const id = await engine.submit(plan([{ id: 'copy', tool: 'say', ...checked, rollback: [hold, ...restore] }]));
      await waits(id);
      await send(id, 'confirm', { step: 'copy/hold' });
      expect((await engine.until(id, ended)).status).toBe('rolled_back');
      expect(await statuses(id)).toMatchObject({ 'copy/ask': 'skipped', 'copy/back': 'done' });
    });
  });

  describe('a re-run', () => {
    const parts = plan(
      [
        ask(['rm', 'wipe']),
        { id: 'rm', tool: 'say', dependsOn: ['ask'] },
        { id: 'wipe', tool: 'fail', dependsOn: ['rm'] },
        { id: 'next', tool: 'say', dependsOn: ['wipe'] },
      ],
      { onFailure: 'stop' },
    );

    test(verifies('RUN-07', 'asks again before it does what failed, and leaves what was done as it is'), async () => {
      const parent = await engine.submit(parts);
      await waits(parent);
      await send(parent, 'confirm', { step: 'ask' });
      expect((await engine.until(parent, ended)).status).toBe('failed');
      const id = await engine.submit(parts, { parent });
      await waits(id);
      expect(await statuses(id)).toEqual({ rm: 'done', ask: 'waiting' });
      await send(id, 'resolve', { step: 'ask', as: 'skip' });
      expect((await engine.until(id, ended)).status).toBe('succeeded');
      expect(await statuses(id)).toEqual({ rm: 'done', ask: 'skipped', wipe: 'skipped', next: 'done' });
      expect((await again(id)).difference).toBeUndefined();
    });

    test(verifies('RUN-07', 'asks again before the items that failed, and no more than these are done'), async () => {
      const items = plan(
        [
          ask(['each']),
          {
            id: 'each',
            tool: 'odd',
            args: { value: '{{ item }}' },
            forEach: { items: [1, 2], limit: 1 },
            dependsOn: ['ask'],
          },
        ],
        { onFailure: 'stop' },
      );
      const parent = await engine.submit(items);
      await waits(parent);
      await send(parent, 'confirm', { step: 'ask' });
      expect((await engine.until(parent, ended)).status).toBe('failed');
      const id = await engine.submit(items, { parent });
      await waits(id);
      await send(id, 'confirm', { step: 'ask' });
      await engine.until(id, ended);
      const own = (await engine.attempts(id)).filter(({ step, item }) => step === 'each' && item >= 0);
      expect(own.map(({ item, status }) => [item, status])).toEqual([
        [0, 'done'],
        [1, 'failed'],
      ]);
      expect((await again(id)).difference).toBeUndefined();
    });
  });

  test(verifies('RUN-07', 'another worker that takes the run over knows that it was skipped'), async () => {
    const id = await engine.submit(
      plan([
        ask(['rm']),
        { id: 'hold', kind: 'system', action: 'manual', args: { instructions: 'wait' }, dependsOn: ['ask'] },
        { id: 'rm', tool: 'say', dependsOn: ['hold'] },
      ]),
    );
    await waits(id);
    await send(id, 'resolve', { step: 'ask', as: 'skip' });
    await engine.until(id, (run) => run.parked?.step === 'hold');
    // Parked runs are nobody's: whoever goes on with it has read it from the ledger.
    await send(id, 'confirm', { step: 'hold' });
    expect((await engine.until(id, ended)).status).toBe('succeeded');
    expect(await statuses(id)).toMatchObject({ ask: 'skipped', hold: 'done', rm: 'skipped' });
  });

  test.each([
    ['done', 'done'],
    ['skip', 'skipped'],
    ['failed', 'failed'],
  ] as const)(
    verifies('RUN-07', 'resolved as %s, it has been attempted once: the wait is over by that'),
    async (as, status) => {
      const id = await engine.submit(
        plan([ask(['rm']), { id: 'rm', tool: 'say', dependsOn: ['ask'] }], { onFailure: 'stop' }),
      );
      await waits(id);
      await send(id, 'resolve', { step: 'ask', as });
      await engine.until(id, ended);
      const asked = (await engine.attempts(id)).filter(({ step }) => step === 'ask');
      expect(asked.map((one) => [one.attempt, one.status])).toEqual([[1, status]]);
      expect(asked[0]?.endedAt).not.toBeNull();
      expect((await again(id)).difference).toBeUndefined();
    },
  );

  test.each(['done', 'skip', 'failed'] as const)(
    verifies('RUN-11', 'resolved as %s by an older version, its word is the second attempt, and follows all the same'),
    async (as) => {
      const id = await engine.submit(
        plan([ask(['rm']), { id: 'rm', tool: 'say', dependsOn: ['ask'] }], { onFailure: 'stop' }),
      );
      await waits(id);
      await send(id, 'resolve', { step: 'ask', as });
      await engine.until(id, ended);
      await db.database.engine.query(OLDER.replaceAll('$1', `'${id}'`));
      const asked = (await engine.attempts(id)).filter(({ step }) => step === 'ask');
      expect(asked.map((one) => one.status)).toContain('waiting');
      expect((await again(id)).difference).toBeUndefined();
      // Nothing but the form: who said it is still held against the signal.
      const byEve = `update opsroom.events set data = jsonb_set(data, '{by}', '"eve"') where run_id = $1 and attempt = 2`;
      await db.database.engine.query(byEve, [id]);
      expect((await again(id)).difference?.step).toBe('ask');
    },
  );

  test(
    verifies(
      'RUN-09',
      'what takes back several steps is done once, though its own was declined, and by another worker',
    ),
    async () => {
      const section = [
        { id: 'undo', tool: 'say', alsoUndoes: ['b', 'c'] },
        { id: 'again', tool: 'say', alsoUndoes: ['b', 'c'] },
      ];
      const id = await engine.submit(
        plan([
          ask(['a']),
          { id: 'a', tool: 'say', dependsOn: ['ask'], rollback: section },
          { id: 'b', tool: 'say', dependsOn: ['a'], rollback: [] },
          { id: 'hold', kind: 'system', action: 'manual', args: { instructions: 'wait' }, dependsOn: ['b'] },
          { id: 'c', tool: 'fail', dependsOn: ['hold'], rollback: [] },
        ]),
      );
      await waits(id);
      await send(id, 'resolve', { step: 'ask', as: 'skip' });
      await engine.until(id, (run) => run.parked?.step === 'hold');
      await send(id, 'confirm', { step: 'hold' });
      expect((await engine.until(id, ended)).status).toBe('rolled_back');
      const of = (await engine.attempts(id)).filter(({ step }) => /^a(?:\/|$)/.test(step));
      expect(of.map(({ step, status }) => `${step} ${status}`).toSorted()).toEqual([
        'a skipped',
        'a/again done',
        'a/undo done',
      ]);
      expect((await again(id)).difference).toBeUndefined();
    },
  );
});
