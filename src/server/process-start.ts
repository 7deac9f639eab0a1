import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Field 22 of /proc/PID/stat, counted from the field after the name (proc(5)). */
const START_FIELD = 19;

/**
 * When a process began, as a text that is the same whoever asks, or undefined when there is none (a zombie counts as none).
 * A number is given anew to other processes; a number and a beginning are not.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    return startOf(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''));
  }
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
  const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { env }).catch(() => ({ stdout: '' }));
  const [state = '', ...start] = stdout.trim().split(/\s+/);
  return state === '' || state.startsWith('Z') ? undefined : start.join(' ');
}

/** The name in the middle may hold anything, so the fields are counted from its last ")". */
export function startOf(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[START_FIELD];
}
