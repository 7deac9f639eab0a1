import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ancestry, dagProblems, dependants, type Node, topologicalOrder } from './dag.js';

const node = (id: string, ...dependsOn: string[]): Node => ({ id, dependsOn });

test('a cycle is named by its path', () => {
  const [problem, ...rest] = dagProblems([
    node('z'),
    node('a', 'z', 'b'),
    node('b', 'c'),
    node('c', 'a'),
    node('d', 'c'),
  ]);
  expect(problem).toMatchObject({ type: 'cycle', path: ['a', 'b', 'c', 'a'] });
  expect(rest).toEqual([]);
  expect(dagProblems([node('a', 'a')])).toMatchObject([{ type: 'cycle', path: ['a', 'a'] }]);
});

test('duplicate and unknown ids are named with their places', () => {
  expect(dagProblems([node('a'), node('a'), node('b', 'a', 'x')])).toEqual([
    { type: 'duplicate', step: 'a', index: 1 },
    { type: 'unknown', step: 'b', index: 2, missing: 'x', at: 1 },
  ]);
});

test('dependants are listed once', () => {
  expect(dependants([node('a'), node('b', 'a', 'a')])).toEqual(
    new Map([
      ['a', ['b']],
      ['b', []],
    ]),
  );
});

/** Random graphs; an edge back (`forward: false`) may close a cycle. */
const graph = (forward: boolean) =>
  fc.array(fc.array(fc.nat(30), { maxLength: 4 }), { minLength: 1, maxLength: 30 }).map((edges) =>
    edges.map((targets, i) => {
      const limit = forward ? i : edges.length;
      return node(`s${i}`, ...targets.filter((target) => target < limit).map((target) => `s${target}`));
    }),
  );

test('in a DAG every step comes after all it depends on, and ancestors are what can be reached', () => {
  fc.assert(
    fc.property(graph(true), (steps) => {
      expect(dagProblems(steps)).toEqual([]);
      const order = topologicalOrder(steps);
      expect(new Set(order).size).toBe(steps.length);
      const isAncestor = ancestry(steps);
      const reached = new Map<string, Set<string>>();
      for (const { id, dependsOn } of steps) {
        for (const dependency of dependsOn) expect(order.indexOf(dependency)).toBeLessThan(order.indexOf(id));
        reached.set(id, new Set(dependsOn.flatMap((dependency) => [dependency, ...(reached.get(dependency) ?? [])])));
        for (const other of steps) expect(isAncestor(other.id, id)).toBe(reached.get(id)?.has(other.id));
      }
    }),
  );
});

test('a graph without an order has a cycle whose every edge is there', () => {
  fc.assert(
    fc.property(graph(false), (steps) => {
      const cycle = dagProblems(steps).find((problem) => problem.type === 'cycle');
      expect(cycle !== undefined).toBe(topologicalOrder(steps).length < steps.length);
      const path = cycle?.path ?? [];
      for (const [i, id] of path.slice(0, -1).entries()) {
        expect(steps.find((step) => step.id === id)?.dependsOn).toContain(path[i + 1]);
      }
      expect(path[0]).toBe(path.at(-1));
    }),
  );
});
