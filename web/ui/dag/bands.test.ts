import { expect, test } from 'vitest';
import { bandsOf, type Grouped, hasPhases, TITLES } from './bands.js';
import { GAP, graphOf, NODE } from './graph.js';

const COLUMN = NODE.width + GAP.width;
const step = (id: string, phase: string | undefined, ...dependsOn: string[]): Grouped => ({
  id,
  dependsOn,
  group: phase === undefined ? undefined : { phase, stories: [] },
});

test('each phase is a band over its columns, titled below the room that is kept for it', () => {
  const steps = [
    step('a', 'One'),
    step('b', 'Two', 'a'),
    step('c', 'Two', 'a'),
    step('d', 'Two', 'b', 'c'),
    step('e', undefined, 'd'),
  ];
  const graph = graphOf(steps, TITLES);
  expect(bandsOf(graph).map(({ title, x, width, odd }) => [title, x, width, odd])).toEqual([
    ['One', -GAP.width / 2, COLUMN, false],
    ['Two', COLUMN - GAP.width / 2, 2 * COLUMN, true],
  ]);
  expect(Math.min(...[...graph.nodes.values()].map(({ y }) => y))).toBe(TITLES);
});

test('a column is of the phase that most of its steps are of', () => {
  const steps = [
    step('a', 'One'),
    step('b', 'Two', 'a'),
    step('late', 'One', 'a'),
    step('c', 'Two', 'a'),
    step('d', 'Two', 'b'),
  ];
  expect(bandsOf(graphOf(steps)).map(({ title }) => title)).toEqual(['One', 'Two']);
});

test('the title of a wide phase is said again', () => {
  const chain = Array.from({ length: 10 }, (_, n) => step(`s${n}`, 'Long', ...(n === 0 ? [] : [`s${n - 1}`])));
  const [band] = bandsOf(graphOf(chain));
  expect(band?.labels.map(({ x, width }) => [x / COLUMN, width / COLUMN])).toEqual([
    [0, 4],
    [4, 4],
    [8, 2],
  ]);
});

test('without phases there are no bands', () => {
  expect(hasPhases([step('a', undefined)])).toBe(false);
  expect(hasPhases([step('a', 'One')])).toBe(true);
  expect(bandsOf(graphOf([step('a', undefined)]))).toEqual([]);
});
