import { expect, test } from 'vitest';
import { placeAfter, reasonOf } from './words.js';

test.each([
  [undefined, '/'],
  ['/runs/0192?step=a', '/runs/0192?step=a'],
  ['/sign-in?next=/', '/'],
  ['/welcome', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['/a b', '/'],
])('after signing in, %s leads to %s', (next, place) => {
  expect(placeAfter(next)).toBe(place);
});

test('an unknown reason is named, and cut', () => {
  expect(reasonOf('not_allowed').mend).toContain('OPSROOM_OAUTH_ALLOW');
  expect(reasonOf('x'.repeat(500)).mend.length).toBeLessThan(200);
});
