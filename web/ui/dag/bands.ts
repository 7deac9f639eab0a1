import type { StepGroup } from '#ir/groups.js';
import { type Box, GAP, type Graph, type GraphNode, NODE } from './graph.js';
import type { Linked } from './layout.js';

/** A step that may belong to a phase and to stories. */
export interface Grouped extends Linked {
  readonly group?: StepGroup | undefined;
}

/** Columns beside each other that belong to one phase, with its title over them, px of the drawing. */
export interface Band extends Box {
  readonly title: string;
  /** Every other one, to be told apart. */
  readonly odd: boolean;
  /** Where the title stands; again and again in a wide one, of which one may see a part. */
  readonly labels: readonly { readonly x: number; readonly width: number }[];
}

/** What the titles take above the steps. */
export const TITLES = 26;
const COLUMN = NODE.width + GAP.width;
/** A title is said anew after so many columns. */
const AGAIN = 4;

/** Whether any step says its phase. */
export const hasPhases = (steps: readonly Grouped[]): boolean => steps.some(({ group }) => group?.phase !== undefined);

/**
 * The phases of a graph from left to right. A column belongs to the phase that most of its steps are of: one that waits for
 * something of a later phase stands among the steps of that.
 */
export function bandsOf({ nodes, height }: Graph<Grouped>): Band[] {
  const bands: { title: string; from: number; to: number }[] = [];
  for (const [column, title] of titlesOf(nodes.values())) {
    const last = bands.at(-1);
    if (last?.title === title && last.to === column) last.to = column + 1;
    else bands.push({ title, from: column, to: column + 1 });
  }
  return bands.map(({ title, from, to }, place) => {
    const x = from * COLUMN - GAP.width / 2;
    const starts = Array.from({ length: Math.ceil((to - from) / AGAIN) }, (_, at) => at * AGAIN);
    const labels = starts.map((start) => ({
      x: start * COLUMN,
      width: Math.min(AGAIN, to - from - start) * COLUMN,
    }));
    return { title, odd: place % 2 === 1, labels, x, y: 0, width: (to - from) * COLUMN, height };
  });
}

/** The phase of each column that has one, in order. */
function titlesOf(nodes: Iterable<GraphNode<Grouped>>): (readonly [column: number, title: string])[] {
  const counts = new Map<number, Map<string, number>>();
  for (const { column, step } of nodes) {
    const phase = step.group?.phase;
    if (phase === undefined) continue;
    const own = counts.get(column) ?? new Map<string, number>();
    counts.set(column, own.set(phase, (own.get(phase) ?? 0) + 1));
  }
  const most = (own: ReadonlyMap<string, number>) => [...own].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
  return [...counts].sort(([a], [b]) => a - b).map(([column, own]) => [column, most(own)] as const);
}
