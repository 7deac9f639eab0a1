import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan } from './plan.js';
import { reusableSteps } from './reusable-steps.js';

const plan = (dependsOn: Record<string, string[]>): Plan =>
  ({ steps: Object.entries(dependsOn).map(([id, dependsOn]) => ({ id, args: {}, dependsOn })) }) as unknown as Plan;
const row = (status: string, step: string, item = -1) => ({ step, item, status });
const done = (...steps: string[]) => steps.map((step) => row('done', step));

const diamond = plan({ d: ['b', 'c'], b: ['a'], c: ['a'], a: [] });

describe('a re-run keeps', () => {
  test('what was done or skipped, when it only makes up for what was not', () => {
    const rows = [...done('a', 'b'), row('failed', 'c')];
    expect(reusableSteps(diamond, rows, [])).toEqual(['b', 'a']);
    expect(reusableSteps(diamond, [row('skipped', 'a')], [])).toEqual(['a']);
  });

  test('nothing that comes after the step it starts from', () => {
    expect(reusableSteps(diamond, done('a', 'b', 'c', 'd'), ['b'])).toEqual(['c', 'a']);
    expect(reusableSteps(diamond, done('a', 'b', 'c', 'd'), ['a'])).toEqual([]);
  });

  test('nothing that comes after any of several', () => {
    expect(reusableSteps(diamond, done('a', 'b', 'c', 'd'), ['b', 'c'])).toEqual(['a']);
  });

  test('nothing that was undone since, nor what comes after that', () => {
    const [d, b, c, a] = diamond.steps;
    const steps = [d, b, { ...c, rollback: [{ id: 'undo' }] }, a];
    expect(reusableSteps({ steps } as unknown as Plan, done('a', 'b', 'c', 'c/undo'), [])).toEqual(['b', 'a']);
  });

  test('nothing that a compensation of another step took back, and what only another one would have', () => {
    const { steps } = plan({ a: [], aside: [], b: ['a', 'aside'] });
    const rollback = [
      { id: 'undo', alsoUndoes: ['a'] },
      { id: 'wipe', alsoUndoes: ['aside'] },
    ];
    const section = { steps: steps.map((step) => (step.id === 'b' ? { ...step, rollback } : step)) } as unknown as Plan;
    const rows = [...done('a', 'aside'), row('failed', 'b')];
    expect(reusableSteps(section, rows, [])).toEqual(['a', 'aside']);
    expect(reusableSteps(section, [...rows, row('done', 'b/undo')], [])).toEqual(['aside']);
    expect(reusableSteps(section, [...rows, row('failed', 'b/undo')], [])).toEqual(['aside']);
  });

  test('what nobody took back: a no to its rollback leaves it as it was, a try that failed may not have', () => {
    const ask = { id: 'ask', kind: 'system', action: 'manual', args: { guards: ['rm'] } };
    const steps = plan({ a: [], b: ['a'] }).steps.map((step) => ({
      ...step,
      ...(step.id === 'b'
        ? {
            rollback: [
              { ...ask, alsoUndoes: ['a'] },
              { id: 'rm', alsoUndoes: ['a'] },
            ],
          }
        : {}),
    }));
    const kept = (...rows: ReturnType<typeof row>[]) =>
      reusableSteps({ steps } as unknown as Plan, [...done('a', 'b'), ...rows], []);
    expect(kept(row('skipped', 'b/ask'), row('skipped', 'b/rm'))).toEqual(['a', 'b']);
    expect(kept(row('done', 'b/ask'), row('skipped', 'b/rm'))).toEqual(['a', 'b']);
    expect(kept(row('skipped', 'b/ask'), row('done', 'b/rm'))).toEqual([]);
    expect(kept(row('done', 'b/ask'), row('failed', 'b/rm'), row('skipped', 'b/rm'))).toEqual([]);
    expect(kept(row('skipped', 'b/ask', 0), row('skipped', 'b/rm', 0))).toEqual([]);
  });

  describe('of a question and what it asks about', () => {
    const ask = (id: string, guards: string[], dependsOn: string[] = []) => ({
      id,
      kind: 'system',
      action: 'manual',
      args: { instructions: 'Really?', guards },
      dependsOn,
    });
    const step = (id: string, ...dependsOn: string[]) => ({ id, kind: 'tool', args: {}, dependsOn });
    const asked = {
      steps: [
        ask('ask', ['empty', 'drop']),
        step('empty', 'ask'),
        step('drop', 'empty'),
        step('next', 'drop'),
        step('aside'),
      ],
    } as unknown as Plan;

    test('all of it, when all of it was done, or left out', () => {
      const all = done('ask', 'empty', 'drop', 'next', 'aside');
      expect(reusableSteps(asked, all, ['aside'])).toEqual(['ask', 'empty', 'drop', 'next']);
      const no = ['ask', 'empty', 'drop'].map((id) => row('skipped', id));
      expect(reusableSteps(asked, no, [])).toEqual(['ask', 'empty', 'drop']);
    });

    test('no yes to what is done again, but what was done on it', () => {
      const all = done('ask', 'empty', 'drop', 'next', 'aside');
      expect(reusableSteps(asked, all, ['drop'])).toEqual(['empty', 'aside']);
    });

    test('no yes to what failed, or was never begun', () => {
      expect(reusableSteps(asked, [...done('ask', 'empty'), row('failed', 'drop')], [])).toEqual(['empty']);
      expect(reusableSteps(asked, done('ask'), [])).toEqual([]);
    });

    test('no yes to items that were not done, but the items that were', () => {
      const items = [...done('ask', 'empty'), row('done', 'drop', 0), row('failed', 'drop', 1)];
      expect(reusableSteps(asked, items, [])).toEqual(['empty', 'drop']);
    });

    test('no yes to a question that is asked again', () => {
      const twice = { steps: [ask('first', ['ask']), ask('ask', ['rm'], ['first']), step('rm', 'ask')] };
      expect(reusableSteps(twice as unknown as Plan, done('first', 'ask'), [])).toEqual([]);
    });
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
