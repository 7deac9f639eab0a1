import { z } from 'zod';

/**
 * What a script of a session starts with, after the state that it takes over: at the script's end the shell writes what it
 * has become into `$OPSROOM_SESSION`. Fields end in NUL: folder, umask, one `declare` per variable, an empty field, the functions.
 *
 * Bash reads it through BASH_ENV, so that the script itself stays as its author wrote it: nothing is put before or
 * behind its text, which may end in the middle of a line.
 */
export const SAVE_AT_END = `
unset BASH_ENV
__opsroom_save() {
  set +eux
  {
    printf '%s\\0' "$PWD" "$(umask)"
    while IFS= read -r __opsroom_name; do
      declare -p "$__opsroom_name" 2>/dev/null && printf '\\0'
    done <<<"$(compgen -v)"
    printf '\\0'
    unset -f __opsroom_save
    declare -f
  } >"$OPSROOM_SESSION"
}
trap __opsroom_save EXIT
`;

/** What a script says when the folder that the session was in is gone. */
const GONE = 'opsroom: the folder in which the step before ended is gone:';

/** What a shell has become. */
export const shellStateSchema = z.strictObject({
  folder: z.string(),
  umask: z.string(),
  /** `declare` statements. */
  variables: z.array(z.string()).readonly(),
  /** Their definitions. */
  functions: z.string(),
});
export type ShellState = z.output<typeof shellStateSchema>;

/** Quotes a text for the shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * The statements that bring a shell into a state.
 * @param given names that the script is handed anew (its `env`): what it is handed counts, not what the last script had
 * @param goes whether into its folder, too
 */
export function restoreScript(
  { folder, umask, variables, functions }: ShellState,
  { given, goes }: { readonly given: ReadonlySet<string>; readonly goes: boolean },
): string {
  const carried = variables.filter((statement) => !given.has(nameOf(statement)));
  const go = `cd -- ${quoted(folder)} 2>/dev/null || { echo ${quoted(`${GONE} ${folder}`)} >&2; exit 125; }`;
  return [...carried, functions, `umask ${umask}`, ...(goes ? [go] : []), ''].join('\n');
}

/** Bash sets these itself, or they belong to the step and not to the session. */
const OWN = new Set([
  'PWD',
  'OLDPWD',
  'SHLVL',
  'HOME',
  'TMPDIR',
  'EUID',
  'UID',
  'PPID',
  'GROUPS',
  'DIRSTACK',
  'FUNCNAME',
]);
const TRANSIENT = new Set([
  'IFS',
  'OPTIND',
  'OPTARG',
  'OPTERR',
  'PIPESTATUS',
  'RANDOM',
  'SECONDS',
  'LINENO',
  'SRANDOM',
  'EPOCHSECONDS',
  'EPOCHREALTIME',
  '_',
]);
const OWN_PREFIX = /^(BASH|COMP_|HIST|OPSROOM_|__opsroom)/;
const DECLARE = /^declare -([A-Za-z-]+) ([A-Za-z_][A-Za-z0-9_]*)(?:=|$)/;

/** The name that a `declare` statement declares; empty when it is none. */
export const nameOf = (statement: string): string => DECLARE.exec(statement)?.[2] ?? '';

/** Reads what `SAVE_AT_END` wrote; undefined when it is not whole. */
export function readShellState(dump: string): ShellState | undefined {
  const [folder = '', umask = '', ...rest] = dump.split('\0');
  const end = rest.indexOf('');
  if (!folder.startsWith('/') || !/^[0-7]{3,4}$/.test(umask) || end < 0 || rest.length !== end + 2) return undefined;
  return { folder, umask, variables: rest.slice(0, end).filter(isCarried), functions: rest[end + 1] ?? '' };
}

function isCarried(statement: string): boolean {
  const [, flags = '', name = ''] = DECLARE.exec(statement) ?? [];
  if (name === '' || flags.includes('r')) return false;
  return !(OWN.has(name) || TRANSIENT.has(name) || OWN_PREFIX.test(name));
}
