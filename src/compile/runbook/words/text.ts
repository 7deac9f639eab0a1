/** What the text of a block shows by itself, whatever it is tagged as. Pure; no grammar needed. */

const ELLIPSIS = /(?:^|[\s=("'[{<,])(?:\.{3}|…)(?=$|[\s"')>\]},;|])/m;

/** `git revert 3f2a...`; what ends in `_...` or `-...` is a placeholder, `./...` a path. */
const CUT = /[A-Za-z0-9](?:\.{3}|…)(?=$|[\s"')\]])/;

/** Something was left out with `...` or `…`. Go's `./...` and comments that trail off are no such thing. */
export function hasEllipsis(script: string): boolean {
  if (!script.includes('...') && !script.includes('…')) return false;
  const lines = script.split('\n').map((line) => (/^\s*#(?!\s*(?:\.{3}|…)\s*$)/.test(line) ? '' : line));
  const code = lines.map((line) => line.replace(/\s#\s.*$/, ''));
  if (code.some((line) => CUT.test(line) && !/^\s*(?:echo|printf)\b/.test(line))) return true;
  return ELLIPSIS.test(code.map((line) => line.replace(/^\s*#\s*/, '')).join('\n'));
}

const SYNOPSIS = [
  /(?:^|\s)\[(?!\s[^\][\n]{0,200}(?:["'$]|\s-[a-z]))(?:-{1,2}[A-Za-z][^\]\n]{0,200}|[A-Z][A-Z_-]+(?:\s?\.{3})?|(?:sub)?commands?|options?|flags?|arg(?:ument)?s?|global[^\]\n]{0,200}|[a-z]+[ _-](?:options|flags|args|name|path|file)|<[^\]\n]{0,200}|[^\][|\n]{0,200}\|[^\]\n]{0,200})\](?:\.{3})?(?=\s|$|\[)/m,
  /\[\[-\w/,
  /<[\w -]+\|[\w |-]+>/,
  /(?:^|\s)\{[\w-]+(?:\s?\|\s?[\w-]+)+\}/m,
  /^\s*usage:/im,
  /(?:^|\s)<(?:options|flags|args|arguments|subcommand|command)>/im,
  // A variable's name and `HEAD` are no words to be filled in: `unset PGPASSWORD`, `git revert HEAD`.
  /^(?!(?:unset|export|readonly|local|declare|read|redis-cli|valkey-cli|keydb-cli)\b)[a-z][\w-]*(?: [a-z][\w-]*)?\s+(?!HEAD\b)(?:[A-Z]{4,}|COMMAND|OPTIONS)(?:\s+\[[A-Z.]+\])?\s*$/m,
];

/** A usage synopsis: `tool [options] <file>`, `{start|stop}`. Tests (`[ -f x ]`, `[[ … ]]`) have a blank after the bracket. */
export function isSynopsis(script: string): boolean {
  if (!/[[<{]|[Uu][Ss][Aa][Gg][Ee]:|[A-Z]{4}/.test(script)) return false;
  const code = codeLines(script).join('\n');
  return SYNOPSIS.some((pattern) => pattern.test(code));
}

const OUTPUT = [
  /^[+|][-=+]{4,}/, // drawn tables
  /^\s*[├└│]/, // trees
  /^total \d+$/,
  /^[-dl][-r][-w][-xsS][-r][-w][-xsS][-r][-w][-xtT][ .+@]/, // ls -l
  /^(?:[A-Z][A-Z-]{2,}(?: [A-Z]+)?\s{2,}){2,}[A-Z]/, // column heads
  /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d/, // logs
  /^(?:[\w./-]+: )?(?:error|fatal|warning|info|panic|debug|traceback)(?:\[\w+\])?: /i,
  /^(?:==>|=>|-->|✓|✔|✗|✘|⚠|•)\s/u,
  /^(?:Successfully|Successful|Installing collected|Collecting|Downloading|Unpacking|Cloning into|Already up to date|added \d+ packages)/,
  /^> \w/,
  /^(?!(?:touch|mkdir|rm|cat|ls|cp|mv|echo|sudo|git|make) )(?:[a-z][\w.-]*\/)?[\w.-]+(?: "[^"]*")? (?:created|configured|deleted|unchanged|patched|scaled|restarted|annotated|labeled|cordoned|uncordoned|evicted|drained|exposed|rolled back|condition met)(?: \(.*\))?$/,
];

/** Lines that programs print and nobody types, outside of heredocs and continued quotes. */
export function holdsOutput(script: string): boolean {
  return withoutHeredocs(script)
    .split('\n')
    .some((line) => OUTPUT.some((pattern) => pattern.test(line)));
}

/** The script without what it feeds to its programs. */
export function withoutHeredocs(script: string): string {
  if (!script.includes('<<')) return script;
  const ends = lineEnds(script);
  let kept = '';
  let at = 0;
  for (const { index, 1: word = '' } of script.matchAll(/<<-?\s*['"]?(\w+)['"]?/g)) {
    if (index < at) continue;
    const places = ends.get(word) ?? [];
    while ((places.at(-1) ?? script.length) <= index) places.pop();
    const end = places.pop();
    if (end === undefined) continue;
    kept += script.slice(at, index);
    at = end;
  }
  return kept + script.slice(at);
}

/** Where lines of these words end, the last first; a pattern that looked for each would read the rest of the script every time. */
function lineEnds(script: string): Map<string, number[]> {
  const ends = new Map<string, number[]>();
  let at = script.length;
  for (const line of script.split('\n').reverse()) {
    const word = line.trim();
    const places = ends.get(word);
    if (places === undefined) ends.set(word, [at]);
    else places.push(at);
    at -= line.length + 1;
  }
  return ends;
}

/** Tables of cron: five fields and a command. */
export function isCrontab(script: string): boolean {
  return CRON.test(script);
}

const FIELD = String.raw`(?:\*|\d+|\*/\d+|\d+-\d+|\d+(?:,\d+)+)`;
const CRON = new RegExp(`^[ \\t]*(?:${FIELD}[ \\t]+){5}\\S`, 'm');

/** `[Unit]` of systemd, `server {` of nginx, `key: value` of YAML, `{` of JSON, a mere address. */
export function isConfiguration(script: string): boolean {
  const lines = codeLines(script);
  const [first = ''] = lines;
  if (lines.length > 0 && lines.every((line) => /^[a-z][\w+.-]*:\/\/\S+$/i.test(line.trim()))) return true;
  if (/^\[[\w .:"-]+\]$/.test(first) || /^[\w.-]+\s*\{$/.test(first)) return true;
  if (/^(?:[{[]|<\?|<!|<[a-z])/i.test(first) && !/^\[\[? /.test(first)) return true;
  const pairs = lines.filter((line) => /^(?:- )?[\w."/-]+:(?:\s|$)/.test(line.trim()));
  return lines.length > 0 && pairs.length * 2 > lines.length;
}

/** Mere assignments without `export`: the content of an `.env` file, or of a shell's variables. */
export function isAssignments(script: string): boolean {
  const lines = codeLines(script);
  return (
    lines.length > 0 &&
    lines.every((line) => /^[A-Za-z_]\w*=\S*(?:\s*#.*)?$|^[A-Za-z_]\w*=(["']).*\1(?:\s*#.*)?$/.test(line.trim()))
  );
}

export function isCommentOnly(script: string): boolean {
  return codeLines(script).length === 0;
}

/** The lines that are neither empty nor comments. */
export function codeLines(script: string): readonly string[] {
  if (latest.script !== script) latest = { script, lines: script.split('\n').filter(isCodeLine) };
  return latest.lines;
}

/** Whether a line is neither empty nor a comment. */
export function isCodeLine(line: string): boolean {
  return !/^\s*(?:#|$)/.test(line);
}

/** Whether it starts with `#!`; comments above do not make it commands: "# Daily backup", then `#!/bin/bash`. */
export function isScriptFile(script: string): boolean {
  if (!script.includes('#!')) return false;
  const first = script.split('\n').find((line) => isCodeLine(line) || SHEBANG.test(line));
  return first !== undefined && SHEBANG.test(first);
}

const SHEBANG = /^\s*#!/;

/** Several rules ask about the same script, one after the other. */
let latest: { readonly script: string; readonly lines: readonly string[] } = { script: '', lines: [] };

/** The comment above the first command, which says what the block is for. */
export function leadingComment(script: string): string {
  if (!/^\s*#/.test(script)) return '';
  const lines = script.split('\n').map((line) => line.trim());
  const end = lines.findIndex((line) => line !== '' && !line.startsWith('#'));
  return lines
    .slice(0, end === -1 ? lines.length : end)
    .map((line) => line.replace(/^#+!?\s*/, ''))
    .join(' ')
    .trim();
}
