import type { Problem } from '../problems.js';
import type { TaskGraph } from './graph.js';
import type { Order } from './order.js';
import type { Task, TaskList } from './task.js';

/** What is odd about a list and does not keep it from becoming a plan, with the line where it stands. */
export interface Flag {
  readonly line: number;
  readonly text: string;
}

/** What of a list contradicts itself, names what does not exist, or cannot be told apart. */
export function flagsOf({ tasks }: TaskList, { contradictions }: TaskGraph, order: Order): Flag[] {
  const name = (index: number) => nameOf(tasks[index]);
  const parents = new Set(tasks.flatMap(({ parent }) => parent ?? []));
  const flags = [
    ...duplicates(tasks),
    ...tasks.flatMap((task) => unknownFlag(task)),
    ...tasks.flatMap((task) => oddFlag(task)),
    ...contradictions.map(({ before, after, line }) => ({
      line,
      text: `${name(after)} after ${name(before)} contradicts what else is said about them; it is not taken`,
    })),
    ...order.moved.flatMap((index) => {
      const task = tasks[index];
      if (task === undefined || parents.has(index)) return [];
      return [
        { line: task.lines.from, text: `${nameOf(task)} depends on a task further down, so it comes after that` },
      ];
    }),
    ...order.sameFile.map(({ task, other, path }) => ({
      line: tasks[task]?.lines.from ?? 0,
      text: `${name(task)} is marked [P], and names ${path} as ${name(other)} does: it waits for that`,
    })),
  ];
  return flags.sort((a, b) => a.line - b.line);
}

/** A circle of dependencies, as an error at the first of its tasks. */
export function circleProblem(circle: readonly number[], { tasks }: TaskList, file: string): Problem {
  const names = circle.map((index) => nameOf(tasks[index]));
  const shown =
    names.length <= 20 ? names : [...names.slice(0, 15), `… ${names.length - 16} more …`, names.at(-1) ?? ''];
  return {
    code: 'PLAN_CYCLE',
    file,
    line: Math.min(...circle.map((index) => tasks[index]?.lines.from ?? 1)),
    what: `the tasks depend on each other in a circle: ${[...shown, names[0] ?? ''].join(' → ')}`,
    mend: 'Take one of these dependencies out of the task list.',
  };
}

function duplicates(tasks: readonly Task[]): Flag[] {
  const first = new Map<string, Task>();
  return tasks.flatMap((task) => {
    if (task.id === undefined) return [];
    const other = first.get(task.id);
    first.set(task.id, other ?? task);
    if (other === undefined || /^T?X+$/.test(task.id)) return [];
    const text = `two tasks are called ${task.id}: here and at line ${other.lines.from}, which is the one that others mean`;
    return [{ line: task.lines.from, text }];
  });
}

function unknownFlag(task: Task): Flag[] {
  if (task.unknown.length === 0) return [];
  const what = task.unknown.slice(0, 5).join(', ');
  return [{ line: task.lines.from, text: `${nameOf(task)} depends on ${what}, and there is no such task` }];
}

function oddFlag(task: Task): Flag[] {
  if (task.oddMark === undefined) return [];
  return [{ line: task.lines.from, text: `${nameOf(task)} is marked “${task.oddMark}”, which is not taken for done` }];
}

function nameOf(task: Task | undefined): string {
  return task?.id ?? `the task at line ${task?.lines.from ?? 0}`;
}
