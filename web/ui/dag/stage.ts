import type { Box, Point, Size } from './graph.js';
import { followHand, type Moves } from './hand.js';
import { drawnPart, fitted, held, hidden, isNear, opening, showing, type View, zoomed } from './view.js';

/** What has to be drawn now. */
export interface Drawn {
  readonly part: Box;
  /** Names can be read. */
  readonly near: boolean;
  /** There is more than is in sight, in some direction; and up or down. */
  readonly more: boolean;
  readonly tall: boolean;
}

/** A drawing in its pane, moved and scaled past React: a drag costs a transform, and new elements only now and then. */
export interface Stage extends Moves {
  /** Moves as little as brings a box into sight. */
  show(box: Box, smooth: boolean): void;
  fit(): void;
  close(): void;
}

interface Parts {
  readonly pane: HTMLElement;
  readonly layer: HTMLElement;
  readonly drawing: Size;
  /** Where it opens, asked again while nobody has moved it. */
  readonly at: () => Box | undefined;
  readonly onDrawn: (drawn: Drawn) => void;
}

/** Puts a drawing into its pane and keeps it there whatever becomes of the pane's size. */
export function openStage({ pane, layer, drawing, at, onDrawn }: Parts): Stage {
  let view: View = { x: 0, y: 0, zoom: 1 };
  let moved = false;
  let told = '';
  const size = (): Size => ({ width: pane.clientWidth, height: pane.clientHeight });
  const put = (next: View, smooth: boolean) => {
    view = next;
    layer.toggleAttribute('data-smooth', smooth);
    layer.style.transform = `translate(${next.x}px, ${next.y}px) scale(${next.zoom})`;
    const drawn = { part: drawnPart(next, size()), near: isNear(next), ...hidden(next, drawing, size()) };
    const text = JSON.stringify(drawn);
    if (text !== told) onDrawn(drawn);
    told = text;
  };
  const change = (next: View, smooth = false): boolean => {
    if (next.x === view.x && next.y === view.y && next.zoom === view.zoom) return false;
    moved = true;
    put(next, smooth);
    return true;
  };
  const settle = () => {
    if (pane.clientWidth === 0 || pane.clientHeight === 0) return;
    put(moved ? held(view, drawing, size()) : opening(drawing, size(), at()), false);
  };
  settle();
  const observer = new ResizeObserver(settle);
  observer.observe(pane);
  const middle = () => ({ x: pane.clientWidth / 2, y: pane.clientHeight / 2 });
  const moves = {
    by: (dx: number, dy: number) => change(held({ ...view, x: view.x + dx, y: view.y + dy }, drawing, size())),
    zoom: (factor: number, about: Point = middle()) => change(zoomed(view, factor, about, drawing, size())),
  };
  const letGo = followHand(pane, moves);
  return {
    ...moves,
    show: (box, smooth) => void change(showing(view, box, drawing, size()), smooth),
    fit: () => void change(fitted(drawing, size()), true),
    close: () => {
      observer.disconnect();
      letGo();
    },
  };
}
