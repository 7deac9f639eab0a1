import { type Linked, layout } from './layout.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Size {
  readonly width: number;
  readonly height: number;
}
export type Box = Point & Size;

/** A step and where it stands, in px of the drawing at full size. */
export interface GraphNode<S extends Linked = Linked> extends Box {
  readonly step: S;
  readonly column: number;
}

/** A line from what is waited for to what waits. */
export interface GraphEdge {
  readonly from: GraphNode;
  readonly to: GraphNode;
}

export interface Graph<S extends Linked = Linked> extends Size {
  readonly nodes: ReadonlyMap<string, GraphNode<S>>;
  readonly edges: readonly GraphEdge[];
}

export const NODE: Size = { width: 152, height: 28 };
export const GAP: Size = { width: 40, height: 16 };

/**
 * The graph of a plan, all sizes known beforehand: nothing has to be put on a page to be measured.
 *
 * @param top room above the steps, px
 */
export function graphOf<S extends Linked>(steps: readonly S[], top = 0): Graph<S> {
  const places = layout(steps);
  const nodes = new Map(
    steps.map((step): [string, GraphNode<S>] => {
      const { column, row } = places.get(step.id) ?? { column: 0, row: 0 };
      return [
        step.id,
        { step, column, x: column * (NODE.width + GAP.width), y: top + row * (NODE.height + GAP.height), ...NODE },
      ];
    }),
  );
  const edges = [...nodes.values()].flatMap((to) =>
    to.step.dependsOn.flatMap((name) => {
      const from = nodes.get(name);
      return from ? [{ from, to }] : [];
    }),
  );
  const ends = [...nodes.values()];
  return {
    nodes,
    edges,
    width: ends.reduce((most, { x }) => Math.max(most, x + NODE.width), 0),
    height: ends.reduce((most, { y }) => Math.max(most, y + NODE.height), 0),
  };
}

/** The lines as one SVG path, so that thousands are one element. */
export function linesOf(edges: readonly GraphEdge[]): string {
  return edges
    .map(({ from, to }) => {
      const [x0, y0, x1, y1] = [from.x + from.width, from.y + from.height / 2, to.x, to.y + to.height / 2];
      const middle = (x0 + x1) / 2;
      return `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`;
    })
    .join('');
}

/** Whether two boxes overlap or touch. */
export function meets(a: Box, b: Box): boolean {
  return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;
}

/** Where a line lies. */
export function boxOf({ from, to }: GraphEdge): Box {
  const [x, y] = [from.x + from.width, Math.min(from.y, to.y)];
  return { x, y, width: to.x - x, height: Math.max(from.y, to.y) + from.height - y };
}

/** Where an arrow key leads from a step: along the lines, or up and down its column; undefined where there is nothing. */
export function stepTowards(graph: Graph, id: string, key: string): string | undefined {
  const at = graph.nodes.get(id);
  if (!at) return undefined;
  const nearest = (nodes: readonly GraphNode[]) =>
    nodes.toSorted((a, b) => Math.abs(a.y - at.y) - Math.abs(b.y - at.y) || a.y - b.y)[0]?.step.id;
  const beside = () => [...graph.nodes.values()].filter(({ column }) => column === at.column);
  switch (key) {
    case 'ArrowLeft':
      return nearest(graph.edges.filter(({ to }) => to === at).map(({ from }) => from));
    case 'ArrowRight':
      return nearest(graph.edges.filter(({ from }) => from === at).map(({ to }) => to));
    case 'ArrowUp':
      return nearest(beside().filter(({ y }) => y < at.y));
    case 'ArrowDown':
      return nearest(beside().filter(({ y }) => y > at.y));
    default:
      return undefined;
  }
}
