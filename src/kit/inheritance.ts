import { closeSync, readdirSync, readFileSync } from 'node:fs';

const CLOSE_ON_EXEC = 0o2000000;

let isDone = false;

/**
 * Closes, once per process, what this process inherited and would hand on to the database, the keeper and every step:
 * descriptors of whatever started it, which nothing here uses. All that Node opens itself is closed on exec; of what it
 * found open, only what lies before the first gap is. For a process of our own only: in another's they are in use. Does
 * nothing where there is no /proc.
 */
export function disinherit(): void {
  if (isDone) return;
  isDone = true;
  for (const fd of inheritable()) {
    try {
      closeSync(fd);
    } catch {
      // It went away by itself.
    }
  }
}

function inheritable(): number[] {
  try {
    const beyond = readdirSync('/proc/self/fd').map(Number);
    return beyond.filter((fd) => fd > 2 && isInheritable(fd));
  } catch {
    return [];
  }
}

function isInheritable(fd: number): boolean {
  try {
    return !closesOnExec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'));
  } catch {
    return false;
  }
}

/** From the text of /proc/PID/fdinfo/FD, where a line says `flags:` in octal; true when there is none: not to be touched. */
export function closesOnExec(text: string): boolean {
  const [, flags] = /^flags:\s*([0-7]+)$/m.exec(text) ?? [];
  return flags === undefined || (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) !== 0;
}
