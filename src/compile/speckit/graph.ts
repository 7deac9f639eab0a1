import type { TaskList } from './task.js';

/** What depends on what among the tasks of a list, and what of it contradicts itself. */
export interface TaskGraph {
  /** Of each task, those that must be done before. */
  readonly after: ReadonlyMap<number, ReadonlySet<number>>;
  /** Circles that the tasks' own lines declare: each the tasks of one, in order. */
  readonly circles: readonly (readonly number[])[];
  /** Edges of a section on dependencies that contradict what the tasks' own lines, or other edges, say. */
  readonly contradictions: readonly { readonly before: number; readonly after: number; readonly line: number }[];
}

/** Joins what the tasks' own lines declare with what a section on dependencies says; the tasks' own lines have the last word. */
export function graphOf({ tasks, edges }: Pick<TaskList, 'tasks' | 'edges'>): TaskGraph {
  const after = new Map<number, Set<number>>(tasks.map((_, index) => [index, new Set<number>()]));
  const add = (before: number, later: number) => after.get(later)?.add(before);
  tasks.forEach((task, index) => {
    for (const before of task.after) add(before, index);
    for (const later of task.before) add(index, later);
    // What is done as a part of a task is done before the task is.
    if (task.parent !== undefined && !tasks[index]?.after.includes(task.parent)) add(index, task.parent);
  });
  const circles = circlesOf(after);
  if (circles.length > 0) return { after, circles, contradictions: [] };
  const contradictions = addEdges(after, edges);
  return { after, circles, contradictions };
}

/** An edge that points up the file is looked at before it is taken; those that point down are looked at together. */
function addEdges(after: Map<number, Set<number>>, edges: TaskList['edges']): TaskList['edges'][number][] {
  const refused: TaskList['edges'][number][] = [];
  const taken: TaskList['edges'][number][] = [];
  for (const edge of edges) {
    const known = after.get(edge.after);
    if (known === undefined || known.has(edge.before)) continue;
    if (edge.before > edge.after && reaches(after, edge.before, edge.after)) refused.push(edge);
    else {
      known.add(edge.before);
      taken.push(edge);
    }
  }
  for (let circles = circlesOf(after); circles.length > 0; circles = circlesOf(after)) {
    const inside = new Set(circles.flat());
    const culprits = taken.filter((edge) => inside.has(edge.before) && inside.has(edge.after));
    if (culprits.length === 0) break;
    for (const edge of culprits) after.get(edge.after)?.delete(edge.before);
    for (const edge of culprits) taken.splice(taken.indexOf(edge), 1);
    refused.push(...culprits);
  }
  return refused;
}

/** Whether `from` waits for `to`, by however many steps. */
function reaches(after: ReadonlyMap<number, ReadonlySet<number>>, from: number, to: number): boolean {
  const seen = new Set([from]);
  const stack = [from];
  for (let task = stack.pop(); task !== undefined; task = stack.pop()) {
    if (task === to) return true;
    for (const before of after.get(task) ?? []) {
      if (seen.has(before)) continue;
      seen.add(before);
      stack.push(before);
    }
  }
  return false;
}

/** One circle of each knot, found by following what is left when all that can be done first is taken away. */
function circlesOf(after: ReadonlyMap<number, ReadonlySet<number>>): number[][] {
  const left = withoutDoable(after);
  const circles: number[][] = [];
  const passed = new Set<number>();
  for (const start of left) {
    if (passed.has(start)) continue;
    const path: number[] = [];
    const place = new Map<number, number>();
    let at: number | undefined = start;
    while (at !== undefined && !place.has(at) && !passed.has(at)) {
      place.set(at, path.length);
      path.push(at);
      at = [...(after.get(at) ?? [])].find((before) => left.has(before));
    }
    const begin = at === undefined ? undefined : place.get(at);
    if (begin !== undefined) circles.push(path.slice(begin).toReversed());
    for (const task of path) passed.add(task);
  }
  return circles;
}

function withoutDoable(after: ReadonlyMap<number, ReadonlySet<number>>): Set<number> {
  const waiting = new Map([...after].map(([task, before]) => [task, before.size]));
  const later = new Map<number, number[]>();
  for (const [task, before] of after)
    for (const one of before) {
      const known = later.get(one);
      if (known === undefined) later.set(one, [task]);
      else known.push(task);
    }
  const ready = [...waiting].flatMap(([task, count]) => (count === 0 ? [task] : []));
  for (let task = ready.pop(); task !== undefined; task = ready.pop()) {
    waiting.delete(task);
    for (const next of later.get(task) ?? []) {
      const count = (waiting.get(next) ?? 0) - 1;
      waiting.set(next, count);
      if (count === 0) ready.push(next);
    }
  }
  return new Set(waiting.keys());
}
