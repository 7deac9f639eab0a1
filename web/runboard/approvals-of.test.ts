import { expect, test } from 'vitest';
import { approvalsOf } from './approvals-of.js';

test('what waits is never nobody’s: until all intents were read, it is known of some only that they wait', () => {
  expect(approvalsOf(3, 0, false)).toEqual({ yours: 0, others: 0, unknown: 3 });
  expect(approvalsOf(3, 1, false)).toEqual({ yours: 1, others: 0, unknown: 2 });
  expect(approvalsOf(3, 1, true)).toEqual({ yours: 1, others: 2, unknown: 0 });
});

test('the board counts: an intent that was decided since is nobody’s', () => {
  expect(approvalsOf(1, 2, true)).toEqual({ yours: 1, others: 0, unknown: 0 });
});
