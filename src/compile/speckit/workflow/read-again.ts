/** What takes its arguments, or what comes in, for a program: shells of other hosts, languages of their own, what puts commands together. */
const ALWAYS =
  'eval ssh xargs parallel su trap alias let declare typeset awk gawk mawk nawk sed gsed make gmake just watch script expect at batch crontab psql mysql mariadb sqlite3 fish busybox osascript tclsh env\\s+-S env\\s+--split-string';
/** These take a file as well: `bash scripts/check.sh` hands on what stands behind it as it is. */
const WITHOUT_FILE =
  'sh bash dash zsh ksh ash pwsh powershell python\\d*(?:\\.\\d+)? perl ruby node nodejs deno bun php lua source \\.';

const word = (names: string): string => `(?:^|[\\s;&|(){}/"'!])(?:${names.split(' ').join('|')})`;
const READS = new RegExp(`${word(ALWAYS)}(?=$|[\\s;&|(){}"'<])`);
const READS_UNLESS_FILE = new RegExp(
  `${word(WITHOUT_FILE)}(?=$|[\\s;&|(){}"'<])(?![ \\t]+(?:-m[ \\t]+)?[\\w./][\\w./-]*(?:$|[\\s;&|)}]))`,
);
/** A value as the name of a command, wherever a command begins. */
const IS_COMMAND =
  /(?:^|[;&|({!\n]|\b(?:then|do|else|elif|if|while|until|time|exec|command|nohup|sudo)\b)[ \t]*["']*\$/;
/** Bash computes what stands in them, subscripts with their commands as well. */
const COMPUTES = /\(\(|\[\[/;

/**
 * Whether a script may have a value of its environment read as a program once more: `sh -c "echo $X"`, `eval`, `ssh`, `xargs`, a value
 * as the name of a command. It judges by the words that stand there, and says yes in doubt.
 */
export function readsAgain(script: string): boolean {
  return [READS, READS_UNLESS_FILE, IS_COMMAND, COMPUTES].some((pattern) => pattern.test(script));
}
