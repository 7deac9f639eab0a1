import { type Form, PATTERNS } from './placeholder-patterns.js';

/** A stretch of the script that looks like a placeholder, before anything is known of where it stands. */
export interface Candidate {
  readonly text: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly form: Form;
}

/** `{name}` is a placeholder only inside an address; elsewhere it may be anything. */
const ADDRESS = /https?:\/\/[^\s'"<>]+/g;
const BRACES = /(?<![${])\{[A-Za-z_][\w-]{0,60}\}(?!\})/g;

/** Most scripts hold nothing of the kind. */
const HOLDS_SOME =
  /[<{[＜]|x{3}|\.\.\.|…|example|your|my[_-]|here|change|replace|adjust|substitute|actual|insert|paste|enter|path\/to|yyyy|\d\.\d|x\.[xy]/i;

/** A script with more is not one for people to fill in; judging each would take quadratic time. The search stops one after. */
export const MOST_CANDIDATES = 300;

/** Everything in a script that looks like something a person is meant to replace, in the order of the text, none overlapping. */
export function candidates(script: string): readonly Candidate[] {
  if (!HOLDS_SOME.test(script)) return [];
  const found: Candidate[] = [];
  const taken: [number, number][] = [];
  const add = (form: Form, text: string, start: number): void => {
    const end = start + text.length;
    if (found.length > MOST_CANDIDATES || taken.some(([from, to]) => start < to && from < end)) return;
    taken.push([start, end]);
    const name = form === 'value' ? assignedName(script, start) : nameOf(text, script, start);
    found.push({ text, name: name || unnamed(text), start, end, form });
  };
  const lower = script.toLowerCase();
  for (const { form, signs, pattern, accepts } of PATTERNS) {
    if (!signs.some((sign) => lower.includes(sign))) continue;
    for (const match of script.matchAll(pattern)) {
      const candidate = { script, text: match[0], start: match.index, end: match.index + match[0].length };
      if (accepts?.(candidate) ?? true) add(form, match[0], match.index);
    }
  }
  if (script.includes('{'))
    for (const address of script.matchAll(ADDRESS))
      for (const match of address[0].matchAll(BRACES)) add('brace', match[0], address.index + match.index);
  return found.sort((a, b) => a.start - b.start);
}

/** Two placeholders in a script that names are not written in are two inputs: the text tells them apart, not the name. */
function unnamed(text: string): string {
  if (!/\p{L}/u.test(text)) return 'value';
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 0x1000000;
  return `value_${sum.toString(16).padStart(6, '0')}`;
}

/** snake_case of the words in it; what it is assigned to, when it has none (`KEY=...`). */
function nameOf(text: string, script: string, start: number): string {
  const name = snake(text.replace(/^(?:MY|my)[_-](?=[A-Z])/, 'my_'));
  // `OLD=192.0.2.10`: a number has no name of its own.
  if (/^\d/.test(text)) return besideName(script, start) || name;
  if (/[a-wyz]/.test(name) && !text.includes('://'))
    return (EXAMPLE.test(text) && assignedWhole(text, script, start)) || name;
  return assignedName(script, start) || name;
}

const EXAMPLE = /^[\w.-]*\bexample(?:\.(?:com|org|net))?$/i;

/** `HOST=db.example.com`: a host that is an example is called by what it is set to; empty when it is only a part of that. */
function assignedWhole(text: string, script: string, start: number): string {
  const [, quote] = /^[ \t]*(?:export )?[A-Za-z_]\w{0,60}=(["']?)$/.exec(lineBefore(script, start)) ?? [];
  if (quote === undefined) return '';
  const rest = script.slice(start + text.length);
  const ends = rest.startsWith(quote) && /^(?:[\s;&|]|$)/.test(rest.slice(quote.length));
  return ends ? assignedName(script, start) : '';
}

function lineBefore(script: string, start: number): string {
  return script.slice(Math.max(script.lastIndexOf('\n', start - 1) + 1, start - 100), start);
}

/** Of `KEY=…`, `"key": "…"`, what stands before the value. */
function assignedName(script: string, start: number): string {
  const [, assigned = ''] =
    /([A-Za-z_][\w-]{0,60})["']?[=:]\s?["']?(?:Bearer )?$/.exec(script.slice(Math.max(0, start - 80), start)) ?? [];
  return snake(assigned);
}

/** What it is set to, or the option that it stands behind: `--host 192.0.2.1`. A letter names nothing. */
function besideName(script: string, start: number): string {
  const [, option = ''] = /--([a-z][\w-]{1,40}) {1,3}["']?$/.exec(script.slice(Math.max(0, start - 80), start)) ?? [];
  const name = snake(option) || assignedName(script, start);
  return name.length > 1 ? name : '';
}

function snake(text: string): string {
  const words = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
  const name = words.join('_').slice(0, 60).replace(/_+$/, '');
  return /^\d/.test(name) ? `value_${name}` : name;
}

/** The script with those candidates that the grammar would take for something else turned into plain words of the same length. */
export function mask(script: string, found: readonly Candidate[]): string {
  let masked = '';
  let at = 0;
  for (const { start, end } of found) {
    masked += script.slice(at, start) + 'x'.repeat(end - start);
    at = end;
  }
  return masked + script.slice(at);
}
