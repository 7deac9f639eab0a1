import { expect, test } from 'vitest';
import { standingFault } from './fault.js';

const error = { code: 'STEP_FAILED', message: 'The command exited with code 7.', mend: 'See its log.' } as const;

test.each([
  ['failed', 'forward', error],
  ['rolled_back', 'rollback', error],
  ['running', 'rollback', error],
  ['failed', 'rollback', error],
  // Taken up again by `resolve`.
  ['running', 'forward', null],
  ['waiting', 'forward', null],
  ['succeeded', 'forward', null],
  ['cancelled', 'forward', null],
] as const)('of a run that failed once and is %s, %s: %j', (status, mode, shown) => {
  expect(standingFault({ status, mode, error })).toEqual(shown);
});

const incomplete = { code: 'ROLLBACK_INCOMPLETE', message: 'Not undone: a/undo.', mend: 'See it.' } as const;

test.each([
  ['failed', incomplete],
  // Its rollback was taken up again by `resolve`.
  ['running', null],
  ['waiting', null],
  ['rolled_back', null],
] as const)('of a run whose rollback failed once and that is %s: %j', (status, shown) => {
  expect(standingFault({ status, mode: 'rollback', error: incomplete })).toEqual(shown);
});
