import { expect, it } from 'vitest';
import { stateOf, whyNotOpen } from './editor-words.js';

const session = {
  sessionId: '1',
  name: 'cursor',
  createdAt: '2026-11-21T06:00:00.000Z',
  expiresAt: '2026-11-21T14:00:00.000Z',
  lastUsedAt: null,
  endedAt: null,
  endedBy: null,
};

it('a session is open until its hours are over or somebody ends it', () => {
  expect(stateOf(session, new Date('2026-11-21T13:59:59Z'))).toBe('open');
  expect(stateOf(session, new Date('2026-11-21T14:00:00Z'))).toBe('expired');
  expect(stateOf({ ...session, endedAt: session.createdAt }, new Date('2026-11-21T13:00:00Z'))).toBe('ended');
});

it('says why no session can be opened', () => {
  const person = { name: 'Ada', email: 'ada@ops.example', role: 'approver', hasPassword: true } as const;
  expect(whyNotOpen({ person: null, permissions: ['approval:give'] }, true)).toMatch(/Sign in/);
  expect(whyNotOpen({ person, permissions: ['run:read'] }, true)).toMatch(/may approve/);
  expect(whyNotOpen({ person, permissions: ['approval:give'] }, false)).toMatch(/owner/);
  expect(whyNotOpen({ person, permissions: ['approval:give'] }, true)).toBeUndefined();
});
