import { expect, test } from 'vitest';
import { didYouMean, nearest } from './suggest.js';

test.each([
  ['shel', 'shell'],
  ['SHELL', 'shell'],
  ['htpt', 'http'],
  ['build', undefined],
  ['x'.repeat(10_000), undefined],
])('%s → %s', (name, expected) => {
  expect(nearest(name, ['shell', 'http', 'sql'])).toBe(expected);
});

test('when nothing is near, it says what there is', () => {
  expect(didYouMean('agrs', ['args', 'tool'])).toBe('Did you mean "args"?');
  expect(didYouMean('zzz', ['args', 'tool'])).toBe('There is: args, tool.');
});
