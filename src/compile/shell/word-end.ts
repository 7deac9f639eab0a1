/** What begins a part of a word in which blanks do not end it, and what ends that. */
const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", '`': '`', '(': ')', '{': '}' };

/**
 * Where the word ends that begins at a place of a script: quotes, `$( … )`, backquotes and the list of an array belong to it. Undefined
 * when something of it is never closed.
 *
 * @param most signs that are looked at; undefined when that is not its end
 */
export function wordEnd(script: string, from: number, most: number): number | undefined {
  const open: string[] = [];
  for (let at = from; at < script.length; at += 1) {
    if (at - from > most) return undefined;
    const sign = script.charAt(at);
    const inner = open.at(-1);
    if (sign === '\\' && inner !== "'") at += 1;
    else if (sign === inner) open.pop();
    else if (inner === "'") continue;
    else if (inner === undefined && /[\s;&|)]/.test(sign)) return at;
    else if (opens(script, at, inner)) open.push(CLOSING[sign] ?? '');
  }
  return open.length === 0 && script.length - from <= most ? script.length : undefined;
}

/** Within double quotes only substitutions are parts of their own; a brace begins one only behind a `$`. */
function opens(script: string, at: number, inner: string | undefined): boolean {
  const sign = script.charAt(at);
  if (CLOSING[sign] === undefined) return false;
  const substitutes = script.charAt(at - 1) === '$';
  if (sign === '{') return substitutes;
  return inner !== '"' || sign === '`' || (sign === '(' && substitutes);
}
