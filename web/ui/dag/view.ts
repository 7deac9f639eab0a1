import type { Box, Point, Size } from './graph.js';

/** How the drawing lies in its pane: a point of the drawing is shown at `point × zoom + (x, y)`. */
export interface View extends Point {
  readonly zoom: number;
}

/** Left and above of the drawing, and at its other ends. */
const PAD = 16;
const [LEAST, READABLE, FULL, MOST] = [0.1, 0.7, 1, 1.5];
/** Below this a step is drawn without its name, which nobody could read. */
const NAMES_FROM = 0.45;
/** How far from the left the step stands at which a graph opens: what comes is of more interest than what was. */
const OPENS_AT = 0.3;
/** What is drawn changes in steps of so many px of the pane, and reaches as far beyond it. */
const STRIDE = 320;

/** The view nearest to a wished one that shows the drawing and not the emptiness beside it. */
export function held({ x, y, zoom }: View, drawing: Size, pane: Size): View {
  const spareX = pane.width - drawing.width * zoom;
  const spareY = pane.height - drawing.height * zoom;
  return {
    x: spareX >= 2 * PAD ? PAD : clamp(x, spareX - PAD, PAD),
    y: spareY >= 2 * PAD ? spareY / 2 : clamp(y, spareY - PAD, PAD),
    zoom,
  };
}

/** All of the drawing, or as much as can be. */
export function fitted(drawing: Size, pane: Size): View {
  return held({ x: PAD, y: PAD, zoom: clamp(fitting(drawing, pane), LEAST, FULL) }, drawing, pane);
}

/** How a graph is shown first: all of it where its names can be read then; otherwise as it is, at a step. */
export function opening(drawing: Size, pane: Size, at: Box | undefined): View {
  const whole = fitting(drawing, pane);
  if (whole >= READABLE) return fitted(drawing, pane);
  const tall = (pane.height - 2 * PAD) / drawing.height;
  const zoom = clamp(tall, READABLE, FULL);
  const { x, y, height } = at ?? { x: 0, y: drawing.height / 2, height: 0 };
  const wished = { x: pane.width * OPENS_AT - x * zoom, y: pane.height / 2 - (y + height / 2) * zoom, zoom };
  return held(wished, drawing, pane);
}

/** The view moved as little as shows a box whole; the same view when it does already. */
export function showing(view: View, box: Box, drawing: Size, pane: Size): View {
  const { zoom } = view;
  const x = clamp(view.x, PAD - box.x * zoom, pane.width - PAD - (box.x + box.width) * zoom);
  const y = clamp(view.y, PAD - box.y * zoom, pane.height - PAD - (box.y + box.height) * zoom);
  return x === view.x && y === view.y ? view : held({ x, y, zoom }, drawing, pane);
}

/** Closer or farther, with what lies at a point of the pane staying there. */
export function zoomed(view: View, factor: number, about: Point, drawing: Size, pane: Size): View {
  const zoom = clamp(view.zoom * factor, LEAST, MOST);
  const by = zoom / view.zoom;
  const wished = { x: about.x - (about.x - view.x) * by, y: about.y - (about.y - view.y) * by, zoom };
  return held(wished, drawing, pane);
}

/** What part of the drawing is worth drawing, in its px; changes seldom while the view moves. */
export function drawnPart({ x, y, zoom }: View, pane: Size): Box {
  const part = (from: number, length: number) => {
    const first = Math.floor(-from / STRIDE) - 1;
    const last = Math.ceil((length - from) / STRIDE) + 1;
    return [(first * STRIDE) / zoom, ((last - first) * STRIDE) / zoom] as const;
  };
  const [left, width] = part(x, pane.width);
  const [top, height] = part(y, pane.height);
  return { x: left, y: top, width, height };
}

/** Whether the names of steps can be read. */
export const isNear = ({ zoom }: View): boolean => zoom >= NAMES_FROM;

/** Whether there is more than the pane shows, in some direction; and up or down. */
export function hidden({ zoom }: View, drawing: Size, pane: Size): { readonly more: boolean; readonly tall: boolean } {
  const tall = drawing.height * zoom > pane.height;
  return { more: tall || drawing.width * zoom > pane.width, tall };
}

function fitting(drawing: Size, pane: Size): number {
  return Math.min(
    (pane.width - 2 * PAD) / Math.max(1, drawing.width),
    (pane.height - 2 * PAD) / Math.max(1, drawing.height),
  );
}

/** When the limits cross, the upper one holds: the beginning of a thing is seen before its end. */
function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
