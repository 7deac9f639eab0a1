import { expect, test } from 'vitest';
import { type ErrorCode, mayPass, OpsroomError } from './errors.js';

test.each([
  ['DATABASE_UNREACHABLE', true],
  ['TOO_MANY_REQUESTS', true],
  ['INTERNAL', true],
  ['PLAN_TOO_LARGE', false],
  ['NOT_FOUND', false],
  ['DENIED', false],
] as const satisfies [ErrorCode, boolean][])('%s may go well in a moment: %s', (code, passes) => {
  expect(mayPass(new OpsroomError(code))).toBe(passes);
});
