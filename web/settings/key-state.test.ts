import { expect, test } from 'vitest';
import { stateOf } from './key-state.js';

const NOW = new Date('2026-11-21T12:00:00Z');
test.each([
  [null, null, 'in use'],
  [null, '2026-11-21T12:00:01Z', 'in use'],
  [null, '2026-11-21T12:00:00Z', 'expired'],
  ['2026-11-20T00:00:00Z', '2026-11-01T00:00:00Z', 'revoked'],
])('revoked %s, expires %s: %s', (revokedAt, expiresAt, state) => {
  expect(stateOf({ revokedAt, expiresAt }, NOW)).toBe(state);
});
