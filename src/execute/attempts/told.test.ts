import { expect, test } from 'vitest';
import { faultIn, told } from './told.js';

const failing = (evidence: Parameters<typeof told>[0]['evidence']) =>
  told({ passed: false, proven: false, summary: 'The exit code is 1, expected 0', evidence }, undefined);

test('a check that does not pass says what its program printed last', () => {
  const evidence = { stdout: 'one\ntwo\nthree\nfour\n\n', stderr: 'no route\nto host\n' };
  const summary = failing(evidence);
  expect(summary.split('\n')).toEqual([
    'The exit code is 1, expected 0',
    'two',
    'three',
    'four',
    'no route',
    'to host',
  ]);
  expect(faultIn(summary)).toBe('The exit code is 1, expected 0: to host');
});

test('one that prints nothing, or is no program, says what it said', () => {
  for (const evidence of [null, 'text', [], { status: 500 }, { stdout: '\n', stderr: '' }])
    expect(failing(evidence)).toBe('The exit code is 1, expected 0');
  expect(faultIn('It is not there')).toBe('It is not there');
});

test('a long line is cut, and not within a character', () => {
  expect(failing({ stdout: `${'x'.repeat(299)}😀` })).toMatch(/\nx{299}…$/);
});

test.each([
  ['passed', 'it passed', 'As expected'],
  ['failed', 'it failed', 'As expected'],
  [
    'unknown',
    'names the output of the step',
    'As expected (how it was before the step is not known: names the output of the step)',
  ],
  [undefined, '', 'As expected (how it was before the step is not known: nobody looked)'],
] as const)('a check that holds, %s before', (state, summary, shown) => {
  const verdict = { passed: true, proven: state === 'failed', summary: 'As expected', evidence: null };
  expect(told(verdict, state && { state, summary })).toBe(shown);
});
