import { descendants, type ProcessRow, processTable } from './groups.js';
import { machineTasks } from './limits.js';

/** A fork bomb makes some thousand processes per second and core. */
const EVERY_MS = 100;

interface Watched {
  readonly group: number;
  readonly most: number;
  /** Tasks of the whole machine: the lowest number seen while the step ran. */
  fewest: number;
  exceeded(): void;
}

const watched = new Set<Watched>();
let timer: NodeJS.Timeout | undefined;
let isLooking = false;

/**
 * Calls `exceeded` once when the step whose first process is `group` has more than `most` processes. The kernel has a
 * limit for that, but not for root's processes; and what meets it does not end: shells wait and try again.
 *
 * @returns ends the watch
 */
export function watchProcesses(group: number, most: number, exceeded: () => void): () => void {
  const fewest = machineTasks();
  if (most === 0 || fewest === undefined) return () => {};
  const entry = { group, most, fewest, exceeded };
  watched.add(entry);
  timer ??= setInterval(() => void look(), EVERY_MS).unref();
  return () => {
    watched.delete(entry);
    if (watched.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

async function look(): Promise<void> {
  const tasks = machineTasks() ?? 0;
  const suspects = [...watched].filter((entry) => hasGrown(entry, tasks));
  if (suspects.length === 0 || isLooking) return;
  isLooking = true;
  const table = await processTable().finally(() => {
    isLooking = false;
  });
  for (const entry of suspects) {
    if (countProcesses(table ?? [], entry.group) > entry.most && watched.delete(entry)) entry.exceeded();
  }
}

/**
 * Reading the table of processes costs milliseconds, the number of all of them next to nothing: a step can have too many
 * only where the machine has gained as many. If others went as fast as it grew, the machine is no worse off.
 */
function hasGrown(entry: Watched, tasks: number): boolean {
  entry.fewest = Math.min(entry.fewest, tasks);
  return tasks - entry.fewest >= entry.most;
}

/** Those of its group, and those below it: what runs in bubblewrap has a group of its own. */
export function countProcesses(table: readonly ProcessRow[], group: number): number {
  const inGroup = table.filter((row) => row.group === group).map((row) => row.pid);
  return new Set([...inGroup, ...descendants(table, group)]).size;
}
