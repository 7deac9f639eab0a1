import { expect, test } from 'vitest';
import type { ChainRecord, ProofBody } from '#ir/proof.js';
import { basisText, lineOf } from './words.js';

const ID = { step: 'build', item: -1, revision: 1, attempt: 1 };
const HEX = 'a'.repeat(64);
const record = (body: ProofBody): ChainRecord => ({ v: 1, run: 'r', seq: 1, at: '', prev: HEX, hash: HEX, body });
const verdict = (
  passed: boolean,
  basis: 'failed-before' | 'names-effect' | 'none',
  state: 'failed' | 'passed' = 'passed',
) =>
  ({
    type: 'verdict',
    ...ID,
    verifier: 'dist',
    kind: 'file',
    required: true,
    baseline: { state },
    passed,
    proven: basis !== 'none',
    basis,
    evidence: HEX,
  }) as const;

test('a verdict is called by the word that its own fields earn', () => {
  expect(lineOf(record(verdict(true, 'failed-before', 'failed'))).shown).toEqual({ look: 'proven', word: 'proven' });
  expect(lineOf(record(verdict(true, 'none'))).shown?.word).toBe('holds, not proven by this step');
  expect(lineOf(record(verdict(false, 'none'))).shown?.word).toBe('failed');
  expect(basisText(verdict(true, 'none'))).toContain('as well');
  expect(basisText(verdict(true, 'failed-before', 'failed'))).toContain('failed before');
});

test('a step names its item and its attempt, and what a person said stands for evidence', () => {
  const step = {
    type: 'step',
    ...ID,
    item: 3,
    attempt: 2,
    outcome: 'done',
    word: 'exit code only',
    startedAt: '',
    endedAt: '',
    isolation: 'bubblewrap',
    outputDigest: HEX,
  } as const;
  expect(lineOf(record(step))).toEqual({
    kind: 'step',
    about: 'build[3], attempt 2',
    shown: { look: 'exit', word: 'exit code only' },
    note: 'isolation: bubblewrap',
  });
  const person = { by: 'ana', reason: 'looked at it' };
  expect(lineOf(record({ ...step, person })).note).toBe('by ana: looked at it');
  expect(lineOf(record({ ...step, outcome: 'unknown', word: '' })).shown?.look).toBe('unknown');
});
