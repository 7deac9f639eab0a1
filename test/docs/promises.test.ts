// What the pages below docs/ promise and no other test shows, on the real engine.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendSignal } from '#execute/control.js';
import type { Worker } from '#execute/worker.js';
import type { CheckInput, CheckResult } from '#ir/calls.js';
import { jsonDigest } from '#ir/digest.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { schemaMismatch } from '#ir/json-schema.js';
import type { PlanSource } from '#ir/plan.js';
import { createMask } from '#observe/redact.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { type Engine, ended, failed, functionTool, functionVerifier, ORG, ok, testEngine } from '../harness/engine.js';

const SECRETS = { LONG: 'correct-horse-battery', SHORT: 'abc' };
/** What tools were called with, in order. */
const calls: JsonObject[] = [];
/** Artefacts that were asked for. */
const files: { readonly name: string; readonly path: string }[] = [];
let keys: string;
let db: TestDatabase;
let engine: Engine;
let worker: Worker;

const note = functionTool('note', (args) => {
  calls.push(args);
  return ok(args);
});
const fail = functionTool('fail', (args) => {
  calls.push(args);
  return failed('as asked');
});
const hang = functionTool('hang', (args, { signal }) => {
  calls.push(args);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(failed('aborted'))));
});
/** Before the step it cannot look; afterwards all is well. */
const blind = {
  ...functionVerifier(() => ({ passed: true })),
  check: async ({ phase, config: { evidence = {} } }: CheckInput): Promise<CheckResult> =>
    phase === 'baseline'
      ? { passed: false, inconclusive: true, summary: 'timed out', evidence: {} }
      : ({ passed: true, summary: 'as expected', ...(evidence === 'NOTHING' ? {} : { evidence }) } as CheckResult),
};

const plan = (steps: object[], more: object = {}): PlanSource =>
  ({ apiVersion: 'opsroom/v1', title: 'test', steps, ...more }) as PlanSource;

async function runToEnd(steps: object[], more: object = {}) {
  calls.length = 0;
  const run = await engine.until(await engine.submit(plan(steps, more)), ended);
  return { run, attempts: await engine.attempts(run.id) };
}

const told = (name: string): object[] => [{ id: 'a', tool: 'note', args: { say: `{{ secrets.${name} }}` } }];

beforeAll(async () => {
  db = await testDatabase();
  keys = await mkdtemp(join(tmpdir(), 'opsroom-keys-'));
  const mask = createMask(new Map(Object.entries(SECRETS)));
  engine = await testEngine(db.database, db.url, {
    tools: [note, fail, hang],
    verifier: blind,
    ports: {
      secrets: async () => ({
        values: SECRETS,
        mask,
        note: async () => undefined,
        isBound: () => false,
        admit: async () => undefined,
      }),
      schemaMismatch,
      keepArtefacts: async (_id, _workspace, asked) => {
        files.push(...asked);
        return [];
      },
    },
    keys,
  });
  worker = await engine.worker();
});
afterAll(async () => {
  await worker?.drain(1000);
  await db?.close();
  await rm(keys, { recursive: true, force: true });
});

describe('secrets', () => {
  test('a tool gets the secret, and the ledger its name', async () => {
    const verifiers = [{ id: 'v', kind: 'custom', config: { evidence: { seen: '{{ secrets.LONG }}' } } }];
    const { run, attempts } = await runToEnd([{ ...told('LONG')[0], verifiers }]);
    expect(calls).toEqual([{ say: SECRETS.LONG }]);
    expect(attempts.map(({ output }) => output)).toEqual([{ say: '‹secret:LONG›' }]);
    const { rows } = await db.database.engine.query<{ text: string }>(
      `select (select json_agg(a)::text from opsroom.step_attempts a where run_id = $1)
        || (select json_agg(p)::text from opsroom.proofs p where run_id = $1)
        || (select json_agg(e)::text from opsroom.events e where run_id = $1)
        || (select json_agg(e)::text from opsroom.evidence e) as text`,
      [run.id],
    );
    expect(rows[0]?.text).toContain('"seen": "‹secret:LONG›"');
    expect(rows[0]?.text).not.toContain(SECRETS.LONG);
  });

  test('one that cannot be masked is refused to the step that names it, and nothing is called', async () => {
    const { run } = await runToEnd(told('SHORT'));
    expect([run.status, run.error?.code]).toEqual(['failed', 'SECRET_UNUSABLE']);
    expect(calls).toEqual([]);
  });
});

