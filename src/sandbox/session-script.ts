import { z } from 'zod';
import { hasExitTrapAlone, SAVE_BEFORE_TRAP } from '#ir/exit-trap.js';

/**
 * Fields end in NUL: folder, umask, one `declare` per variable, an empty field, the functions. The script may have functions named as
 * commands are: `builtin` is the shell's own. In a shell of its own, so that options and traps of the script do not disturb it, nor it
 * them. `$PWD` may be anything; a folder's name may end in a line feed. `&& builtin :` keeps `set -e` from leaving out what the script
 * wants done at its end, and `$?` as it was.
 */
const SAVE = `
builtin unset BASH_ENV
__opsroom_save() (
  { __opsroom_code=$?; builtin set +eux; builtin trap - DEBUG ERR RETURN; } >/dev/null 2>&1
  {
    __opsroom_folder=$(builtin pwd && builtin printf .)
    builtin printf '%s\\0' "\${__opsroom_folder%?.}" "$(builtin umask)"
    while IFS= builtin read -r __opsroom_name; do
      builtin declare -p "$__opsroom_name" 2>/dev/null && builtin printf '\\0'
    done <<<"$(builtin compgen -v)"
    builtin printf '\\0'
    builtin unset -f __opsroom_save trap
    builtin declare -f
  } >"$OPSROOM_SESSION"
  builtin exit "$__opsroom_code"
)
builtin trap '__opsroom_save && builtin :' EXIT
`;

/**
 * What a script of a session starts with, before the state that it takes over: at the script's end the shell writes what it
 * has become into `$OPSROOM_SESSION`. Bash reads it through BASH_ENV, so that the script itself stays as its author wrote it: nothing is
 * put before or behind its text, which may end in the middle of a line.
 *
 * @param text the script, and the functions that it takes over. Where it names ERR, RETURN or DEBUG, too, an EXIT trap of its own takes
 *   the place of what saves the state: none is kept
 */
export function saveAtEnd(text: string): string {
  return hasExitTrapAlone(text) ? SAVE + SAVE_BEFORE_TRAP : SAVE;
}

/** What a script says when the folder that the session was in is gone, or a function cannot be defined again. */
const GONE = 'opsroom: the folder in which the step before ended is gone:';
const NO_FUNCTIONS = 'opsroom: the functions of the steps before cannot be taken over.';

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
  const go = `builtin cd -- ${quoted(folder)} 2>/dev/null || ${refusing(`${GONE} ${folder}`)}`;
  return [defining(functions), ...carried, `builtin umask ${umask}`, ...(goes ? [go] : []), ''].join('\n');
}

/** All of them or none: bash would read on behind one that it cannot read, and do the script in the wrong folder. The pattern of one may need `extglob`. */
function defining(functions: string): string {
  if (functions === '') return '';
  return `builtin shopt -s extglob; builtin eval ${quoted(functions)} || ${refusing(NO_FUNCTIONS)}; builtin shopt -u extglob`;
}

/** What refuses leaves no state. */
const refusing = (why: string): string => `{ builtin trap - EXIT; builtin echo ${quoted(why)} >&2; builtin exit 125; }`;

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
  'SHELLOPTS',
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

/** Reads what `saveAtEnd` had written; undefined when it is not whole. */
export function readShellState(dump: string): ShellState | undefined {
  const [folder = '', umask = '', ...rest] = dump.split('\0');
  const end = rest.indexOf('');
  if (!folder.startsWith('/') || !/^[0-7]{3,4}$/.test(umask) || end < 0 || rest.length !== end + 2) return undefined;
  return { folder, umask, variables: rest.slice(0, end).flatMap(carriedOn), functions: rest[end + 1] ?? '' };
}

/** A variable that may not be changed is carried on as one that may: a later block may set it anew. */
function carriedOn(statement: string): string[] {
  const [, flags = '', name = ''] = DECLARE.exec(statement) ?? [];
  if (name === '' || OWN.has(name) || TRANSIENT.has(name) || OWN_PREFIX.test(name)) return [];
  if (!flags.includes('r')) return [statement];
  const others = flags.replace('r', '') || '-';
  return [`declare -${others}${statement.slice(`declare -${flags}`.length)}`];
}
