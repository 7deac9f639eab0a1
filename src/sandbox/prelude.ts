import type { Caps } from './limits.js';

/** Descriptors of a starting process, beyond stdin, stdout and stderr. None is left to the program that it becomes. */
export const FD = { keeper: 3, status: 4, options: 5 } as const;

/**
 * From its first instant the process is either still holding the channel, which keeps the keeper waiting, or known to
 * it. Without a keeper that reads, nothing is started.
 */
const REGISTER = `echo "+$$" >&${FD.keeper} || exit 125; exec ${FD.keeper}>&-`;

/**
 * Caps itself and becomes the real program. When memory runs out, the kernel shall choose a step and not the worker or
 * the database. dash and busybox call the limit of processes -p, bash -u. A limit that may not be set is one that is lower already. dash exports PWD, which nobody asked for.
 */
const BECOME = `
{ echo 500 >/proc/self/oom_score_adj; } 2>/dev/null
cap() { [ "$2" = 0 ] || ulimit "$1" "$2"; } 2>/dev/null
cap -f "$1"; cap -d "$2"; cap -u "$3" || cap -p "$3"
shift 3
unset PWD OLDPWD
exec "$@"`;

/** The command that becomes `argv` in the same process, capped and, if `registers`, known to the keeper. POSIX shell: one exec more, some 0.7 ms. */
export function withPrelude(
  argv: readonly [string, ...string[]],
  { caps, registers }: { caps: Caps; registers: boolean },
): [string, ...string[]] {
  const script = registers ? `${REGISTER}${BECOME}` : BECOME;
  const numbers = [caps.fileBlocks, caps.dataKiB, caps.tasks].map(String);
  return ['/bin/sh', '-c', script, 'opsroom-step', ...numbers, ...argv];
}
