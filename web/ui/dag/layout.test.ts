import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Linked, layout } from './layout.js';

const step = (id: string, ...dependsOn: string[]): Linked => ({ id, dependsOn });

/** Any plan without cycles: a step depends on some before it. */
const plans = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { maxLength: 40 })
  .map((links) => links.map((names, n) => step(`s${n}`, ...(n === 0 ? [] : names.map((name) => `s${name % n}`)))));

test('a step stands right of all that it depends on, and nowhere where another stands', () => {
  fc.assert(
    fc.property(plans, (steps) => {
      const places = layout(steps);
      expect(places.size).toBe(steps.length);
      for (const { id, dependsOn } of steps) {
        for (const name of dependsOn) expect(places.get(id)?.column).toBeGreaterThan(places.get(name)?.column ?? 99);
      }
      expect(new Set([...places.values()].map(({ column, row }) => `${column} ${row}`)).size).toBe(steps.length);
    }),
  );
});

test('lines that need not cross do not, and columns are centred', () => {
  const places = layout([step('a'), step('top', 'a'), step('low', 'a'), step('below', 'low'), step('above', 'top')]);
  const rowOf = (id: string) => places.get(id)?.row ?? Number.NaN;
  expect(rowOf('above') < rowOf('below')).toBe(rowOf('top') < rowOf('low'));
  expect(rowOf('a')).toBe(0.5);
});

test('what is not in the plan, and a step that names itself, harm nothing', () => {
  expect(layout([step('a', 'elsewhere'), step('b', 'b')]).size).toBe(2);
});
