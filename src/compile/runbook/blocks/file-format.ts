import { isKnownProgram } from '../../shell/programs.js';
import { codeLines } from '../words/text.js';

/** What the lines of a block show of their form: those of files that hold settings or instructions of another program than the shell. */

/**
 * How much of a script has the form of a file: blocks in braces, values that are set with blanks around `=`, directives, a table of
 * hosts or mounts, the recipe of an image or of `make`. Undefined when nothing has.
 *
 * @param script without what it feeds to its programs
 */
export function formOfFile(script: string): 'all' | 'some' | undefined {
  if (!haveForm(codeLines(script))) return undefined;
  const lines = codeLines(withoutLongQuotes(script));
  if (!haveForm(lines)) return undefined;
  return outsideOfBlocks(lines).some(isTypedLine) ? 'some' : 'all';
}

function outsideOfBlocks(lines: readonly string[]): string[] {
  let depth = 0;
  return lines.filter((line) => {
    const outside = depth === 0 && !opensBlock(line);
    if (opensBlock(line)) depth += 1;
    if (/^\s*\}/.test(line)) depth = Math.max(0, depth - 1);
    return outside;
  });
}

/** A command of a program that people type. */
function isTypedLine(line: string): boolean {
  const [, word = ''] = /^\s*(?:sudo\s+)?([\w.-]+)(?=\s|$)/.exec(line) ?? [];
  return isKnownProgram(word) && !ACCESS.test(line);
}

/** What is quoted over several lines is for the program that it is given to. */
function withoutLongQuotes(script: string): string {
  return script.replaceAll(/(?:^|\s)#.*|'[^']*'|"(?:\\.|[^"\\])*"/gm, (found) =>
    found.includes('\n') && /^['"]/.test(found) ? "''" : found,
  );
}

function haveForm(lines: readonly string[]): boolean {
  if (lines.length === 0) return false;
  return lines.some(opensBlock) || lines.some(isSetWithBlanks) || WHOLE.some((holds) => holds(lines));
}

/** `/var/log/app/*.log {`, `upstream api {`: words before a brace that ends the line. Functions, `awk '/x/ {` and `${` are no such thing. */
function opensBlock(line: string): boolean {
  return (
    /^[^'`$(){};&|]*[^\s'`$(){};&|]\s+\{\s*$/.test(line) && !/^\s*(?:function|time|coproc|then|else|do)\s/.test(line)
  );
}

/** `shared_buffers = 4GB`: to a shell, the first word would be a program. */
function isSetWithBlanks(line: string): boolean {
  const [, name = ''] = /^\s*([A-Za-z][\w.-]*)\s+=\s/.exec(line) ?? [];
  return name !== '' && !isKnownProgram(name) && !/^(?:let|expr|test)$/.test(name);
}

/** Each of them is what every line of a file is. */
const WHOLE: readonly ((lines: readonly string[]) => boolean)[] = [
  areDirectives,
  isImageRecipe,
  isMakefile,
  (lines) => lines.every((line) => HOST.test(line)),
  (lines) => lines.every((line) => MOUNT.test(line)),
  (lines) => lines.every((line) => ACCESS.test(line)),
  (lines) => lines.every((line) => SUDOERS.test(line)),
];

/** `10.0.0.5 db-primary`: an address, and what it is called. */
const HOST = /^\s*(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f:]+)\s+[\w.-]+/i;
/** `UUID=… /data ext4 defaults 0 2` */
const MOUNT = /^\s*\S+\s+(?:\/\S*|none|swap)\s+[a-z][\w.]*\s+\S+\s+[0-2]\s+[0-2]\s*$/;
/** `host all app 10.0.0.0/24 scram-sha-256` */
const ACCESS =
  /^\s*(?:local|host|hostssl|hostnossl)\s+\S+\s+\S+\s+(?:\S+\s+)*(?:trust|reject|md5|scram-sha-256|password|peer|ident|cert|ldap)\b/;
/** `deploy ALL=(root) NOPASSWD: /bin/systemctl` */
const SUDOERS = /^\s*\S+\s+ALL\s?=/;

/** `PermitRootLogin no`, `Port 22`: they begin with a capital, and some of them with a word of several, as no program is called. */
function areDirectives(lines: readonly string[]): boolean {
  return (
    lines.every((line) => /^\s*[A-Z][A-Za-z]+\s+[^\s|&;$()`=][^|&;$()`]*$/.test(line)) &&
    lines.some(
      (line) => /^\s*[A-Z][a-z]+[A-Z]/.test(line) && !/^\s*(?:VBoxManage|PlistBuddy|SetFile|GetFileInfo)\s/.test(line),
    )
  );
}

/** `FROM node:22`, then `COPY`, `RUN`. */
function isImageRecipe(lines: readonly string[]): boolean {
  const words = lines.map((line) => /^\s*([A-Z]{3,})\s/.exec(line)?.[1] ?? '');
  const known = words.filter((word) => IMAGE.test(word)).length;
  return words.some((word) => /^(?:FROM|RUN|COPY|ENTRYPOINT|CMD)$/.test(word)) && known * 2 > lines.length;
}

const IMAGE =
  /^(?:FROM|RUN|COPY|ADD|WORKDIR|CMD|ENTRYPOINT|ENV|ARG|EXPOSE|USER|VOLUME|LABEL|HEALTHCHECK|SHELL|ONBUILD)$/;

/** `release: build`, and below it lines that begin with a tab. */
function isMakefile(lines: readonly string[]): boolean {
  const rules = lines.filter((line) => /^[\w./%-]+:(?:\s+[\w./%-]+)*\s*$/.test(line));
  return (
    rules.length > 0 &&
    lines.every((line) => rules.includes(line) || line.startsWith('\t') || line.startsWith('.PHONY:'))
  );
}
