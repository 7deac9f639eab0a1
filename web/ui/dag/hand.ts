import type { Point } from './graph.js';

/** A hand trembles: less than this is a click, px. */
const TREMBLE = 4;
/** What Ctrl and a px of the wheel change. */
const WHEEL = 0.002;

/** What a hand does to a drawing; both say whether anything changed. */
export interface Moves {
  readonly by: (dx: number, dy: number) => boolean;
  readonly zoom: (factor: number, about?: Point) => boolean;
}

/**
 * Dragging moves the drawing; so does the wheel where there is more of it, and with Ctrl it changes the size.
 *
 * @returns ends it
 */
export function followHand(pane: HTMLElement, moves: Moves): () => void {
  const over = new AbortController();
  const { signal } = over;
  pane.addEventListener('wheel', (event) => wheel(pane, event, moves), { passive: false, signal });
  let last: { x: number; y: number } | undefined;
  let dragged = false;
  const down = ({ button, clientX: x, clientY: y }: PointerEvent) => {
    dragged = false;
    last = button === 0 ? { x, y } : undefined;
  };
  const move = ({ pointerId, clientX: x, clientY: y }: PointerEvent) => {
    if (!last || (!dragged && Math.hypot(x - last.x, y - last.y) < TREMBLE)) return;
    if (!dragged) pane.setPointerCapture(pointerId);
    dragged = true;
    moves.by(x - last.x, y - last.y);
    last = { x, y };
  };
  const up = () => {
    last = undefined;
  };
  pane.addEventListener('pointerdown', down, { signal });
  pane.addEventListener('pointermove', move, { signal });
  pane.addEventListener('pointerup', up, { signal });
  pane.addEventListener('pointercancel', up, { signal });
  // A drag that ends on a step has not chosen it; a click without a pointer, by a key, has.
  pane.addEventListener('click', (event) => dragged && event.detail > 0 && event.stopPropagation(), {
    capture: true,
    signal,
  });
  return () => over.abort();
}

function wheel(pane: HTMLElement, event: WheelEvent, { by, zoom }: Moves): void {
  const box = pane.getBoundingClientRect();
  if (event.ctrlKey) {
    zoom(Math.exp(-event.deltaY * WHEEL), { x: event.clientX - box.left, y: event.clientY - box.top });
    event.preventDefault(); // also at the end of the scale: the browser would enlarge the page
  } else if (by(-event.deltaX, -event.deltaY)) event.preventDefault();
  // What moves nothing here moves the page, as at the end of any list.
}
