/**
 * `angle` and `square` mean something else to a shell, `moustache` to templates, `word` is a word like any other, `value` is what
 * a variable is set to, with a comment that asks for another one.
 */
export type Form = 'angle' | 'square' | 'moustache' | 'brace' | 'word' | 'value';

export interface Pattern {
  readonly form: Form;
  /** A script without any of these, in lower case, holds none such: most hold few, and all patterns together take long. */
  readonly signs: readonly string[];
  /** With the flag `g`; the whole match is the placeholder. */
  readonly pattern: RegExp;
  readonly accepts?: (candidate: Found) => boolean;
}

export interface Found {
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
export const PATTERNS: readonly Pattern[] = [
  {
    form: 'angle',
    signs: ['<'],
    pattern: /(?<![<\\$&\d])<(\p{L}[\p{L}\p{M}\w .:/|,'’-]{0,60}[\p{L}\p{M}\w.]|[A-Za-z])>/gu,
    accepts: isAngle,
  },
  { form: 'word', signs: ['＜'], pattern: /＜[^＜＞\n]{1,60}＞/g },
  // What a template of a whole repository leaves to be filled in, and no expression of a workflow.
  {
    form: 'moustache',
    signs: ['${{'],
    pattern: /\$\{\{ ?(?:values|parameters|cookiecutter)\.[A-Za-z_][\w.-]{0,60} ?\}\}(?!\})/g,
  },
  {
    form: 'moustache',
    signs: ['{{'],
    pattern: /(?<![$\\{])\{\{ ?[A-Za-z_][\w-]{0,60}(?:\.[\w-]{1,60})? ?\}\}(?!\})/g,
    accepts: isMoustache,
  },
  {
    form: 'word',
    signs: ['@'],
    pattern:
      /(?<![\w.+-])(?!git@)[A-Za-z0-9][\w.+-]{0,60}@(?:[\w-]{1,60}\.){0,4}?(?:example\.(?:com|org|net)|(?:your|my)-?(?:domain|company|org)\.[a-z]{2,6})(?![\w-])/g,
  },
  {
    form: 'word',
    signs: ['example.'],
    pattern: /(?<![\w-])(?:[\w-]{1,60}\.){0,4}?example\.(?:com|org|net)(?![\w-])/g,
  },
  { form: 'word', signs: ['.example'], pattern: /(?<=:\/\/|@)[\w.-]{1,80}\.example(?![\w.-])/g },
  {
    form: 'word',
    signs: ['192.0.2.', '198.51.100.', '203.0.113.', '1.2.3.4', 'x.x'],
    pattern:
      /(?<![\w.])(?:192\.0\.2\.\d{1,3}|198\.51\.100\.\d{1,3}|203\.0\.113\.\d{1,3}|1\.2\.3\.4|[xX]{1,3}(?:\.[xX]{1,3}){3})(?![\w.])/g,
  },
  {
    form: 'word',
    signs: ['your', 'my'],
    pattern: /(?<![\w$]|[\w-]-)(?:YOUR|MY)[_-][A-Z0-9]+(?:[_-][A-Z0-9]+)*(?![\w])/g,
    accepts: isPlain,
  },
  {
    form: 'word',
    signs: ['your'],
    pattern: new RegExp(`(?<![\\w$]|[\\w-]-)your[-_][a-z0-9]+(?:[-_][a-z0-9]+)*(?:\\.${TOP_LEVEL}\\b)?(?![\\w-])`, 'g'),
    accepts: isPlain,
  },
  {
    form: 'word',
    signs: ['your'],
    pattern: new RegExp(
      `(?<![\\w$]|[\\w-]-)your(?:domain|name|username|password|token|app|host|server|site|company|org|project|key|secret|email|repo|bucket)(?:\\.${TOP_LEVEL}\\b)?(?![\\w-])`,
      'gi',
    ),
    accepts: isPlain,
  },
  {
    form: 'word',
    signs: ['change', 'replace', 'insert', 'paste', 'enter', 'here'],
    pattern:
      /(?<![\w$]|[\w-]-)(?:CHANGE[_-]?ME|REPLACE[_-]?(?:ME|THIS|WITH[_-][A-Z0-9_-]{1,40})|(?:INSERT|PASTE|ENTER)[_-][A-Z0-9_-]{1,40}|[A-Z0-9_-]{1,40}[_-]HERE)(?![\w-])/gi,
    accepts: isPlain,
  },
  {
    form: 'word',
    signs: ['xxx'],
    pattern: /(?<![\w$])(?:[A-Za-z0-9]{1,12}[-_]){0,3}[xX]{3,}(?:[-_][A-Za-z0-9]{1,12}){0,3}(?![\w.])/g,
    accepts: isCrossed,
  },
  // What a comment beside it or above it asks to be replaced.
  {
    form: 'value',
    signs: ['#'],
    pattern: new RegExp(
      `(?<=^[ \\t]*(?:export )?[A-Za-z_]\\w{0,60}=["']?)${VALUE}(?=["']?[ \\t]{0,20}#[^\\n]{0,60}\\b${REPLACE})`,
      'gim',
    ),
  },
  {
    form: 'value',
    signs: ['#'],
    pattern: new RegExp(
      `(?<=^[ \\t]*#[^\\n]{0,80}\\b${REPLACE}[^\\n]{0,80}\\n(?:export )?[A-Za-z_]\\w{0,60}=["']?)${VALUE}(?=["']?$)`,
      'gim',
    ),
  },
  { form: 'word', signs: ['path/to'], pattern: /(?<![\w.-])(?:\.?\/|~\/)?path\/to(?:\/[\w.-]{1,40}){1,6}/g },
  {
    form: 'word',
    signs: ['yyyy'],
    pattern: /(?<![A-Za-z%+])YYYY-?MM-?DD(?:[_T-]?HH[:-]?MM(?:[:-]?SS)?)?(?![A-Za-z])/g,
  },
  {
    form: 'word',
    signs: ['x.y', 'x.x'],
    pattern: /(?<![\w.])v?(?:X\.Y(?:\.Z)?|x\.y(?:\.z)?|[xX]\.[xX]\.[xX])(?![\w.])/g,
  },
  // The beginning of a value whose rest is left out: `ghp_...`.
  { form: 'word', signs: ['...', '…'], pattern: /(?<![\w./-])[A-Za-z][\w-]{0,40}[_-](?:\.\.\.|…)(?=[\s"']|$)/g },
  { form: 'brace', signs: ['{'], pattern: /(?<![$%@{\\#])\{(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]{3,40})\}(?!\})/g },
  // An address that is left out: `postgres://...`, `https://…/hooks`.
  {
    form: 'word',
    signs: ['://'],
    pattern: /(?<![\w.])[a-z][a-z+]{1,20}:\/\/(?:\.\.\.|…)(?:\/[\w./-]{1,80})?(?=[\s"']|$)/g,
  },
  { form: 'word', signs: ['...', '…'], pattern: /(?<=[\s="':]|^)(?:\.\.\.|…)(?=[\s"']|$)/g },
  {
    form: 'square',
    signs: ['['],
    pattern: /(?<=[\s=/:@,]|^)\[[A-Za-z][\w-]{1,60}(?: [\w-]{2,60}){0,4}\](?=[\s/:@.,;]|$)/g,
    accepts: isSquare,
  },
];

const HTML = new Set(
  `a abbr article aside b body br button code div em footer form h1 h2 h3 h4 h5 h6 head header hr html i img input label li link main
  meta nav ol option p pre script section select small span strong style svg table tbody td th thead title tr u ul`.split(
    /\s+/,
  ),
);
const TEMPLATE_WORDS = new Set(['end', 'else', 'json', 'nil', 'break', 'continue']);

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
