import { expect, test } from 'vitest';
import type { Plan } from '#ir/plan.js';
import { stepStates } from './steps.js';
import type { ViewedAttempt } from './store.js';

const plan = {
  steps: [
    { id: 'one', title: 'One', rollback: [{ id: 'undo', title: 'Undo' }] },
    { id: 'each', title: 'Each', forEach: { items: '[]', limit: 10 } },
  ],
} as unknown as Plan;

const verdict = (passed: boolean, proven: boolean) => ({
  verifierId: 'v',
  kind: 'file',
  required: true,
  passed,
  proven,
  basis: 'none' as const,
  word: 'failed' as const,
  summary: passed ? 'there' : 'not there',
  evidence: '',
});

const row = (step: string, more: Partial<ViewedAttempt>): ViewedAttempt => ({
  step,
  item: -1,
  revision: 0,
  attempt: 1,
  status: 'done',
  startedAt: new Date(1000),
  endedAt: new Date(2000),
  output: null,
  word: 'proven',
  verdicts: null,
  error: null,
  isolation: 'none',
  person: null,
  wakeAt: null,
  reusedFrom: null,
  ...more,
});

test('a step without attempts is pending; its compensation is shown once it was begun', () => {
  expect(stepStates(plan, 'running', []).map(({ id, status }) => [id, status])).toEqual([
    ['one', 'pending'],
    ['each', 'pending'],
  ]);
  const undone = stepStates(plan, 'rolled_back', [row('one', {}), row('one/undo', {})]);
  expect(undone.map(({ id }) => id)).toEqual(['one', 'one/undo', 'each']);
});

test('the last attempt tells the state, all of them are counted', () => {
  const failed = row('one', { status: 'failed', wakeAt: new Date(5000), word: 'failed' });
  expect(stepStates(plan, 'running', [failed])[0]).toMatchObject({ status: 'retrying', attempts: 1 });
  expect(stepStates(plan, 'failed', [failed])[0]).toMatchObject({ status: 'failed' });
  const again = row('one', { attempt: 2, startedAt: new Date(5000), endedAt: new Date(9000) });
  expect(stepStates(plan, 'running', [again, failed])[0]).toMatchObject({
    status: 'done',
    attempts: 2,
    startedAt: new Date(1000).toISOString(),
    endedAt: new Date(9000).toISOString(),
  });
});

test('a wait that was called off is shown so, and as still to come once the run goes on after all', () => {
  const off = row('one', { status: 'cancelled', word: null });
  expect(stepStates(plan, 'cancelled', [off])[0]).toMatchObject({
    status: 'cancelled',
    endedAt: off.endedAt?.toISOString(),
  });
  expect(stepStates(plan, 'running', [off])[0]).toMatchObject({ status: 'pending' });
});

test('items are merged: the step goes on while one does, and a verdict is as weak as the weakest', () => {
  const items = [
    row('each', { item: 0, verdicts: [verdict(true, true)] }),
    row('each', { item: 1, verdicts: [verdict(false, false)], status: 'failed' }),
    row('each', { item: 2, status: 'running', endedAt: null, word: null }),
  ];
  const [, each] = stepStates(plan, 'running', items);
  expect(each).toMatchObject({
    status: 'running',
    attempts: 3,
    endedAt: null,
    items: { total: 3, done: 1, failed: 1 },
  });
  expect(each?.verdicts).toEqual([
    expect.objectContaining({ id: 'v', passed: false, proven: false, summary: 'not there' }),
  ]);
});

test('a step that was tried again tells when each attempt ran; one of many items does not', () => {
  const [one, , each] = stepStates(plan, 'succeeded', [
    row('one', { status: 'failed', wakeAt: new Date(3000) }),
    row('one', { attempt: 2, startedAt: new Date(3000), endedAt: new Date(4000) }),
    row('one/undo', {}),
    row('each', { item: 0 }),
    row('each', { item: 1 }),
  ]);
  expect(one?.tries).toEqual([
    { status: 'failed', startedAt: '1970-01-01T00:00:01.000Z', endedAt: '1970-01-01T00:00:02.000Z' },
    { status: 'done', startedAt: '1970-01-01T00:00:03.000Z', endedAt: '1970-01-01T00:00:04.000Z' },
  ]);
  expect(each?.tries).toEqual([]);
});

test('which item failed is in the error of its step', () => {
  const fault = { code: 'TOOL_FAILED', message: 'It ended with 1.', mend: 'Look.' } as const;
  const broken = (item: number) => row('each', { item, status: 'failed', word: 'failed', error: fault });
  const errorOf = (...rows: ViewedAttempt[]) => stepStates(plan, 'failed', rows)[1]?.error;
  expect(errorOf(row('each', { item: 0 }), broken(1))).toEqual({ ...fault, message: 'each#1: It ended with 1.' });
  expect(errorOf(broken(0), broken(1))?.message).toBe('each#0: It ended with 1. (1 more item failed)');
  expect(errorOf(row('each', { item: 0 }))).toBeNull();
});

test('of an empty list there are no items and no attempts, unless a person said that it is done or it was taken over', () => {
  const stateOf = (more: Partial<ViewedAttempt>) =>
    stepStates(plan, 'succeeded', [row('each', { word: 'exit code only', ...more })])[1];
  expect(stateOf({})).toMatchObject({ attempts: 0, items: { total: 0, done: 0, failed: 0 } });
  expect(stateOf({ person: { by: 'user:ada@vm', reason: 'seen' } })).toMatchObject({ attempts: 1, items: null });
  expect(stateOf({ reusedFrom: 'r' })).toMatchObject({ items: null });
  expect(stateOf({ status: 'skipped', word: null })).toMatchObject({ items: null });
});

test('a compensation of items is done when each was: nothing sums it up', () => {
  const undo = (item: number, status: ViewedAttempt['status']) => row('one/undo', { item, status });
  const statusOf = (run: 'running' | 'rolled_back', ...rows: ViewedAttempt[]) =>
    stepStates(plan, run, [row('one', {}), ...rows])[1]?.status;
  expect(statusOf('rolled_back', undo(0, 'done'), undo(1, 'done'))).toBe('done');
  expect(statusOf('rolled_back', undo(0, 'done'), undo(1, 'skipped'))).toBe('skipped');
  expect(statusOf('rolled_back', undo(0, 'done'), undo(1, 'failed'))).toBe('failed');
  expect(statusOf('running', undo(0, 'done'))).toBe('running');
});
