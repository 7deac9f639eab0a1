import { readdir } from 'node:fs/promises';
import { descendants, isPid, type ProcessRow, processTable, signalTo } from './groups.js';
import { machineTasks } from './limits.js';

/** A fork bomb makes some thousand processes per second and core. */
const EVERY_MS = 100;

export interface Watched {
  /** Process group of the step's first process. */
  readonly group: number;
  /** More processes than that are too many; 0: any number will do. */
  readonly most: number;
  /** The first process inside of bubblewrap, once it is known. */
  sandboxInit(): number | undefined;
  /** Called once. */
  exceeded(): void;
}

/** With the lowest number of tasks that the whole machine was seen to have while the step ran. */
type Entry = Watched & { fewest: number };

const watched = new Set<Entry>();
let timer: NodeJS.Timeout | undefined;
let isLooking = false;

/**
 * Watches how many processes a step has. The kernel has a limit for that, but not for root's processes; and what meets it
 * does not end: shells wait and try again.
 *
 * @returns ends the watch
 */
export function watchProcesses(step: Watched): () => void {
  const fewest = machineTasks();
  if (step.most === 0 || fewest === undefined) return () => {};
  const entry = { ...step, fewest };
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
  await Promise.all(suspects.map(judge)).finally(() => {
    isLooking = false;
  });
}

/**
 * Reading the table of processes costs milliseconds, the number of all of them next to nothing: a step can have too many
 * only where the machine has gained as many. If others went as fast as it grew, the machine is no worse off.
 */
function hasGrown(entry: Entry, tasks: number): boolean {
  entry.fewest = Math.min(entry.fewest, tasks);
  return tasks - entry.fewest >= entry.most;
}

/** It stands still while it is counted, and until it is killed: a bomb would grow faster than one can read what there is. */
async function judge(entry: Entry): Promise<void> {
  const init = entry.sandboxInit();
  const groups = init === undefined ? [entry.group] : [entry.group, init];
  for (const group of groups) signalTo(-group, 'SIGSTOP');
  const found = (await countInside(init)) ?? countProcesses((await processTable()) ?? [], entry.group);
  if (found > entry.most && watched.delete(entry)) entry.exceeded();
  else for (const group of groups) signalTo(-group, 'SIGCONT');
}

/** In one reading, however many there are: the sandbox's own /proc lists nothing else. Undefined where it cannot be seen. */
async function countInside(init: number | undefined): Promise<number | undefined> {
  if (init === undefined) return undefined;
  const names = await readdir(`/proc/${init}/root/proc`).catch(() => undefined);
  return names?.filter(isPid).length;
}

/** Those of the group, and those below its leader. */
export function countProcesses(table: readonly ProcessRow[], group: number): number {
  const inGroup = table.filter((row) => row.group === group).map((row) => row.pid);
  return new Set([...inGroup, ...descendants(table, group)]).size;
}
