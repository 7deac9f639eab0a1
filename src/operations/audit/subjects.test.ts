import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { subjectsIn } from './subjects.js';

const ID = '019ab3c0-9e02-7f44-8b13-5d1f0a7c2e31';

test('what a call refers to and what it answers about is kept', () => {
  expect(
    subjectsIn({ run: 'last', reason: 'the light is red', step: 'deploy' }, { runId: ID, status: 'queued' }),
  ).toEqual({
    run: 'last',
    step: 'deploy',
    runId: ID,
  });
  expect(subjectsIn({ runs: [ID, 5, 'x'] }, { planDigest: 'a'.repeat(64) })).toEqual({
    runs: [ID],
    planDigest: 'a'.repeat(64),
  });
});

test.each([
  ['a key of this room', `opsr_${'a'.repeat(43)}`],
  ['a key of another service', 'sk-live1234'],
  ['a token', 'A'.repeat(40)],
  ['a line feed', 'a\nb'],
  ['a long text', 'a b '.repeat(40)],
])('%s in the place of a name is not kept', (_, value) => {
  expect(subjectsIn({ key: value, name: value }, undefined)).toEqual({});
});

test('no other member of any input is ever kept', () => {
  fc.assert(
    fc.property(fc.object({ key: fc.constantFrom('value', 'secretValue', 'password', 'body', 'inputs') }), (input) => {
      expect(subjectsIn(input, undefined)).toEqual({});
    }),
  );
});
