import { expect, test } from 'vitest';
import type { StepState } from '#execute/views/steps.js';
import type { Plan } from '#ir/plan.js';
import { builtIn } from '../contracts.js';
import { effectsLeft, notUndone } from './not-undone.js';

const step = (id: string, more: object = {}) => ({
  id,
  title: id,
  kind: 'tool',
  tool: 'shell',
  action: 'run',
  ...more,
});
const plan = (...steps: object[]) => ({ steps }) as unknown as Plan;
const state = (id: string, status: StepState['status'], attempts = 1) => ({ id, status, attempts }) as StepState;
const undo = { rollback: [{ id: 'undo' }] };

test('names what was done and has no rollback, and what a rollback left', () => {
  const steps = plan(step('sent'), step('copied', undo), step('moved', undo), step('cut', undo), step('late'));
  const states = [
    state('sent', 'done'),
    state('copied', 'done'),
    state('copied/undo', 'done'),
    state('moved', 'failed'),
    state('moved/undo', 'failed'),
    state('cut', 'unknown'),
    state('late', 'pending', 0),
  ];
  expect(notUndone(steps, states)).toEqual([
    { step: 'sent', title: 'sent', why: 'no rollback' },
    { step: 'moved', title: 'moved', why: 'its rollback failed' },
    { step: 'cut', title: 'cut', why: 'its rollback was not run' },
  ]);
});

test('what changes nothing, or says that it has nothing of its own to undo, is not named', () => {
  const steps = plan(
    step('look', { readOnly: true }),
    step('ask', { kind: 'system', tool: undefined }),
    step('serve', { action: 'background' }),
    step('count', { tool: 'sql', action: 'query' }),
    step('taken-back', { rollback: [] }),
    step('skipped'),
  );
  const states = ['look', 'ask', 'serve', 'count', 'taken-back'].map((id) => state(id, 'done'));
  expect(notUndone(steps, [...states, state('skipped', 'skipped')])).toEqual([]);
});

test('what is known to only look is not told, though the plan does not say so; what should have been taken back is', async () => {
  const run = (script: string, more: object = {}) => step(script, { args: { run: script }, ...more });
  const steps = plan(run('diff -r a b'), run('./mend.sh'), run('ls', undo));
  const states = ['diff -r a b', './mend.sh', 'ls'].map((id) => state(id, 'done'));
  const told = await effectsLeft(steps, states, builtIn().contracts.tools);
  expect(told.map(({ step: id, why }) => [id, why])).toEqual([
    ['./mend.sh', 'no rollback'],
    ['ls', 'its rollback was not run'],
  ]);
});

test('what another step takes back is named when that failed, and not when it was done', () => {
  const also = { rollback: [{ id: 'undo', alsoUndoes: ['b', 'c'] }] };
  const steps = plan(step('a', also), step('b', { rollback: [] }), step('c'));
  const states = [state('a', 'skipped'), state('b', 'done'), state('c', 'failed')];
  expect(notUndone(steps, [...states, state('a/undo', 'done')])).toEqual([]);
  expect(notUndone(steps, [...states, state('a/undo', 'failed')])).toEqual([
    { step: 'b', title: 'b', why: 'its rollback failed' },
    { step: 'c', title: 'c', why: 'its rollback failed' },
  ]);
});

test('what somebody left out of a rollback is named, a question and a look of it are not', () => {
  const ask = { id: 'ask', kind: 'system', action: 'manual', args: { guards: ['undo'] } };
  const guarded = { rollback: [ask, { id: 'undo' }] };
  const steps = plan(
    step('a', guarded),
    step('b', { rollback: [{ id: 'undo' }, { id: 'more' }] }),
    step('c', guarded),
    step('d', { rollback: [{ id: 'look', readOnly: true }, { id: 'undo' }] }),
  );
  const states = [
    ...['a', 'b', 'c', 'd'].map((id) => state(id, 'done')),
    state('a/ask', 'skipped'),
    state('a/undo', 'skipped'),
    state('b/undo', 'done'),
    state('b/more', 'skipped'),
    state('c/ask', 'done'),
    state('c/undo', 'done'),
    state('d/look', 'skipped'),
    state('d/undo', 'done'),
  ];
  expect(notUndone(steps, states)).toEqual([
    { step: 'a', title: 'a', why: 'its rollback was left out' },
    { step: 'b', title: 'b', why: 'a part of its rollback was left out' },
  ]);
});
