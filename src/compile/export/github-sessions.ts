import { hasExitTrapAlone, SAVE_BEFORE_TRAP } from '#ir/exit-trap.js';
import type { JsonValue } from '#ir/json.js';
import type { Script } from './github-script.js';
import { isObject, NotPortable } from './github-text.js';

/** Where the first step of a job puts `SESSION_SCRIPT`, for bash to read before each script of a session. */
const FILE = '$RUNNER_TEMP/opsroom-session.bash';

/**
 * What makes scripts of several steps behave as if typed into one shell: each takes over the folder, variables and functions that the
 * latest one before it (by `OPSROOM_ORDER`) ended with; with `OPSROOM_FOLDER`, all but the folder. What a step is handed in its own
 * `env` counts more, but for the names in `keeps`; a script that fails leaves nothing behind; read-only variables are carried on
 * as ones that may be set anew, names of the runner and of bash itself are not. A script may have functions named as commands are:
 * `builtin` is the shell's own.
 */
const SESSION_SCRIPT = `unset BASH_ENV
set -u
__opsroom_given() { case " $OPSROOM_GIVEN " in *" $1 "*) ;; *) builtin return 1 ;; esac; }
__opsroom_own() {
  case $1 in
    PWD | OLDPWD | SHLVL | HOME | TMPDIR | EUID | UID | PPID | GROUPS | DIRSTACK | FUNCNAME | IFS | OPTIND | OPTARG | OPTERR) ;;
    PIPESTATUS | RANDOM | SECONDS | LINENO | SRANDOM | EPOCHSECONDS | EPOCHREALTIME | _ | CI | SHELLOPTS | OPSROOM_*) ;;
    BASH* | COMP_* | HIST* | GITHUB_* | RUNNER_* | ACTIONS_* | INPUT_* | __opsroom*) ;;
    *) __opsroom_given "$1" ;;
  esac
}
__opsroom_save() (
  { __opsroom_code=$?; builtin set +eux; builtin trap - DEBUG ERR RETURN; } >/dev/null 2>&1
  [[ $__opsroom_code == 0 && -z \${OPSROOM_AFTER:-} ]] || builtin exit "$__opsroom_code"
  {
    while IFS= builtin read -r __opsroom_name; do
      __opsroom_own "$__opsroom_name" && builtin continue
      __opsroom_line=$(builtin declare -p "$__opsroom_name" 2>/dev/null) || builtin continue
      [[ $__opsroom_line =~ ^declare\\ -([A-Za-z]*)r([A-Za-z]*\\ .*) ]] && __opsroom_line="declare -g\${BASH_REMATCH[1]}\${BASH_REMATCH[2]}"
      builtin printf '__opsroom_given %s || %s\\n' "$__opsroom_name" "$__opsroom_line"
    done <<<"$(builtin compgen -v)"
    __opsroom_folder=$(builtin pwd && builtin printf .)
    builtin printf 'umask %s\\n[ -n "\${OPSROOM_FOLDER:-}" ] || cd -- %q || exit 125\\n' "$(builtin umask)" "\${__opsroom_folder%?.}"
    builtin unset -f __opsroom_save __opsroom_own __opsroom_given trap
    builtin declare -f
  } >"$RUNNER_TEMP/opsroom-session-$OPSROOM_SESSION-$OPSROOM_ORDER"
)
__opsroom_latest=
for __opsroom_file in "$RUNNER_TEMP/opsroom-session-$OPSROOM_SESSION-"*; do
  [ -e "$__opsroom_file" ] && [[ ! "\${__opsroom_file##*-}" > "$OPSROOM_ORDER" ]] && __opsroom_latest=$__opsroom_file
done
if [ -n "$__opsroom_latest" ]; then . "$__opsroom_latest"; fi
builtin trap '__opsroom_save && builtin :' EXIT
if [ -n "\${OPSROOM_TRAP:-}" ]; then${SAVE_BEFORE_TRAP}fi`;

/** What the step of a job runs after which its steps may go on in sessions. */
export const SESSION_STEP = `cat > "${FILE}" <<'OPSROOM'\n${SESSION_SCRIPT}\nOPSROOM`;

/**
 * The same script, which keeps its state although it sets an EXIT trap.
 * @param text the script and those before it in its session, whose functions it has
 */
export function keepingAtTrap(script: Script, text: string): Script {
  return hasExitTrapAlone(text) ? { ...script, env: { ...script.env, OPSROOM_TRAP: 'true' } } : script;
}

/** The same script, going on in the session that the plan names. @throws NotPortable */
export function inSession(script: Script, session: JsonValue): Script {
  if (!isObject(session) || typeof session['name'] !== 'string') throw new NotPortable('a session without a name');
  const { name, order, after, folder, keeps } = session;
  const own = Array.isArray(keeps) ? keeps : [];
  if (script.folder !== undefined) throw new NotPortable('a session with a folder of the step');
  return {
    ...script,
    session: name,
    env: {
      ...script.env,
      BASH_ENV: '${{ runner.temp }}/opsroom-session.bash',
      OPSROOM_SESSION: name,
      OPSROOM_ORDER: String(Number(order)).padStart(5, '0'),
      OPSROOM_GIVEN: Object.keys(script.env)
        .filter((variable) => !own.includes(variable))
        .join(' '),
      ...(after === true ? { OPSROOM_AFTER: 'true' } : {}),
      ...(folder === 'start' ? { OPSROOM_FOLDER: 'start' } : {}),
    },
  };
}
