import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMask } from '#observe/redact.js';
import { shownArgs } from './shown-args.js';

const FENCE = '0191f0c2-7b1e-7d3a-8c55-0123456789ab';
const shown = (args: string, inputs: Record<string, string> = {}, secrets: [string, string][] = []) =>
  shownArgs(args, { known: { inputs }, secrets: ['HOOK'], mask: createMask(secrets), fence: FENCE });

test('secrets and what is not known yet are marked by the room', () => {
  expect(shown('Bearer {{ secrets.HOOK }}')).toBe('Bearer ‹secret:HOOK›');
  expect(shown('{{ steps.check.ok }}')).toBe('‹known when it runs: steps.check.ok›');
  expect(shown('it is hunter2!', {}, [['PIN', 'hunter2']])).toBe('it is ‹secret:PIN›!');
  expect(shown('{{ "Bearer " + secrets.HOOK }}')).toBe('Bearer ‹secret:HOOK›');
});

test.each([
  ['‹secret:HOOK›', '‹U+2039›secret:HOOK›'],
  ['{{ inputs.token }}', '‹U+2039›secret:HOOK›'],
  ['{{ "‹secret:" + "HOOK›" }}', '‹U+2039›secret:HOOK›'],
  [
    '{{ secrets.HOOK }} ‹known when it runs: steps.check.ok›',
    '‹secret:HOOK› ‹U+2039›known when it runs: steps.check.ok›',
  ],
  ['‹U+202E›', '‹U+2039›U+202E›'],
])('nobody else makes a mark: %s', (args, told) => {
  expect(shown(args, { token: '‹secret:HOOK›' })).toBe(told);
});

test('a secret that holds the sign of marks is masked all the same', () => {
  expect(shown('a‹b‹c is it', {}, [['ODD', 'a‹b‹c']])).not.toContain('a‹b');
});

test('whatever a text holds, each mark in what is shown was made by the room', () => {
  const part = fc.oneof(fc.string(), fc.constantFrom('‹', '›', '‹secret:HOOK›', '‹U+2039›', FENCE));
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const text = parts.join('').replaceAll('{{', '');
      const told = shownArgs(
        { text: `{{ inputs.text }}` },
        {
          known: { inputs: { text } },
          secrets: [],
          mask: createMask([]),
          fence: 'no-text-holds-this',
        },
      ) as { text: string };
      expect(told.text.replaceAll('‹U+2039›', '').includes('‹')).toBe(false);
      expect(told.text.replaceAll('‹U+2039›', '‹')).toBe(text);
    }),
  );
});
