import { expect, test } from 'vitest';
import type { Plan } from './plan.js';
import { undoingName, undoingOf } from './undoing.js';

test('a step names what takes it back: its own by their ids, those of other steps with the step', () => {
  const undo = { id: 'undo', alsoUndoes: ['b'] };
  const plan = { steps: [{ id: 'a', rollback: [undo] }, { id: 'b', rollback: [{ id: 'undo' }] }, { id: 'c' }] };
  const undoing = undoingOf(plan as unknown as Plan);
  const named = [...undoing].map(([id, all]) => [id, ...all.map((one) => undoingName(id, one))]);
  expect(named).toEqual([['a', 'undo'], ['b', 'undo', 'a/undo'], ['c']]);
});
