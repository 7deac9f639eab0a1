import { expect, test } from 'vitest';
import type { Plan } from '#ir/plan.js';
import { whyNothingToUndo } from './undoable.js';

const undo = { id: 'un', title: 'Undo', kind: 'tool', tool: 'shell', args: {} };
const step = (id: string, more: object = {}) => ({ id, title: id, kind: 'tool', tool: 'shell', args: {}, ...more });
const planOf = (...steps: object[]) => ({ steps }) as unknown as Pick<Plan, 'steps'>;

test('a plan without rollbacks has nothing to undo', () => {
  expect(whyNothingToUndo(planOf(step('a')), new Set(['a']))).toContain('No step of the plan');
});

test('a re-run that took over all that could be undone has nothing to undo', () => {
  const plan = planOf(step('a', { rollback: [undo] }), step('b'));
  expect(whyNothingToUndo(plan, new Set(['b']))).toContain('did itself');
  expect(whyNothingToUndo(plan, new Set(['a', 'b']))).toBeUndefined();
});

test('what another step undoes as well counts; what only reads does not', () => {
  const also = planOf(step('a'), step('b', { rollback: [{ ...undo, alsoUndoes: ['a'] }] }));
  expect(whyNothingToUndo(also, new Set(['a']))).toBeUndefined();
  expect(whyNothingToUndo(planOf(step('a', { rollback: [undo], readOnly: true })), new Set(['a']))).toBeDefined();
});
