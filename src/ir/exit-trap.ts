/**
 * Bash that does what a script wants done at its end after `__opsroom_save` has saved the state of its session. Within a function bash
 * has traps for ERR, RETURN and DEBUG that are the function's own: it withdraws as soon as a file that the script reads in sets one.
 */
export const SAVE_BEFORE_TRAP = `
trap() {
  { builtin local - && builtin set +x; } 2>/dev/null || builtin :
  builtin local IFS=' '
  case " $* " in *' ERR '* | *' RETURN '* | *' DEBUG '*) builtin unset -f trap; builtin trap "$@"; builtin return ;; esac
  builtin trap "$@" || builtin return
  [[ $BASH_SUBSHELL == 0 ]] || builtin return 0
  builtin eval "builtin set -- $(builtin trap -p EXIT)"
  case \${3-} in __opsroom_save*) ;; *) builtin trap "__opsroom_save && builtin :
\${3-}" EXIT ;; esac
}
`;

/** What works otherwise within a function. Bash takes the names in any case; small, they are words of any script but beside `trap`. */
const OF_FUNCTIONS = /(?<!\$\{?)\b(?:SIG)?(?:ERR|RETURN|DEBUG)\b(?!=)|\bfunctrace\b|\bextdebug\b|\bset\s+-\w*T/;
const IN_ANY_CASE = /\b(?:sig)?(?:err|return|debug)\b/i;
const BEHIND_QUOTE = /['"](?:[ \t]+\w+)*[ \t]+(?:sig)?(?:err|return|debug)\b/i;

/** Whether a script sets a trap for EXIT, and none that `SAVE_BEFORE_TRAP` would disturb. */
export function hasExitTrapAlone(text: string): boolean {
  const lines = text.replaceAll('\\\n', ' ').split('\n');
  const has = (words: RegExp) => lines.some((line) => words.test(line));
  const isNeeded = has(/\btrap\b/) && has(/\b(?:exit|0)\b/i);
  const isOfFunctions = has(OF_FUNCTIONS) || has(BEHIND_QUOTE);
  const isOnLine = lines.some((line) => /\btrap\b/.test(line) && IN_ANY_CASE.test(line));
  return isNeeded && !isOfFunctions && !isOnLine;
}
