import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan } from '#ir/plan.js';
import { renderedTarget, reusableSteps } from './submit.js';

const plan = (dependsOn: Record<string, string[]>): Plan =>
  ({ steps: Object.entries(dependsOn).map(([id, before]) => ({ id, dependsOn: before })) }) as unknown as Plan;
const done = (...steps: string[]) => steps.map((step) => ({ step, status: 'done' }));

const diamond = plan({ d: ['b', 'c'], b: ['a'], c: ['a'], a: [] });

describe('a re-run keeps', () => {
  test('what was done or skipped, when it only makes up for what was not', () => {
    const rows = [...done('a', 'b'), { step: 'c', status: 'failed' }];
    expect(reusableSteps(diamond, rows, [])).toEqual(['b', 'a']);
    expect(reusableSteps(diamond, [{ step: 'a', status: 'skipped' }], [])).toEqual(['a']);
  });

  test('nothing that comes after the step it starts from', () => {
    expect(reusableSteps(diamond, done('a', 'b', 'c', 'd'), ['b'])).toEqual(['c', 'a']);
    expect(reusableSteps(diamond, done('a', 'b', 'c', 'd'), ['a'])).toEqual([]);
  });

  test('nothing that comes after any of several', () => {
    expect(reusableSteps(diamond, done('a', 'b', 'c', 'd'), ['b', 'c'])).toEqual(['a']);
  });

  test('nothing that was undone since, nor what comes after that', () => {
    expect(reusableSteps(diamond, done('a', 'b', 'c', 'c/undo'), [])).toEqual(['b', 'a']);
  });

  test('no yes to what is done again', () => {
    const steps = [
      { id: 'ask', kind: 'system', action: 'manual', args: { instructions: 'Really?', guards: ['rm'] }, dependsOn: [] },
      { id: 'rm', kind: 'tool', args: {}, dependsOn: ['ask'] },
      { id: 'aside', kind: 'tool', args: {}, dependsOn: [] },
    ];
    const asked = { steps } as unknown as Plan;
    expect(reusableSteps(asked, done('ask', 'rm', 'aside'), ['rm'])).toEqual(['aside']);
    expect(reusableSteps(asked, done('ask', 'rm', 'aside'), ['aside'])).toEqual(['ask', 'rm']);
  });

  test('over any DAG, only settled steps, and only with everything that came before them kept or never settled', () => {
    const given = fc.array(fc.record({ before: fc.uniqueArray(fc.nat(9), { maxLength: 3 }), settled: fc.boolean() }), {
      minLength: 1,
      maxLength: 10,
    });
    fc.assert(
      fc.property(given, fc.nat(9), (steps, start) => {
        const before = Object.fromEntries(
          steps.map((s, n) => [`s${n}`, s.before.filter((b) => b < n).map((b) => `s${b}`)]),
        );
        const settled = steps.flatMap((s, n) => (s.settled ? [`s${n}`] : []));
        const from = `s${start % steps.length}`;
        const kept = reusableSteps(plan(before), done(...settled), [from]);
        const comesAfter = (id: string): boolean => id === from || (before[id] ?? []).some(comesAfter);
        expect([...kept].sort()).toEqual(settled.filter((id) => !comesAfter(id)).sort());
      }),
    );
  });
});

test('an address that an input leaves empty is none that the target allows', () => {
  const asked = { target: { environment: 'dev', allowAddresses: ['{{ inputs.address }}'] } } as unknown as Plan;
  expect(renderedTarget(asked, { address: '' })).toEqual({ environment: 'dev', allowAddresses: [] });
  expect(renderedTarget(asked, { address: '10.0.0.5' })).toMatchObject({ allowAddresses: ['10.0.0.5'] });
});

test('an address that two inputs name is allowed once', () => {
  const asked = { target: { allowAddresses: ['{{ inputs.from }}', '{{ inputs.to }}'] } } as unknown as Plan;
  const same = { from: '127.0.0.1', to: '127.0.0.1' };
  expect(renderedTarget(asked, same)).toEqual({ allowAddresses: ['127.0.0.1'] });
});
