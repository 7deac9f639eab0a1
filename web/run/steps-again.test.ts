import { expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';
import { inputShape } from '../ui/input-form/shape.js';
import type { RunStep } from './data.js';
import { spokenFor, stepsAgain } from './steps-again.js';

const plan = {
  steps: [
    { id: 'd', args: {}, dependsOn: ['b', 'c'] },
    { id: 'b', args: {}, dependsOn: ['a'], rollback: [{ id: 'undo' }] },
    { id: 'c', args: {}, dependsOn: ['a'] },
    { id: 'a', args: {}, dependsOn: [] },
  ],
} as unknown as Plan;
const state = (id: string, status: RunStep['status']) => ({ id, status, person: null, items: null, tries: [] });
const done = (...ids: string[]) => ids.map((id) => state(id, 'done'));

test('a re-run takes over what neither begins it nor comes after', () => {
  expect(stepsAgain(plan, done('a', 'b', 'c', 'd'), ['b']).kept).toEqual(['c', 'a']);
  expect(stepsAgain(plan, done('a', 'b', 'c', 'd'), ['a']).kept).toEqual([]);
  expect(stepsAgain(plan, done('a', 'b'), ['d'])).toEqual({ again: ['d', 'c'], kept: ['b', 'a'] });
  expect(stepsAgain(plan, done('a', 'b', 'b/undo'), ['d']).kept).toEqual(['a']);
  expect(stepsAgain(plan, done('a', 'b'), undefined).kept).toEqual([]);
});

test('what a rollback left out is taken over, unless it was tried before, or is of items', () => {
  const left = state('b/undo', 'skipped');
  const failed = { status: 'failed' as const, startedAt: '2026-11-21T10:00:00.000Z', endedAt: null };
  expect(stepsAgain(plan, [...done('a', 'b'), left], []).kept).toEqual(['b', 'a']);
  expect(stepsAgain(plan, [...done('a', 'b'), { ...left, tries: [failed] }], []).kept).toEqual(['a']);
  expect(stepsAgain(plan, [...done('a', 'b'), { ...left, items: { total: 2, done: 2, failed: 0 } }], []).kept).toEqual([
    'a',
  ]);
});

test('what was not done runs again, and who gave the word on what is taken over is told', () => {
  expect(stepsAgain(plan, done('a', 'b'), [])).toEqual({ again: ['d', 'c'], kept: ['b', 'a'] });
  const person = { by: 'local:root', reason: 'I looked.' };
  const states = [
    { id: 'a', person },
    { id: 'b', person: null },
    { id: 'd', person },
  ];
  expect(spokenFor(states, ['b', 'a'])).toEqual([{ id: 'a', by: 'local:root' }]);
});

test('a question before what failed runs again, and is not told as not asked again', () => {
  const asked = {
    steps: [
      { id: 'ask', kind: 'system', action: 'manual', args: { guards: ['rm', 'wipe'] }, dependsOn: [] },
      { id: 'rm', args: {}, dependsOn: ['ask'] },
      { id: 'wipe', args: {}, dependsOn: ['rm'] },
    ],
  } as unknown as Plan;
  const person = { by: 'local:root', reason: 'Yes.' };
  const failed = [{ ...state('ask', 'done'), person }, state('rm', 'done'), state('wipe', 'failed')];
  const { again, kept } = stepsAgain(asked, failed, []);
  expect({ again, kept }).toEqual({ again: ['ask', 'wipe'], kept: ['rm'] });
  expect(spokenFor(failed, kept)).toEqual([]);
});

test('a form asks by the plan’s schema, and by the values of what the schema leaves out', () => {
  const schema: JsonObject = { type: 'object', required: ['ref'], properties: { ref: { type: 'string' } } };
  expect(inputShape({ inputs: { ref: 'x', n: 1, list: [] }, inputSchema: schema })).toEqual({
    ...schema,
    properties: { ref: { type: 'string' }, n: { type: 'number' }, list: {} },
  });
  expect(inputShape({ inputs: {} })).toEqual({ properties: {} });
});
