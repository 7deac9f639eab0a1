import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawnPart, fitted, held, hidden, isNear, opening, showing, type View, zoomed } from './view.js';

const PANE = { width: 900, height: 300 };
const LONG = { width: 24_000, height: 340 };
const onPane = ({ x, y, zoom }: View, at: { x: number; y: number }) => ({ x: at.x * zoom + x, y: at.y * zoom + y });
const node = (x: number, y: number) => ({ x, y, width: 152, height: 28 });

test('a graph that fits is shown whole, at its own size at most, from the left', () => {
  const view = opening({ width: 400, height: 72 }, PANE, undefined);
  expect(view).toEqual({ x: 16, y: 114, zoom: 1 });
  expect(hidden(view, { width: 400, height: 72 }, PANE)).toEqual({ more: false, tall: false });
});

test('a graph that does not fit opens readable, at its step, and otherwise at its start', () => {
  expect(opening(LONG, PANE, undefined).x).toBe(16);
  const view = opening(LONG, PANE, node(12_000, 100));
  expect(view.zoom).toBeGreaterThanOrEqual(0.7);
  expect(onPane(view, node(12_000, 100)).x).toBeCloseTo(270);
  const end = opening(LONG, PANE, node(23_848, 0));
  expect(onPane(end, { x: LONG.width, y: 0 }).x).toBeCloseTo(PANE.width - 16);
});

const views = fc.record({
  x: fc.double({ min: -1e5, max: 1e5, noNaN: true }),
  y: fc.double({ min: -1e5, max: 1e5, noNaN: true }),
  zoom: fc.double({ min: 0.1, max: 1.5, noNaN: true }),
});
const sizes = fc.record({ width: fc.integer({ min: 1, max: 200_000 }), height: fc.integer({ min: 1, max: 50_000 }) });

test('however it is moved, the pane is never emptier than it must be', () => {
  fc.assert(
    fc.property(views, sizes, (wished, drawing) => {
      const { x, y, zoom } = held(wished, drawing, PANE);
      if (drawing.width * zoom + 32 > PANE.width) {
        expect(x).toBeLessThanOrEqual(16);
        expect(x + drawing.width * zoom).toBeGreaterThanOrEqual(PANE.width - 16 - 1e-6);
      } else expect(x).toBe(16);
      if (drawing.height * zoom + 32 > PANE.height) expect(y).toBeLessThanOrEqual(16);
    }),
  );
});

test('what is brought into sight is in sight, and what is already does not move', () => {
  const view = opening(LONG, PANE, node(12_000, 100));
  expect(showing(view, node(12_000, 100), LONG, PANE)).toBe(view);
  const there = onPane(showing(view, node(20_000, 300), LONG, PANE), node(20_000, 300));
  expect(there.x).toBeGreaterThan(0);
  expect(there.x + 152 * view.zoom).toBeLessThan(PANE.width);
});

test('what lies under the pointer stays there while the size changes', () => {
  const view = opening(LONG, PANE, node(12_000, 100));
  const about = { x: 300, y: 150 };
  const at = { x: (about.x - view.x) / view.zoom, y: 0 };
  const closer = zoomed(view, 1.2, about, LONG, PANE);
  expect(closer.zoom).toBeCloseTo(view.zoom * 1.2);
  expect(onPane(closer, at).x).toBeCloseTo(about.x);
  expect(zoomed(view, 1e-9, about, LONG, PANE).zoom).toBe(0.1);
  expect([isNear(view), isNear(fitted(LONG, PANE))]).toEqual([true, false]);
});

test('what is drawn reaches beyond the pane on all sides, and a small move changes nothing of it', () => {
  const view = { x: -5000.5, y: 10, zoom: 0.8 };
  const { x, width } = drawnPart(view, PANE);
  expect(x * view.zoom + view.x).toBeLessThanOrEqual(-320);
  expect((x + width) * view.zoom + view.x).toBeGreaterThanOrEqual(PANE.width + 320);
  expect(drawnPart({ ...view, x: view.x - 1 }, PANE)).toEqual(drawnPart(view, PANE));
});
