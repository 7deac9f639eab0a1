import { expect, test } from 'vitest';
import type { Member } from '#identity/people-store.js';
import { workplace } from './workplace.js';

const member = (org: string, listed = false): Member => ({
  org,
  id: 'p',
  name: 'Ada',
  email: 'ada@ops.example',
  role: 'operator',
  listed,
});
const LISTED = [{ who: '@ops.example', role: 'viewer' }] as const;

test.each([
  ['the one that was chosen', ['a', 'b'], 'b', 'b'],
  ['the first, where the chosen one is none of theirs', ['a', 'b'], 'c', 'a'],
  ['nowhere without a membership', [], 'a', undefined],
])('somebody works in %s', (_where, orgs, chosen, works) => {
  const memberships = orgs.map((org) => member(org));
  expect(workplace({ memberships, chosen, names: [] }, [])?.org).toBe(works);
});

test('who was taken off the list has left where they came by it, and nowhere else', () => {
  const memberships = [member('a', true), member('b')];
  expect(workplace({ memberships, chosen: 'a', names: [] }, LISTED)?.org).toBe('a');
  expect(workplace({ memberships, chosen: 'a', names: [] }, [])?.org).toBe('b');
  expect(workplace({ memberships: [member('a', true)], chosen: 'a', names: [] }, [])).toBeUndefined();
});
