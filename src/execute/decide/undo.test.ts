import { expect, test } from 'vitest';
import type { Plan } from '#ir/plan.js';
import type { AttemptRow } from '../records.js';
import { RunState } from './state.js';

const ask = { id: 'ask', kind: 'system', action: 'manual', args: { instructions: 'Really?', guards: ['rm'] } };
const rm = { id: 'rm', kind: 'tool', args: {} };
const each = { id: 'each', kind: 'tool', args: {}, dependsOn: [], forEach: { items: [], limit: 1 } };
const after = { id: 'after', kind: 'tool', args: {}, dependsOn: ['each'] };
const row = (item: number, status: 'done' | 'failed', step = 'each') =>
  ({ step, item, attempt: 1, status, endedAt: new Date(0), args: {}, wakeAt: null, error: null }) as AttemptRow;

/** What the first question of a rollback says; of `each` all items were begun. */
function asked(steps: object[], rows: readonly AttemptRow[]): string {
  const state = new RunState({ steps } as unknown as Plan, 1);
  state.load(rows, () => rows.length);
  state.beginRollback('request');
  const [asking] = state.decide(0).prepare;
  if (asking) state.waiting(asking, 1, undefined);
  const { next } = state.decide(0);
  return next.kind === 'park' ? next.parked.what : '';
}

test('of very many items a question tells some of what it takes back, first what failed, and how many more', () => {
  const also = { alsoUndoes: ['each'] };
  const steps = [
    { ...each, rollback: [] },
    {
      ...after,
      rollback: [
        { ...ask, ...also },
        { ...rm, ...also },
      ],
    },
  ];
  const what = asked(steps, [...Array.from({ length: 1000 }, (_, item) => row(item, 'done')), row(1000, 'failed')]);
  expect(what).toContain('It takes back: each#1000 (failed), each#0, each#1, ');
  expect(what).toContain(', each#18 and 981 more.');
});

test('the question of one item tells no other item: each is taken back on a word of its own', () => {
  const steps = [{ ...each, rollback: [ask, rm] }];
  const what = asked(steps, [row(0, 'done'), row(1, 'done'), row(2, 'failed')]);
  expect(what).toContain('Step each/ask#2 asks');
  expect(what).toContain('It takes back: each#2 (failed).');
});
