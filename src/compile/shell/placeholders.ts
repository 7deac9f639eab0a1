/** A stretch of the script that looks like a placeholder, before anything is known of where it stands. */
export interface Candidate {
  readonly text: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly form: Form;
}

/**
 * `angle` and `square` mean something else to a shell, `moustache` to templates, `word` is a word like any other, `value` is what
 * a variable is set to, with a comment that asks for another one.
 */
export type Form = 'angle' | 'square' | 'moustache' | 'brace' | 'word' | 'value';

interface Pattern {
  readonly form: Form;
  /** With the flags `dg`; group 1, if there is one, is the placeholder, else the whole match. */
  readonly pattern: RegExp;
  readonly accepts?: (candidate: Found) => boolean;
}

interface Found {
  readonly script: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const before = ({ script, start }: Found, length = 1): string => script.slice(Math.max(0, start - length), start);
const after = ({ script, end }: Found, length = 1): string => script.slice(end, end + length);

const TOP_LEVEL = '(?:com|org|net|io|dev|app|co|local|internal)';
/** In front of a name it makes it a variable's: `$YOUR_TOKEN`, `${MY_VAR}`. Behind it, what is assigned: `MY_VAR=1`. */
const isVariable = (found: Found): boolean =>
  /\$[{!#]{0,2}$/.test(before(found, 3)) || /^(?:\[[^\]]*\])?\+?=(?!=)/.test(after(found, 40));
const isPlain = (found: Found): boolean => !isVariable(found);

const VALUE = '[^\\s"\'$#`()<>{}|&;]{1,120}';
const REPLACE =
  '(?:replace|substitute|adjust|change (?:this|it|me|to)|fill in|(?:use|set|enter|with|to) (?:your|the actual)|your own)\\b';

/** Tried in this order; a stretch that an earlier pattern took is not offered to later ones. All of them are linear. */
const PATTERNS: readonly Pattern[] = [
  {
    form: 'angle',
    pattern: /(?<![<\\$&\d])<(\p{L}[\p{L}\p{M}\w .:/|,'’-]{0,60}[\p{L}\p{M}\w.]|[A-Za-z])>/dgu,
    accepts: isAngle,
  },
  { form: 'word', pattern: /＜[^＜＞\n]{1,60}＞/dg },
  { form: 'moustache', pattern: /(?<![$\\{])\{\{ ?[A-Za-z_][\w-]{0,60} ?\}\}(?!\})/dg, accepts: isMoustache },
  {
    form: 'word',
    pattern:
      /(?<![\w.+-])(?!git@)[A-Za-z0-9][\w.+-]{0,60}@(?:[\w-]{1,60}\.){0,4}?(?:example\.(?:com|org|net)|(?:your|my)-?(?:domain|company|org)\.[a-z]{2,6})(?![\w-])/dg,
  },
  { form: 'word', pattern: /(?<![\w-])(?:[\w-]{1,60}\.){0,4}?example\.(?:com|org|net)(?![\w-])/dg },
  { form: 'word', pattern: /(?<=:\/\/|@)[\w.-]{1,80}\.example(?![\w.-])/dg },
  {
    form: 'word',
    pattern:
      /(?<![\w.])(?:192\.0\.2\.\d{1,3}|198\.51\.100\.\d{1,3}|203\.0\.113\.\d{1,3}|1\.2\.3\.4|[xX]{1,3}(?:\.[xX]{1,3}){3})(?![\w.])/dg,
  },
  { form: 'word', pattern: /(?<![\w$]|[\w-]-)(?:YOUR|MY)[_-][A-Z0-9]+(?:[_-][A-Z0-9]+)*(?![\w])/dg, accepts: isPlain },
  {
    form: 'word',
    pattern: new RegExp(
      `(?<![\\w$]|[\\w-]-)your[-_][a-z0-9]+(?:[-_][a-z0-9]+)*(?:\\.${TOP_LEVEL}\\b)?(?![\\w-])`,
      'dg',
    ),
    accepts: isPlain,
  },
  {
    form: 'word',
    pattern: new RegExp(
      `(?<![\\w$]|[\\w-]-)your(?:domain|name|username|password|token|app|host|server|site|company|org|project|key|secret|email|repo|bucket)(?:\\.${TOP_LEVEL}\\b)?(?![\\w-])`,
      'dgi',
    ),
    accepts: isPlain,
  },
  {
    form: 'word',
    pattern:
      /(?<![\w$]|[\w-]-)(?:CHANGE[_-]?ME|REPLACE[_-]?(?:ME|THIS|WITH[_-][A-Z0-9_-]{1,40})|(?:INSERT|PASTE|ENTER)[_-][A-Z0-9_-]{1,40}|[A-Z0-9_-]{1,40}[_-]HERE)(?![\w-])/dgi,
    accepts: isPlain,
  },
  {
    form: 'word',
    pattern: /(?<![\w$])(?:[A-Za-z0-9]{1,12}[-_]){0,3}[xX]{3,}(?:[-_][A-Za-z0-9]{1,12}){0,3}(?![\w.])/dg,
    accepts: isCrossed,
  },
  // What a comment beside it or above it asks to be replaced.
  {
    form: 'value',
    pattern: new RegExp(
      `(?<=^[ \\t]*(?:export )?[A-Za-z_]\\w{0,60}=["']?)${VALUE}(?=["']?[ \\t]{0,20}#[^\\n]{0,60}\\b${REPLACE})`,
      'dgim',
    ),
  },
  {
    form: 'value',
    pattern: new RegExp(
      `(?<=^[ \\t]*#[^\\n]{0,80}\\b${REPLACE}[^\\n]{0,80}\\n(?:export )?[A-Za-z_]\\w{0,60}=["']?)${VALUE}(?=["']?$)`,
      'dgim',
    ),
  },
  { form: 'word', pattern: /(?<![\w.-])(?:\.?\/|~\/)?path\/to(?:\/[\w.-]{1,40}){1,6}/dg },
  { form: 'word', pattern: /(?<![A-Za-z%+])YYYY-?MM-?DD(?:[_T-]?HH[:-]?MM(?:[:-]?SS)?)?(?![A-Za-z])/dg },
  { form: 'word', pattern: /(?<![\w.])v?(?:X\.Y(?:\.Z)?|x\.y(?:\.z)?|[xX]\.[xX]\.[xX])(?![\w.])/dg },
  // The beginning of a value whose rest is left out: `ghp_...`.
  { form: 'word', pattern: /(?<![\w./-])[A-Za-z][\w-]{0,40}[_-](?:\.\.\.|…)(?=[\s"']|$)/dg },
  { form: 'brace', pattern: /(?<![$%@{\\#])\{(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]{3,40})\}(?!\})/dg },
  // An address that is left out: `postgres://...`, `https://…/hooks`.
  { form: 'word', pattern: /(?<![\w.])[a-z][a-z+]{1,20}:\/\/(?:\.\.\.|…)(?:\/[\w./-]{1,80})?(?=[\s"']|$)/dg },
  { form: 'word', pattern: /(?<=[\s="':]|^)(?:\.\.\.|…)(?=[\s"']|$)/dg },
  {
    form: 'square',
    pattern: /(?<=[\s=/:@,]|^)\[[A-Za-z][\w-]{1,60}(?: [\w-]{2,60}){0,4}\](?=[\s/:@.,;]|$)/dg,
    accepts: isSquare,
  },
];

/** `{name}` is a placeholder only inside an address; elsewhere it may be anything. */
const ADDRESS = /https?:\/\/[^\s'"<>]+/g;
const BRACES = /(?<![${])\{[A-Za-z_][\w-]{0,60}\}(?!\})/g;

const HTML = new Set(
  `a abbr article aside b body br button code div em footer form h1 h2 h3 h4 h5 h6 head header hr html i img input label li link main
  meta nav ol option p pre script section select small span strong style svg table tbody td th thead title tr u ul`.split(
    /\s+/,
  ),
);
const TEMPLATE_WORDS = new Set(['end', 'else', 'json', 'nil', 'break', 'continue']);

/** A script with more is not one for people to fill in; judging each would take quadratic time. The search stops one after. */
export const MOST_CANDIDATES = 300;

/** Everything in a script that looks like something a person is meant to replace, in the order of the text, none overlapping. */
export function candidates(script: string): readonly Candidate[] {
  if (
    !/[<{[＜]|x{3}|\.\.\.|…|example|your|my[_-]|here|change|replace|adjust|substitute|actual|insert|paste|enter|path\/to|yyyy|\d\.\d|x\.[xy]/i.test(
      script,
    )
  )
    return [];
  const found: Candidate[] = [];
  const taken: [number, number][] = [];
  const add = (form: Form, text: string, start: number): void => {
    const end = start + text.length;
    if (found.length > MOST_CANDIDATES || taken.some(([from, to]) => start < to && from < end)) return;
    taken.push([start, end]);
    const name = form === 'value' ? assignedName(script, start) : nameOf(text, script, start);
    found.push({ text, name: name || unnamed(text), start, end, form });
  };
  for (const { form, pattern, accepts } of PATTERNS) {
    for (const match of script.matchAll(pattern)) {
      const candidate = { script, text: match[0], start: match.index, end: match.index + match[0].length };
      if (accepts?.(candidate) ?? true) add(form, match[0], match.index);
    }
  }
  for (const address of script.matchAll(ADDRESS)) {
    for (const match of address[0].matchAll(BRACES)) add('brace', match[0], address.index + match.index);
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Stands between people's words and redirections: `cat <file>out`, `<b>`, `Map<String>`. */
function isAngle(found: Found): boolean {
  const inner = found.text.slice(1, -1);
  if (HTML.has(inner.toLowerCase()) || inner.endsWith('.h') || found.script.includes(`</${inner}>`)) return false;
  if (found.script.includes(`<\\/${inner}>`)) return false;
  if (/^(?:your|my)[^a-z]/i.test(inner)) return true;
  // A word that follows directly is the target of `>`: `sort <in>out`, `cmd <in>/dev/null`, `<in>&2`.
  const opensWord = /^$|[\s|&;(]/.test(before(found));
  return !(opensWord && /^(?:[A-Za-z0-9_~$&>]|\/dev\/)/.test(after(found, 5))) && after(found) !== '>';
}

/** Go templates (`docker inspect -f '{{.State}}'`) use the same braces. */
function isMoustache(found: Found): boolean {
  const inner = found.text.slice(2, -2).trim();
  return !TEMPLATE_WORDS.has(inner) && !/\{\{-?\s*(?:\.|range\b|if\b|with\b|\$)/.test(found.script);
}

/** `mktemp`'s pattern is meant literally. */
function isCrossed(found: Found): boolean {
  const line = found.script.slice(found.script.lastIndexOf('\n', found.start) + 1, found.start);
  return isPlain(found) && !/\b(?:mktemp|tempfile|chmod)\b/.test(line);
}

/** Not `[a-z]`, `[[:alpha:]]`, `arr[i]`, `[ -f x ]`, nor a set of characters for `tr` and its like. */
function isSquare(found: Found): boolean {
  const inner = found.text.slice(1, -1);
  const line = found.script.slice(found.script.lastIndexOf('\n', found.start) + 1, found.start);
  if (/\b(?:tr|grep|sed|awk|expr|case|find|ls|rm|rg)\b/.test(line)) return false;
  const parts = inner.split(/[-_ ]/);
  return parts.length > 1
    ? parts.every((part) => part.length > 1)
    : new Set(inner).size === inner.length
      ? inner.length > 5
      : inner.length > 3;
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
  if (/[a-wyz]/.test(name) && !text.includes('://')) return name;
  return assignedName(script, start) || name;
}

/** Of `KEY=…`, `"key": "…"`, what stands before the value. */
function assignedName(script: string, start: number): string {
  const [, assigned = ''] =
    /([A-Za-z_][\w-]{0,60})["']?[=:]\s?["']?(?:Bearer )?$/.exec(script.slice(Math.max(0, start - 80), start)) ?? [];
  return snake(assigned);
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
