import { expect, test } from 'vitest';
import type { ProofBody } from '#ir/proof.js';
import { chainOf, DEPLOY, genesis, planStep, step, verdict } from '../../test/vectors/sample.js';
import { firstBreach } from './rules.js';

const FAILED_BEFORE = { proven: true, basis: 'failed-before', baseline: { state: 'failed' } } as const;
const live = { id: 'live', kind: 'http', config: {}, required: true };
const plan = {
  steps: [
    planStep('look', [], { readOnly: true }),
    planStep('wait', [], { kind: 'system' }),
    planStep('each', [live], { forEach: { items: [], limit: 1 } }),
    planStep('ship', [live]),
  ],
};
const shipped = [verdict('ship', 'live', 'http', FAILED_BEFORE), step('ship', 'proven')];
const end = (word: string, status: 'succeeded' | 'rolled_back' | 'failed' = 'succeeded'): ProofBody => ({
  type: 'end',
  status,
  word,
});
const breach = (...bodies: ProofBody[]) => firstBreach(chainOf(DEPLOY.run.id, [genesis(plan), ...bodies]), plan);

test('a run is judged by the steps that change something, not by looks, waits and empty sums', () => {
  const others = [step('look', 'exit code only'), step('wait', 'exit code only'), step('each', 'exit code only')];
  expect(breach(...others, ...shipped, end('proven'))).toBeUndefined();
  expect(breach(...others, end('proven'))).toMatchObject({ seq: 4 });
  expect(breach(...shipped, end('proven', 'rolled_back'))).toBeUndefined();
  expect(breach(...shipped, end('proven', 'failed'))).toMatchObject({ seq: 3 });
});

test('an attempt that was cut short is judged anew', () => {
  const cut = [verdict('ship', 'live', 'http', { passed: false }), step('ship', '', { outcome: 'unknown' })];
  expect(breach(...cut, ...shipped, end('proven'))).toBeUndefined();
  expect(breach(...cut, step('ship', 'proven'), end('proven'))).toMatchObject({ seq: 3, step: 'ship' });
});

test("a person's word is no proof, of the step or of the run", () => {
  const person = { by: 'user:grace', reason: 'I looked' };
  expect(breach(step('ship', 'exit code only', { person }), end('exit code only'))).toBeUndefined();
  expect(breach(step('ship', 'proven', { person }), end('exit code only'))).toMatchObject({ seq: 1, step: 'ship' });
  expect(breach(step('ship', 'exit code only', { person }), end('proven'))).toMatchObject({ seq: 2 });
});

test('a required verifier without a verdict is missed', () => {
  expect(breach(step('ship', 'exit code only'), end('exit code only'))?.problem).toContain('requires verifier live');
});

test('a plan of any shape is read without a mistake', () => {
  for (const odd of [
    null,
    1,
    [],
    {},
    { steps: 'x' },
    { steps: [null, 1, { id: 1 }, { id: 'a', verifiers: {}, rollback: 3 }] },
  ]) {
    expect(firstBreach(chainOf('r', [genesis(plan), ...shipped]), odd)).toMatchObject({
      problem: 'the plan has no such step',
    });
  }
});