test('a check that could not look before proves nothing afterwards', async () => {
  const verifiers = [{ id: 'v', kind: 'custom', config: {} }];
  const { run } = await runToEnd([{ id: 'a', tool: 'note', args: {}, verifiers }]);
  expect(run).toMatchObject({ status: 'succeeded', word: 'holds, not proven by this step' });
});

// `{"passed", "summary"}` is all that a custom verifier must print.
test.each([[null], ['NOTHING']])('a verifier may have nothing to show: %s', async (evidence) => {
  const verifiers = [{ id: 'v', kind: 'custom', config: { evidence } }];
  const { run } = await runToEnd([{ id: 'a', tool: 'note', args: {}, verifiers }]);
  expect(run.status).toBe('succeeded');
  const { rows } = await db.database.engine.query<{ digest: string; body: JsonValue }>(
    `select digest, body from opsroom.evidence where digest in (select record #>> '{body,evidence}' from opsroom.proofs where run_id = $1)`,
    [run.id],
  );
  expect(rows).toEqual([{ digest: jsonDigest(null), body: null }]);
});

test('a retry policy repeats a failed attempt of any step, idempotent or not', async () => {
  const retryPolicy = { maxAttempts: 2, backoffMs: 0, backoffMultiplier: 1 };
  const { run } = await runToEnd([{ id: 'a', tool: 'fail', args: { n: 1 }, retryPolicy }]);
  expect([run.status, calls.length]).toEqual(['failed', 2]);
});

test('a step whose condition is false is skipped, its preconditions unasked', async () => {
  const { attempts } = await runToEnd([
    { id: 'a', tool: 'note', if: 'false', args: {}, preconditions: ['command:absent'] },
  ]);
  expect([attempts.map(({ status }) => status), calls]).toEqual([['skipped'], []]);
});

test('a precondition that does not hold fails the step before its tool is called', async () => {
  const { run } = await runToEnd([{ id: 'a', tool: 'note', args: {}, preconditions: ['command:absent'] }]);
  expect([run.error?.code, calls]).toEqual(['PRECONDITION_FAILED', []]);
});

describe('the end of a run', () => {
  const undone = [
    { id: 'a', tool: 'note', args: { do: 'a' }, rollback: [{ id: 'undo', tool: 'note', args: { undo: 'a' } }] },
    { id: 'b', dependsOn: ['a'], tool: 'fail', args: { do: 'b' } },
  ];

  test('onFailure: stop leaves what was done', async () => {
    const { run } = await runToEnd(undone, { onFailure: 'stop' });
    expect([run.status, calls]).toEqual(['failed', [{ do: 'a' }, { do: 'b' }]]);
  });

  test('a compensation that fails is named, and those before it are still run', async () => {
    const stuck = { id: 'm', dependsOn: ['a'], tool: 'note', args: {}, rollback: [{ id: 'undo', tool: 'fail' }] };
    const { run } = await runToEnd([undone[0] ?? {}, stuck, { ...undone[1], dependsOn: ['m'] }]);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'ROLLBACK_INCOMPLETE' } });
    expect(run.error?.message).toContain('m/undo');
    expect(calls.at(-1)).toEqual({ undo: 'a' });
  });

  test.each([
    ['stop', false],
    ['rollback', true],
  ])('onCancel: %s', async (onCancel, undoes) => {
    calls.length = 0;
    const slow = { id: 'b', dependsOn: ['a'], tool: 'hang', args: { do: 'b' } };
    const id = await engine.submit(plan([undone[0] ?? {}, slow], { onCancel }));
    await engine.until(id, () => calls.length === 2);
    const payload = { reason: 'test' };
    await sendSignal(db.database, engine.ports, { org: ORG, run: id, kind: 'cancel', payload, by: 'tester' });
    await engine.until(id, ended);
    expect(calls.some((call) => 'undo' in call)).toBe(undoes);
  });

  test('an expected output that is null fails the run', async () => {
    const steps = [{ id: 'a', tool: 'note', args: { url: null as JsonValue } }];
    const { run } = await runToEnd(steps, { expectedOutputs: { url: '{{ steps.a.output.url }}' } });
    expect([run.status, run.error?.code]).toEqual(['failed', 'VERIFIER_FAILED']);
  });

  const outputs = { n: '{{ output.n }}' };
  test.each<[string, object[], string | undefined]>([
    ['fits', [{ args: { n: 1 }, outputs }], undefined],
    ['does not fit', [{ args: { n: 'text' }, outputs }], 'The expected output "n" does not fit its schema: it must be'],
    ['does not fit in one item', [{ args: { n: '{{ item }}' }, outputs, forEach: { items: [1, 'x'] } }], 'must be'],
    ['is missing where its step was skipped', [{ if: 'false', args: { n: 1 }, outputs }], '"n" is missing'],
    ['is of no step', [{ args: { n: 'text' } }], undefined],
  ])('an expected output with a schema %s', async (_, steps, said) => {
    const own = steps.map((step) => ({ id: 'a', tool: 'note', ...step }));
    const { run } = await runToEnd(own, { expectedOutputs: { n: { type: 'integer' } } });
    expect([run.status, run.error?.code]).toEqual(said ? ['failed', 'VERIFIER_FAILED'] : ['succeeded', undefined]);
    expect(run.error?.message ?? '').toContain(said ?? '');
  });
});

