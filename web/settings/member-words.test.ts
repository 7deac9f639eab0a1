import { expect, test } from 'vitest';
import { whyNot } from './member-words.js';

const OWNER = { role: 'owner' } as const;
const VIEWER = { role: 'viewer' } as const;

test('the last owner stays; one of two, and anybody else, may go', () => {
  expect(whyNot(OWNER, [OWNER, VIEWER])).toBe('This is the last owner.');
  expect(whyNot(OWNER, [OWNER, OWNER])).toBeUndefined();
  expect(whyNot(VIEWER, [OWNER, VIEWER])).toBeUndefined();
});
