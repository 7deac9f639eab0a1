import { ExpressionProblem, parseExpression } from '#ir/cel-parse.js';
import type { JsonObject } from '#ir/json.js';
import { literal } from '../../literal.js';
import { readsAgain } from './read-again.js';

/** An expression that has no counterpart here, in words. */
export class Untold extends Error {}

/** What expressions of a workflow may read here. */
export interface Names {
  /** Declared inputs and their types. */
  readonly inputs: ReadonlyMap<string, string>;
  /** Steps of the workflow that run a program, with the id of the step that each became. */
  readonly programs: ReadonlyMap<string, string>;
}

const TOKEN =
  /\s*(?:('[^'\\]*'|"[^"\\]*")|(\d+(?:\.\d+)?)|(==|!=|>=|<=|>|<|\(|\)|\[|\]|,)|([A-Za-z_][\w-]*(?:\.[\w-]+)*))/y;
const WORDS: ReadonlyMap<string, string> = new Map([
  ['and', '&&'],
  ['or', '||'],
  ['not', '!'],
  ['in', 'in'],
  ['true', 'true'],
  ['True', 'true'],
  ['false', 'false'],
  ['False', 'false'],
]);
const OUTPUTS: ReadonlyMap<string, string> = new Map([
  ['exit_code', 'exitCode'],
  ['stdout', 'stdout'],
  ['stderr', 'stderr'],
]);

/** An expression of a workflow (a small part of Jinja's) as one of a plan. @throws Untold for filters and whatever else there is */
export function asCel(source: string, names: Names): string {
  const parts: string[] = [];
  let at = 0;
  const text = source.trimEnd();
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null) throw new Untold(`the expression {{ ${source.trim()} }}`);
    at = TOKEN.lastIndex;
    const [, string, number, sign, name] = found;
    if (string !== undefined) parts.push(JSON.stringify(string.slice(1, -1)));
    else parts.push(number ?? sign ?? WORDS.get(name ?? '') ?? path(name ?? '', names));
  }
  if (parts.length === 0) throw new Untold('an empty expression');
  const cel = parts.join(' ');
  try {
    parseExpression(cel);
    return cel;
  } catch (error) {
    if (error instanceof ExpressionProblem) throw new Untold(`the expression {{ ${source.trim()} }}`);
    throw error;
  }
}

function path(written: string, { inputs, programs }: Names): string {
  const [root = '', name = '', ...rest] = written.split('.');
  if (root === 'inputs' && rest.length === 0 && inputs.has(name)) return member('inputs', name);
  if (written === 'context.run_id') return 'run.id';
  const step = root === 'steps' ? programs.get(name) : undefined;
  const output = rest[0] === 'output' && rest.length === 2 ? OUTPUTS.get(rest[1] ?? '') : undefined;
  if (step !== undefined && output !== undefined) return `${member('steps', step)}.output.${output}`;
  throw new Untold(`{{ ${written} }}`);
}

const member = (of: string, name: string): string =>
  /^[A-Za-z_]\w*$/.test(name) ? `${of}.${name}` : `${of}[${JSON.stringify(name)}]`;

/** The condition of a step. A single input counts as it does there: what is empty or zero is false. @throws Untold */
export function asCondition(value: unknown, names: Names): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') throw new Untold('a condition that is no text');
  const [, inner] = /^\s*\{\{((?:(?!\}\}).)*)\}\}\s*$/s.exec(value) ?? [];
  if (inner === undefined && value.includes('{{')) throw new Untold(`the condition ${value.trim()}`);
  const cel = asCel(inner ?? value, names);
  const [, input] = /^inputs\.([\w-]+)$/.exec((inner ?? value).trim()) ?? [];
  const type = input === undefined ? undefined : names.inputs.get(input);
  if (type === 'string') return `${cel} != ""`;
  return type === 'number' ? `${cel} != 0` : cel;
}

/** A text with expressions in it, as a plan writes it. @throws Untold */
export function asTemplate(text: string, names: Names): string {
  return pieces(text)
    .map((piece) => ('text' in piece ? literal(piece.text) : `{{ ${asCel(piece.source, names)} }}`))
    .join('');
}

type Piece = { readonly text: string } | { readonly source: string };

/** Text and expressions in turn; what is not closed is text, as it is there. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(/\{\{((?:(?!\}\}).)+)\}\}/gs)) {
    found.push({ text: text.slice(at, match.index) }, { source: match[1] ?? '' });
    at = match.index + match[0].length;
  }
  return [...found, { text: text.slice(at) }];
}

/**
 * A script whose expressions are values in its environment: there they were pasted into it, here no value becomes a part of the script.
 * @throws Untold where the place of an expression is not plain: in what is substituted, in a here-document, in a comment, in what is
 *   given to another shell
 */
export function asScript(text: string, names: Names): { run: string; env: JsonObject } {
  const parts = pieces(text);
  if (parts.length === 1) return { run: text, env: {} };
  if (/<<|`|\$\(|\\\n|(?:^|\s)#/.test(text)) throw new Untold('an expression in such a script');
  const env: JsonObject = {};
  let quote = '';
  const run = parts
    .map((piece) => {
      if ('text' in piece) {
        quote = quoteAfter(piece.text, quote);
        return piece.text;
      }
      const variable = `OPSROOM_VALUE_${Object.keys(env).length + 1}`;
      env[variable] = `{{ ${asCel(piece.source, names)} }}`;
      const value = `\${${variable}}`;
      if (quote === '"') return value;
      return quote === "'" ? `'"${value}"'` : `"${value}"`;
    })
    .join('');
  if (readsAgain(run)) throw new Untold('an expression in a script that has its words read as a program once more');
  return { run, env };
}

/** Which quotation is open behind a text. */
function quoteAfter(text: string, before: string): string {
  let quote = before;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (quote === "'") quote = char === "'" ? '' : quote;
    else if (char === '\\') at += 1;
    else if (quote === '"') quote = char === '"' ? '' : quote;
    else if (char === "'" || char === '"') quote = char;
  }
  return quote;
}
