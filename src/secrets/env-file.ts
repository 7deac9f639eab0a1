import { OpsroomError } from '#kit/errors.js';

const BLANK = /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;
const NAME = /[ \t]*([A-Za-z_][A-Za-z0-9_]{0,99})=/y;
/** Single quotes: as it stands. Double quotes: with \n, \r, \t, \" and \\. Both may go over lines. Bare: no spaces or quotes. */
const VALUE = /(?:'([^']*)'|"((?:[^"\\]|\\[nrt"\\])*)"|([^\s'"]*))/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Parses `NAME=VALUE` lines, strictly: comments are lines of their own or follow a value after a space; nothing is
 * expanded; a name may occur once. Throws SECRETS_FILE with the line, and never with a value.
 */
export function parseEnvFile(text: string, file: string): Map<string, string> {
  const values = new Map<string, string>();
  const take = takerOf(text);
  while (take.at < text.length) {
    if (take.match(BLANK)) continue;
    const start = take.at;
    const name = take.match(NAME)?.[1];
    const value = name === undefined ? null : take.match(VALUE);
    if (name === undefined || !value || !endsWell(take)) throw refused(file, text, start, 'This is not NAME=VALUE');
    if (values.has(name)) throw refused(file, text, start, `${name} is there twice`);
    const [, single, double, bare = ''] = value;
    const content = single ?? (double === undefined ? bare : unescape(double));
    if (content.includes('\0')) throw refused(file, text, start, `${name} holds a NUL byte`);
    values.set(name, content);
  }
  return values;
}

interface Taker {
  readonly at: number;
  match(pattern: RegExp): RegExpExecArray | null;
}

function takerOf(text: string): Taker {
  let at = 0;
  return {
    get at() {
      return at;
    },
    match: (pattern) => {
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      if (found) at = pattern.lastIndex;
      return found;
    },
  };
}

/** A comment must be apart from the value: `KEY=a#b` is the value "a#b". */
function endsWell(take: Taker): boolean {
  return take.match(/(?:[ \t]+#[^\n]*|[ \t]*)(?:\r?\n|$)/y) !== null;
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => ESCAPES[char] ?? char);
}

function refused(file: string, text: string, at: number, what: string): OpsroomError {
  const line = text.slice(0, at).split('\n').length;
  return new OpsroomError('SECRETS_FILE', { what: `${what}.`, where: `${file}:${line}` });
}
