import { expect, test } from 'vitest';
import { groupsOf, metadataOf, type StepGroup } from './groups.js';

const GROUPS = new Map<string, StepGroup>([
  ['T001', { phase: 'Phase 1: Setup', stories: [] }],
  ['checkpoint-1', { phase: 'Phase 1: Setup', stories: [], mark: 'checkpoint' }],
  ['T002', { phase: 'Phase 2: Search', stories: ['US1', 'US2'] }],
  ['accept-US1', { phase: 'Phase 2: Search', stories: ['US1'], mark: 'acceptance' }],
]);

test('phases, stories, checkpoints and acceptance stand in the metadata, and are read from it', () => {
  expect(metadataOf(GROUPS)).toEqual({
    phases: [
      { title: 'Phase 1: Setup', steps: ['T001', 'checkpoint-1'] },
      { title: 'Phase 2: Search', steps: ['T002', 'accept-US1'] },
    ],
    stories: [
      { id: 'US1', steps: ['T002', 'accept-US1'] },
      { id: 'US2', steps: ['T002'] },
    ],
    checkpoints: ['checkpoint-1'],
    acceptance: ['accept-US1'],
  });
  expect(groupsOf(metadataOf(GROUPS))).toEqual(GROUPS);
  expect(metadataOf(new Map([['a', { stories: [] }]]))).toEqual({});
});

test('metadata of other forms says nothing', () => {
  const odd = {
    phases: [null, 'x', { title: 7, steps: ['a'] }, { title: 'P' }],
    stories: {},
    checkpoints: 'a',
    acceptance: [1],
  };
  expect(groupsOf(odd).size).toBe(0);
  expect(groupsOf({}).size).toBe(0);
});
