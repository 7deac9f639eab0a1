import { expect, test } from 'vitest';
import { allowedRole } from './allowed.js';

const LIST = [
  { who: '@example.com', role: 'viewer' },
  { who: 'ada@example.com', role: 'owner' },
  { who: 'bob@other.example', role: 'operator' },
] as const;

test.each([
  ['ada@example.com', 'owner'],
  ['Ada@Example.com', 'owner'],
  ['eve@example.com', 'viewer'],
  ['bob@other.example', 'operator'],
  ['eve@other.example', undefined],
  ['ada@example.com.evil.example', undefined],
  ['eve@evil@example.com', 'viewer'],
  ['example.com', undefined],
  ['', undefined],
])('%s is %s', (email, role) => {
  expect(allowedRole(LIST, email)).toBe(role);
});
