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
