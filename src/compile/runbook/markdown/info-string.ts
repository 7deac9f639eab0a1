import type { Attributes } from './document.js';

export interface InfoString {
  readonly language: string;
  readonly attributes: Attributes;
  /** `[npm]` of VitePress: the name of a tab. */
  readonly label: string | undefined;
}

/** Words that are ours alone in braces: ```` ```{verify} ```` names no language. */
const MARKS: ReadonlySet<string> = new Set([
  'background',
  'choice',
  'interactive',
  'manual',
  'precondition',
  'rollback',
  'run',
  'skip',
  'verify',
]);
/** Directives of MyST and Sphinx whose argument is the language. */
const DIRECTIVES: ReadonlySet<string> = new Set(['code', 'code-block', 'code-cell', 'sourcecode']);
const LANGUAGE = /^\s*(\{\s*)?\.?([^\s{}[\](),:;="']+)(\s*\})?/;
/** key="quoted" · key='quoted' · key={expression} · key=word · word; sticky, so that a string is read once. */
const PART =
  /([^\s{}[\](),="']+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|\{([^{}]*)\}|([^\s{},"']+)))?|\[([^[\]]*)\]|[\s\S]/y;

/** Most headings and blocks have none. */
const NO_ATTRIBUTES: Attributes = new Map();

/** The info string of a fence: language, attributes, and the label of a tab. Reads anything; what makes no sense is left out. */
export function readInfoString(info: string): InfoString {
  const [start = '', brace, word = '', closed] = LANGUAGE.exec(info) ?? [];
  const isKey = closed === undefined && info.charAt(start.length) === '=';
  if (word === '' || isKey || (brace !== undefined && MARKS.has(word))) return { language: '', ...readParts(info) };
  const rest = info.slice(info.indexOf(word) + word.length);
  if (brace === undefined || closed === undefined || !DIRECTIVES.has(word)) {
    return { language: word.toLowerCase(), ...readParts(rest) };
  }
  return readInfoString(rest.replace('}', ''));
}

/** The heading without the annotation at its end, `## Check it {verify}`, and what that says. Other braces are text. */
export function readHeadingAttributes(heading: string): { readonly text: string; readonly attributes: Attributes } {
  const json = heading.indexOf('{"');
  const start = json === -1 ? heading.lastIndexOf('{') : json;
  const before = heading.slice(0, Math.max(start, 0));
  const annotation = heading.slice(Math.max(start, 0)).trimEnd();
  if (start === -1 || !annotation.endsWith('}') || !/(?:^|\s)$/.test(before) || !isAnnotation(annotation)) {
    return { text: heading, attributes: NO_ATTRIBUTES };
  }
  return { text: before.trimEnd(), attributes: readParts(annotation).attributes };
}

function isAnnotation(braced: string): boolean {
  if (asJson(braced) !== undefined) return true;
  const words = braced.slice(1, -1).trim();
  return (
    words !== '' && (/^[#.]/.test(words) || MARKS.has(words.split(/[\s=,]/, 1)[0] ?? '') || /^[\w-]+=/.test(words))
  );
}

function readParts(text: string): { attributes: Attributes; label: string | undefined } {
  if (text === '') return { attributes: NO_ATTRIBUTES, label: undefined };
  const json = asJson(text);
  if (json !== undefined) return { attributes: json, label: undefined };
  const attributes = new Map<string, string>();
  let label: string | undefined;
  for (PART.lastIndex = 0; PART.lastIndex < text.length; ) {
    const [, key, ...values] = PART.exec(text) ?? [];
    const [double, single, braced, bare, bracketed] = values;
    if (bracketed !== undefined) label ??= bracketed.trim();
    const name = key?.replace(/^\./, '') ?? '';
    // Numbers alone are lines to highlight, `#id` is an anchor.
    if (!/[\p{L}_]/u.test(name) || name.startsWith('#')) continue;
    attributes.set(name, unescaped(double ?? single) ?? braced?.trim() ?? bare ?? 'true');
  }
  return { attributes, label };
}

function unescaped(quoted: string | undefined): string | undefined {
  return quoted?.replace(/\\(["'\\])/g, '$1');
}

function asJson(text: string): Map<string, string> | undefined {
  const trimmed = text.trim();
  if (!/^\{\s*["}]/.test(trimmed)) return undefined;
  try {
    const value: unknown = JSON.parse(trimmed.slice(0, trimmed.lastIndexOf('}') + 1));
    if (typeof value !== 'object' || value === null) return undefined;
    return new Map(
      Object.entries(value).map(([key, part]) => [key, typeof part === 'string' ? part : JSON.stringify(part)]),
    );
  } catch {
    return undefined;
  }
}
