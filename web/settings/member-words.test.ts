import { expect, test } from 'vitest';
import { lostWith, lostWords, whyNot } from './member-words.js';

const OWNER = { role: 'owner' } as const;
const VIEWER = { role: 'viewer' } as const;

test('the last owner stays; one of two, and anybody else, may go', () => {
  expect(whyNot(OWNER, [OWNER, VIEWER])).toBe('This is the last owner.');
  expect(whyNot(OWNER, [OWNER, OWNER])).toBeUndefined();
  expect(whyNot(VIEWER, [OWNER, VIEWER])).toBeUndefined();
});

test('which keys a role revokes, in words', () => {
  const keys = [
    { name: 'ci', outlives: ['owner', 'operator'] },
    { name: 'admin', outlives: ['owner'] },
  ] satisfies Parameters<typeof lostWith>[0]['keys'];
  expect(lostWith({ keys }, 'owner')).toEqual([]);
  expect(lostWith({ keys }, 'operator')).toEqual(['admin']);
  expect(lostWith({ keys }, 'viewer')).toEqual(['ci', 'admin']);
  expect(lostWords(['admin'], 'operator')).toBe(
    'Their key “admin” may do more than an operator: it is revoked at once, and what uses it stops.',
  );
  expect(lostWords(['ci', 'admin'], 'viewer')).toContain('“ci”, “admin” may do more than a viewer: they are');
});
