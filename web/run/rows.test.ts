import { expect, test } from 'vitest';
import type { StepGroup } from '#ir/groups.js';
import { rowsOf } from './rows.js';

const groups = new Map<string, StepGroup>(
  Object.entries({ a: 'One', b: 'Two', c: 'Two', late: 'One' }).map(([id, phase]) => [id, { phase, stories: [] }]),
);
const rows = (...ids: string[]) =>
  rowsOf(
    ids.map((id) => ({ id })),
    groups,
  ).map((row) => ('phase' in row ? row.phase : row.step));

test('a phase is named where it begins, and anew where a step of it comes late', () => {
  expect(rows('a', 'b', 'c', 'late')).toEqual(['One', 0, 'Two', 1, 2, 'One', 3]);
});

test('what undoes a step stands in its phase; steps without one have no name above them', () => {
  expect(rows('a', 'a/undo', 'x', 'b')).toEqual(['One', 0, 1, 2, 'Two', 3]);
  expect(rows('x', 'y')).toEqual([0, 1]);
});
