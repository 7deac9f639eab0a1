import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The processes that run whose command line holds the text; zombies do not run. */
export async function idsRunning(text: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-Ao', 'stat=,pid=,args='], { maxBuffer: 64 * 1024 * 1024 });
  const lines = stdout.split('\n').filter((line) => !line.startsWith('Z') && line.includes(text));
  return lines.map((line) => Number(/^\S+\s+(\d+)/.exec(line)?.[1]));
}

/** How many processes run whose command line holds the text; zombies do not run. */
export const countRunning = async (text: string): Promise<number> => (await idsRunning(text)).length;

/** Looks until the condition holds; throws when it does not come about within the limit. */
export async function eventually(condition: () => Promise<boolean> | boolean, withinMs = 20_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Did not come about within ${withinMs} ms: ${condition.toString()}`);
    await delay(20);
  }
}

let counter = 0;

/** Arguments of a long `sleep` that no other process has, to look for it in the process list. */
export function uniqueSleep(): string {
  counter += 1;
  return `sleep 99${process.pid}${String(counter).padStart(3, '0')}`;
}
