import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestPath } from './critical-path.js';
import { estimateLeft, type Remaining, type Sample } from './estimate.js';

const nodes = (graph: Record<string, string[]>) => Object.entries(graph).map(([id, dependsOn]) => ({ id, dependsOn }));
const diamond = nodes({ a: [], b: ['a'], c: ['a'], d: ['b', 'c'] });
const step = (id: string, state: Remaining['state'], more: Partial<Remaining> = {}): Remaining => ({
  id,
  state,
  ranMs: 0,
  waitMs: 0,
  ...more,
});
const sample = (times: Record<string, number>): Sample => new Map(Object.entries(times));
const pending = ['a', 'b', 'c', 'd'].map((id) => step(id, 'pending'));

describe('the longest way', () => {
  test('goes through the slower branch', () => {
    const ms = { a: 1, b: 10, c: 3, d: 1 } as Record<string, number>;
    expect(longestPath(diamond, (id) => ms[id] ?? 0)).toEqual({ ms: 12, path: ['a', 'b', 'd'] });
    expect(longestPath([], () => 1)).toEqual({ ms: 0, path: [] });
  });

  test('is never shorter than a step, never longer than all, and its own steps add up to it', () => {
    const graph = fc.array(fc.record({ before: fc.uniqueArray(fc.nat(11), { maxLength: 3 }), ms: fc.nat(1000) }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(graph, (drawn) => {
        const steps = drawn.map(({ before }, n) => ({
          id: `s${n}`,
          dependsOn: before.filter((b) => b < n).map((b) => `s${b}`),
        }));
        const times = new Map(drawn.map(({ ms }, n) => [`s${n}`, ms]));
        const msOf = (id: string) => times.get(id) ?? 0;
        const { ms, path } = longestPath(steps, msOf);
        expect(ms).toBeGreaterThanOrEqual(Math.max(0, ...times.values()));
        expect(ms).toBeLessThanOrEqual([...times.values()].reduce((sum, one) => sum + one, 0));
        expect(path.reduce((sum, id) => sum + msOf(id), 0)).toBe(ms);
      }),
    );
  });
});

describe('the time that is left', () => {
  test('is not known without earlier runs', () => {
    expect(estimateLeft(diamond, pending, [])).toMatchObject({ p50Ms: null, p90Ms: null, runs: 0, path: [] });
  });

  test('is that of the middle run and of the slow one, each by its own times', () => {
    const runs = Array.from({ length: 10 }, (_, n) => sample({ a: 10, b: 100 + n, c: 1, d: 5 }));
    expect(estimateLeft(diamond, pending, runs)).toMatchObject({
      p50Ms: 119,
      p90Ms: 123,
      runs: 10,
      path: ['a', 'b', 'd'],
    });
  });

  test('leaves out what is settled, and of a running step what it has had', () => {
    const left = [
      step('a', 'settled'),
      step('b', 'running', { ranMs: 60 }),
      step('c', 'pending'),
      step('d', 'pending'),
    ];
    const found = estimateLeft(diamond, left, [sample({ a: 10, b: 100, c: 50, d: 5 })]);
    expect(found).toMatchObject({ p50Ms: 55, path: ['c', 'd'], over: [] });
  });

  test('of a step that takes longer than ever is none, and it is named', () => {
    const left = [step('a', 'running', { ranMs: 500 }), ...pending.slice(1)];
    const found = estimateLeft(diamond, left, [sample({ a: 10, b: 1, c: 1, d: 1 })]);
    expect(found).toMatchObject({ p50Ms: 2, over: ['a'] });
  });

  test('holds the pause before a retry, and no time of persons', () => {
    const left = [
      step('a', 'running', { ranMs: 5, waitMs: 30 }),
      step('b', 'person'),
      step('c', 'settled'),
      step('d', 'pending'),
    ];
    const found = estimateLeft(diamond, left, [sample({ a: 10, b: 9999, d: 5 })]);
    expect(found).toMatchObject({ p50Ms: 45, persons: ['b'] });
  });

  test('takes the median of others for a step that a run skipped or did not have', () => {
    const found = estimateLeft(
      nodes({ a: [] }),
      [step('a', 'pending')],
      [sample({}), sample({ a: 7 }), sample({ a: 7 })],
    );
    expect(found).toMatchObject({ p50Ms: 7, p90Ms: 7 });
  });
});
