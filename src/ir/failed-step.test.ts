import { expect, test } from 'vitest';
import { failedStep } from './failed-step.js';

const step = (id: string, message: string, status = 'failed') => ({ id, status, error: { message } });
const steps = [
  step('make', '', 'done'),
  step('make/undo', 'exited with 5'),
  step('a', 'late'),
  step('b', 'b#1: no room'),
];
const of = (code: string, message: string) => failedStep(steps, { code, message })?.id;

test('the error of a run is of the step that says the same, and never of one that took something back', () => {
  expect(of('STEP_FAILED', 'no room')).toBe('b');
  expect(of('RUN_TIMEOUT', 'too long')).toBe('a');
});

test('what a rollback left undone is told of its own step', () => {
  expect(of('ROLLBACK_INCOMPLETE', 'late Not undone: make/undo.')).toBe('make/undo');
});

test('a run in which no such step failed shows any that did, and none where none did', () => {
  expect(failedStep(steps.slice(0, 2), { code: 'STEP_FAILED', message: 'gone' })?.id).toBe('make/undo');
  expect(failedStep(steps.slice(0, 1), null)).toBeUndefined();
});
