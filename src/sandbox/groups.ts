import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** One row of the process table. `state` is the kernel's letter; Z is a zombie. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly state: string;
}

/** One line of /proc/PID/stat; undefined when it is none. The name may hold anything, so the fields start after its last ")". */
export function parseStat(text: string): ProcessRow | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const row = {
    pid: Number.parseInt(text, 10),
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    group: Number(fields[2]),
  };
  return Number.isInteger(row.pid) && Number.isInteger(row.group) ? row : undefined;
}

/** All processes of the machine, from /proc; undefined where there is no /proc (macOS). */
export async function processTable(): Promise<ProcessRow[] | undefined> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter(isPid);
  if (pids.length === 0) return undefined;
  // A process may end between the listing and the reading: its row is then left out.
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return stats.map(parseStat).filter((row) => row !== undefined);
}

/** Whether a name in /proc is a process. */
export function isPid(name: string): boolean {
  return /^\d+$/.test(name);
}

/** The processes below `root` in the table, without `root` itself. */
export function descendants(table: readonly ProcessRow[], root: number): number[] {
  const children = groupByParent(table);
  const found: number[] = [];
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const below = children.get(pid) ?? [];
    found.push(...below);
    waiting.push(...below);
  }
  return found;
}

function groupByParent(table: readonly ProcessRow[]): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const row of table) {
    const siblings = children.get(row.parent);
    if (siblings) siblings.push(row.pid);
    else children.set(row.parent, [row.pid]);
  }
  return children;
}

/** Sends a signal to a process, or to a group when `target` is negative; whether anything was there to receive it. */
export function signalTo(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch (error) {
    // EPERM: something is there that belongs to somebody else (a setuid program).
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether the group has a member that still runs, and is no zombie: a container without an init never reaps those. */
async function hasLiving(group: number): Promise<boolean> {
  const table = await processTable();
  return table === undefined || table.some((row) => row.group === group && row.state !== 'Z');
}

/** Reading the process table takes milliseconds; most groups are gone sooner. */
const TABLE_AFTER_MS = 16;

/** Waits until nothing of the group runs, at most `withinMs`; whether that came about. */
export async function groupEnds(group: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (let pause = 1; signalTo(-group, 0); pause = Math.min(pause * 2, 100)) {
    if (pause >= TABLE_AFTER_MS && !(await hasLiving(group))) return true;
    const left = deadline - performance.now();
    if (left <= 0) return !(await hasLiving(group));
    await delay(Math.min(pause, left));
  }
  return true;
}

/** How long KILL may take to show: longer means a process stuck inside the kernel (a dead network mount). */
export const KILL_SHOWS_MS = 5000;

/**
 * Ends a process group: TERM, `graceMs`, KILL. With `sandboxed`, TERM goes to what runs inside the sandbox and not to the
 * group's leader: TERM would end bubblewrap itself, which takes everything in it along by KILL, without any grace.
 *
 * @returns whether nothing of the group runs any more
 */
export async function endGroup(group: number, graceMs: number, sandboxed = false): Promise<boolean> {
  const inside = sandboxed ? descendants((await processTable()) ?? [], group) : [];
  if (inside.length > 0) for (const pid of inside) signalTo(pid, 'SIGTERM');
  else if (!signalTo(-group, 'SIGTERM')) return true;
  if (await groupEnds(group, graceMs)) return true;
  return killGroup(group);
}

/** Ends a process group by KILL, and with its leader what it started in bubblewrap. Whether nothing of it runs any more. */
export function killGroup(group: number): Promise<boolean> {
  return signalTo(-group, 'SIGKILL') ? groupEnds(group, KILL_SHOWS_MS) : Promise.resolve(true);
}
