import { expect, test } from 'vitest';
import type { Plan } from '#ir/plan.js';
import type { AttemptRow } from '../records.js';
import { askFault, asOutput } from './asking.js';
import { RunState } from './state.js';

const asked = { question: { message: 'Sure?', fields: [], url: null, warning: null } };
const plan = { steps: [{ id: 'a', tool: 'noop', dependsOn: [] }] } as unknown as Plan;

const row = (attempt: number, more: Partial<AttemptRow>): AttemptRow => ({
  step: 'a',
  item: -1,
  revision: 0,
  attempt,
  status: 'failed',
  startedAt: new Date(attempt),
  endedAt: new Date(attempt),
  args: {},
  baseline: [],
  output: null,
  outputDigest: null,
  word: 'failed',
  error: null,
  wakeAt: null,
  ...more,
});

const answered = row(1, {
  output: asOutput(asked, { action: 'accept' }),
  error: askFault(asked),
  wakeAt: new Date(1),
});

/** How many answers the next attempt is given by whoever takes the run over. */
function answersAfter(...rows: AttemptRow[]): number | undefined {
  const state = new RunState(plan, 1);
  state.load([answered, ...rows], () => undefined);
  return state.units.get('a')?.answers?.length;
}

test('an answer holds for each attempt that follows by itself, and for none that a person asks for', () => {
  expect(answersAfter()).toBe(1);
  expect(answersAfter(row(2, { wakeAt: new Date(2) }))).toBe(1);
  expect(answersAfter(row(2, { status: 'running', endedAt: null }))).toBe(1);
  expect(answersAfter(row(2, { status: 'unknown' }))).toBe(1);
  expect(answersAfter(row(2, {}), row(3, { status: 'running', endedAt: null }))).toBe(0);
  expect(answersAfter(row(2, { status: 'cancelled', output: asOutput(asked), error: askFault(asked) }))).toBe(0);
});

test('to settle a step forgets what was answered to it', () => {
  const state = new RunState(plan, 1);
  state.load([answered, row(2, {})], () => undefined);
  const [unit] = state.units.values();
  if (!unit) throw new Error('no unit');
  unit.answers = [{ ...asked, answer: { action: 'accept' } }];
  state.forgive(unit);
  expect(unit.answers).toEqual([]);
});
