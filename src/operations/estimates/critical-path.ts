import { type Node, topologicalOrder } from '#ir/dag.js';

/** The longest way through what is left of a DAG. */
export interface LongestPath {
  readonly ms: number;
  /** Ids of the steps on it that still take time, in their order. */
  readonly path: readonly string[];
}

/**
 * The longest way through the steps, each taking as long as `msOf` says: how long they take at least, whatever runs side by side.
 * Linear in steps and edges.
 */
export function longestPath(steps: readonly Node[], msOf: (id: string) => number): LongestPath {
  const ends = new Map<string, number>();
  const before = new Map<string, string>();
  const byId = new Map(steps.map((step) => [step.id, step]));
  let last: string | undefined;
  for (const id of topologicalOrder(steps)) {
    let start = 0;
    for (const dependency of byId.get(id)?.dependsOn ?? []) {
      const end = ends.get(dependency) ?? 0;
      if (end <= start) continue;
      start = end;
      before.set(id, dependency);
    }
    const end = start + msOf(id);
    ends.set(id, end);
    if (last === undefined || end > (ends.get(last) ?? 0)) last = id;
  }
  return { ms: last === undefined ? 0 : (ends.get(last) ?? 0), path: walkBack(last, before, msOf) };
}

function walkBack(
  last: string | undefined,
  before: ReadonlyMap<string, string>,
  msOf: (id: string) => number,
): string[] {
  const path: string[] = [];
  for (let id = last; id !== undefined; id = before.get(id)) if (msOf(id) > 0) path.push(id);
  return path.reverse();
}
