import { expect, test } from 'vitest';
import { boxOf, graphOf, linesOf, meets, NODE, stepTowards } from './graph.js';

const step = (id: string, ...dependsOn: string[]) => ({ id, dependsOn });
const diamond = graphOf([step('a'), step('top', 'a'), step('low', 'a', 'nowhere'), step('end', 'top', 'low')]);

test('a graph knows its size and its lines before anything is drawn; what is not in the plan has no line', () => {
  expect(diamond.edges.map(({ from, to }) => `${from.step.id} ${to.step.id}`)).toEqual([
    'a top',
    'a low',
    'top end',
    'low end',
  ]);
  const last = diamond.nodes.get('end');
  expect(diamond.width).toBe((last?.x ?? 0) + NODE.width);
  expect(linesOf(diamond.edges).match(/M/g)).toHaveLength(4);
  expect(graphOf([])).toMatchObject({ width: 0, height: 0, edges: [] });
});

test('a line lies between its ends, and is drawn when any part of it is in sight', () => {
  const [edge] = diamond.edges;
  if (!edge) throw new Error('no line');
  const box = boxOf(edge);
  expect([box.x, box.x + box.width]).toEqual([edge.from.x + NODE.width, edge.to.x]);
  expect(meets(box, { x: box.x + box.width / 2, y: box.y, width: 1, height: 1 })).toBe(true);
  expect(meets(box, { x: box.x + box.width + 1, y: box.y, width: 1, height: 1 })).toBe(false);
});

test.each([
  ['a', 'ArrowRight', 'top'],
  ['end', 'ArrowLeft', 'top'],
  ['top', 'ArrowDown', 'low'],
  ['low', 'ArrowUp', 'top'],
  ['low', 'ArrowLeft', 'a'],
  ['a', 'ArrowLeft', undefined],
  ['end', 'ArrowDown', undefined],
  ['end', 'Home', undefined],
  ['unknown', 'ArrowLeft', undefined],
])('from %s, %s leads to %s', (from, key, to) => {
  expect(stepTowards(diamond, from, key)).toBe(to);
});
