import { expect, test } from 'vitest';
import type { Plan, Step } from '#ir/plan.js';
import { undoingOf } from '#ir/undoing.js';
import { lacksRollback, stepWarnings } from './warnings.js';

const step = (id: string, more: object = {}) =>
  ({
    id,
    title: id,
    kind: 'tool',
    tool: 'noop',
    action: 'run',
    args: {},
    preconditions: [],
    verifiers: [],
    ...more,
  }) as unknown as Step;
const undo = { id: 'undo', title: 'Back', tool: 'noop', args: { to: 'a' }, alsoUndoes: ['copied'] };
const plan = {
  steps: [step('moved', { rollback: [{ ...undo, preconditions: [], verifiers: [] }] }), step('copied'), step('sent')],
} as unknown as Plan;
const undoing = (id: string) => undoingOf(plan).get(id) ?? [];

test('a step that a compensation of another takes back has a rollback', async () => {
  expect(plan.steps.filter((one) => lacksRollback(one, undoing(one.id))).map(({ id }) => id)).toEqual(['sent']);
  const warned: string[] = [];
  for (const one of plan.steps)
    if ((await stepWarnings(one, undoing(one.id))).includes('has no rollback')) warned.push(one.id);
  expect(warned).toEqual(['sent']);
});