test('a run that takes too long fails', async () => {
  const { run } = await runToEnd([{ id: 'a', tool: 'hang', args: {} }], { timeoutMs: 200 });
  expect([run.status, run.error?.code]).toEqual(['failed', 'RUN_TIMEOUT']);
});

test('a step that takes too long fails', async () => {
  const { run } = await runToEnd([{ id: 'a', tool: 'hang', args: {}, timeoutMs: 50 }]);
  expect(run.status).toBe('failed');
});

test('a wait of the plan ends by itself', async () => {
  const wait = { id: 'a', kind: 'system', action: 'wait', args: { durationMs: 50 } };
  const { run } = await runToEnd([wait, { id: 'b', dependsOn: ['a'], tool: 'note', args: {} }]);
  expect([run.status, calls.length]).toEqual(['succeeded', 1]);
});

async function kept(path: string) {
  files.length = 0;
  const artefacts = [{ name: 'report', path }];
  const { run } = await runToEnd([{ id: 'a', tool: 'note', args: {}, forEach: { items: [1, '../x'] }, artefacts }]);
  return { error: run.error, files: files.map(({ path }) => path).toSorted() };
}

describe('the paths of artefacts', () => {
  test('may hold expressions', async () => {
    expect(await kept('report-{{ index }}-{{ step.attempt }}.txt')).toEqual({
      error: null,
      files: ['report-0-1.txt', 'report-1-1.txt'],
    });
    expect((await kept('{{ index }}')).files).toEqual(['0', '1']);
  });

  test('must be text', async () => {
    expect((await kept('{{ [index] }}')).error).toMatchObject({ code: 'PLAN_EXPRESSION' });
  });
});

test('once its tool has run, a step knows when it started', async () => {
  const verifiers = [{ id: 'v', kind: 'custom', config: { evidence: { at: '{{ step.startedAt }}' } } }];
  const outputs = { at: '{{ step.startedAt }}' };
  const artefacts = [{ name: 'report', path: '{{ step.startedAt }}.txt' }];
  files.length = 0;
  const { run, attempts } = await runToEnd([{ id: 'a', tool: 'note', args: {}, verifiers, outputs, artefacts }]);
  const at = attempts[0]?.startedAt.toISOString();
  expect(run).toMatchObject({ status: 'succeeded', word: 'holds, not proven by this step' });
  expect([attempts[0]?.output, files]).toEqual([{ at }, [{ name: 'report', path: `${at}.txt` }]]);
  expect(attempts[0]?.baseline).toEqual([
    { verifierId: 'v', state: 'unknown', summary: 'names when the step started' },
  ]);
});
