import { describe, expect, test } from 'vitest';
import { afterCut, retryDelayMs } from './outcome.js';

const policy = { maxAttempts: 3, backoffMs: 100, backoffMultiplier: 2 };
const failed = (failures: number, more: { retryable?: boolean; retryAfterMs?: number } = {}) => ({
  failures,
  retryable: more.retryable,
  retryAfterMs: more.retryAfterMs,
});

describe('retryDelayMs', () => {
  test.each([
    ['without a policy', undefined, failed(1), undefined],
    ['after the first failure', policy, failed(1), 100],
    ['after the second, twice as long', policy, failed(2), 200],
    ['when the attempts are used up', policy, failed(3), undefined],
    ['when the tool says that it is of no use', policy, failed(1, { retryable: false }), undefined],
    ['when the server asks for more patience', policy, failed(1, { retryAfterMs: 5000 }), 5000],
  ])('%s', (_title, given, attempt, expected) => {
    expect(retryDelayMs(given, attempt, 1)).toBe(expected);
  });
});

describe('afterCut', () => {
  test.each([
    [{}, true, 'done'],
    [{ idempotent: true }, true, 'done'],
    [{ idempotent: true }, false, 'again'],
    [{ readOnly: true }, false, 'again'],
    [{}, false, 'ask'],
    [{ idempotent: false, readOnly: false }, false, 'ask'],
  ] as const)('%j, proven: %s → %s', (step, proven, expected) => {
    expect(afterCut(step, proven)).toBe(expected);
  });
});
