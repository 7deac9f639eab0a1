import type { SshArgs } from './args.js';

/** What sshd is asked to start, whatever shell the user has there: it holds no value, so no shell can misread one. */
export const REMOTE_SHELL = 'exec /bin/sh -s';

/** A text as one word of a POSIX shell (XCU 2.2.2): within single quotes nothing is special but the quote itself. */
export function quoteWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

type Wanted = Pick<SshArgs, 'run' | 'argv' | 'cwd' | 'env' | 'stdin' | 'shell'>;

/**
 * What the remote shell reads on its standard input: says who it is, sets the environment, and becomes the command. Values
 * travel here and not in the command line, where every user of the host could read them.
 *
 * @param marker printed with the shell's process id as the first line that is not of the host's login files
 */
export function remoteProgram(args: Wanted, marker: string): string {
  const exports = Object.entries(args.env).map(([name, value]) => `export ${name}=${quoteWord(String(value))}`);
  const lines = [`printf '%s %s\\n' ${quoteWord(marker)} "$$"`, ...exports, ...folderLines(args.cwd)];
  const become = becomeLines(args).join('; ');
  if (args.stdin === undefined) return [...lines, `{ ${become}; } </dev/null`, ''].join('\n');
  return [...lines, `printf '%s' ${quoteWord(args.stdin)} | { ${become}; }`, ''].join('\n');
}

/** A name such as "-" or "-P" is a folder here and no option. */
function folderLines(cwd: string | undefined): string[] {
  if (cwd === undefined) return [];
  return [`cd -- ${quoteWord(cwd.startsWith('/') ? cwd : `./${cwd}`)} || exit 1`];
}

const BASH = 'exec bash --noprofile --norc -euo pipefail -c "$1"';
const SH = 'exec sh -eu -c "$1"';

function becomeLines({ run, argv, shell }: Wanted): string[] {
  if (argv !== undefined) return [`exec ${argv.map(quoteWord).join(' ')}`];
  const given = `set -- ${quoteWord(run ?? '')}`;
  if (shell !== undefined) return [given, shell === 'bash' ? BASH : SH];
  return [given, `if command -v bash >/dev/null 2>&1; then ${BASH}; else ${SH}; fi`];
}

/** Ends a process group of the host: TERM, and KILL for what is left after `graceSeconds`. */
export function endingProgram(group: number, graceSeconds: number): string {
  return [
    `kill -s TERM -- -${group} 2>/dev/null`,
    `left=${graceSeconds}`,
    `while [ "$left" -gt 0 ] && kill -s 0 -- -${group} 2>/dev/null; do sleep 1; left=$((left-1)); done`,
    `kill -s KILL -- -${group} 2>/dev/null`,
    'exit 0',
    '',
  ].join('\n');
}
