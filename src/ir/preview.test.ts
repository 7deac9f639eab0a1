import { expect, test } from 'vitest';
import { knownBefore, preview, previewExpression, unknownMark } from './preview.js';

const scope = { inputs: { ref: 'main', n: 2 }, secrets: { HOOK: '‹secret:HOOK›' } };

test('what is known is shown as it will be, what is not by a mark', () => {
  const args = {
    url: 'https://x/{{ inputs.ref }}?t={{ secrets.HOOK }}',
    n: '{{ inputs.n }}',
    of: ['{{ steps.a.output.id }}'],
  };
  expect(preview(args, scope)).toEqual({
    url: 'https://x/main?t=‹secret:HOOK›',
    n: 2,
    of: [unknownMark('steps.a.output.id')],
  });
});

test('an expression that fails is shown, not thrown', () => {
  expect(preview('{{ inputs.absent }}', scope)).toMatch(/^‹fails: .*absent/);
});

test('conditions and lists are known or not', () => {
  expect(previewExpression('inputs.n > 1', scope)).toBe(true);
  expect(previewExpression('{{ steps.a.output }}', scope)).toBeUndefined();
  expect(knownBefore({ a: ['{{ inputs.ref }}'] }, scope)).toBe(true);
  expect(knownBefore({ a: ['{{ run.id }}'] }, scope)).toBe(false);
});
