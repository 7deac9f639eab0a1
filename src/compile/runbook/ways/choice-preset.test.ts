import { expect, test } from 'vitest';
import { preset } from './choice-preset.js';

const machine = { platform: 'linux', has: (program: string) => program === 'apt' };

/** The ways, each with the program that it begins with. */
const chosen = (first: string, second: string) =>
  preset(
    new Map([
      [first, 'apt'],
      [second, 'dnf'],
    ]),
    machine,
  );

test.each([
  ['scenario_a', 'scenario_b'],
  ['szenario_1', 'szenario_2'],
  ['staging', 'production'],
])('which scenario or environment it is, people say, whatever the machine has: %s, %s', (first, second) => {
  expect(chosen(first, second)).toBeUndefined();
});

test('what differs by what the machine has is what it has', () => {
  expect(chosen('apt', 'dnf')).toBe('apt');
  expect(chosen('linux', 'macos')).toBe('linux');
});
