import { expect, test } from 'vitest';
import type { Plan } from '#ir/plan.js';
import { RunState } from '../decide/state.js';
import { Journal } from '../ledger/journal.js';
import { TurnBuilder } from '../ledger/turn.js';
import { overtime, rollBack } from './closing.js';
import type { Flow } from './flow.js';

const clock = { now: () => new Date(0), monotonicMs: () => 0 };
const link = () => ({ seq: 1, hash: '', text: '' });

/** What is written down when a rollback begins. */
function written(state: RunState) {
  const turn = new TurnBuilder({ org: '', run: '', epoch: 1, owner: '' }, undefined, 0, { clock, link });
  rollBack({ journal: new Journal(turn, 0, clock), flow: { state } as Flow }, 'failure');
  return turn.take();
}

test('a rollback is written down with what the run failed of, of which no step may tell', () => {
  const state = new RunState({ steps: [] } as unknown as Plan, 1);
  const error = overtime(1000).toJSON();
  state.failRun(error);
  const { change, events } = written(state);
  expect(change).toEqual({ status: 'running', mode: 'rollback', rollback_cause: 'failure', error });
  expect(events).toMatchObject([{ type: 'run.rollback', data: { cause: 'failure', error } }]);
});

test('of a run that did not fail it is written down without', () => {
  const { change, events } = written(new RunState({ steps: [] } as unknown as Plan, 1));
  expect(change).not.toHaveProperty('error');
  expect(events[0]?.data).toEqual({ cause: 'failure' });
});
