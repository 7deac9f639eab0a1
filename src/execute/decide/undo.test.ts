import { expect, test } from 'vitest';
import type { Plan } from '#ir/plan.js';
import type { AttemptRow } from '../records.js';
import { RunState } from './state.js';

const ask = { id: 'ask', kind: 'system', action: 'manual', args: { instructions: 'Really?', guards: ['rm'] } };
const plan = {
  steps: [
    {
      id: 'each',
      kind: 'tool',
      args: {},
      dependsOn: [],
      forEach: { items: [], limit: 1 },
      rollback: [ask, { id: 'rm', kind: 'tool', args: {} }],
    },
  ],
} as unknown as Plan;
const row = (item: number, status: 'done' | 'failed') =>
  ({ step: 'each', item, attempt: 1, status, endedAt: new Date(0), args: {}, wakeAt: null, error: null }) as AttemptRow;

test('of very many items a question tells some of what it takes back, first what failed, and how many more', () => {
  const state = new RunState(plan, 1);
  state.load([...Array.from({ length: 1000 }, (_, item) => row(item, 'done')), row(1000, 'failed')], () => 1001);
  state.beginRollback('request');
  const [asking] = state.decide(0).prepare;
  if (asking) state.waiting(asking, 1, undefined);
  const { next } = state.decide(0);
  const what = next.kind === 'park' ? next.parked.what : '';
  expect(what).toContain('It takes back: each#1000 (failed), each#0, each#1, ');
  expect(what).toContain(', each#18 and 981 more.');
});
