import { ExpressionProblem, parseExpression } from '#ir/cel-parse.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { hasTemplate, parseTemplate, type TemplatePart } from '#ir/template.js';

/** What the words of a skill stand for where it is used. */
export interface Binding {
  /** As the plan gives them; they may hold expressions of the plan. */
  readonly args: JsonObject;
  /** The id in the plan of a step of the skill. */
  stepId(own: string): string;
}

/** Of the plan's variables a skill sees these; what else it needs, it is given. */
const SEEN: ReadonlySet<string> = new Set(['args', 'steps', 'run', 'step', 'item', 'index', 'output', 'outputs']);

/** `args.name` or `steps["name"]` where an expression names it. */
const NAMED = /^(?:args|steps)\s*(?:\.\s*([A-Za-z_][A-Za-z0-9_]*)|\[\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*\])/;

/** A value of a skill in the plan's words. @throws ExpressionProblem */
export function bound(value: JsonValue, binding: Binding): JsonValue {
  if (typeof value === 'string') return hasTemplate(value) ? boundText(value, binding) : value;
  if (Array.isArray(value)) return value.map((element) => bound(element, binding));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, bound(member, binding)]));
}

/** A string that is nothing but one argument becomes that argument as it was written, so that what is literal stays literal. */
function boundText(text: string, binding: Binding): JsonValue {
  const parts = parseTemplate(text);
  const [only] = parts;
  const whole = parts.length === 1 && only ? argumentIn(only, binding) : undefined;
  return whole === undefined ? parts.map((part) => boundPart(part, binding)).join('') : whole;
}

/** The argument that a part is and nothing else; undefined for any other part. */
function argumentIn(part: TemplatePart, binding: Binding): JsonValue | undefined {
  const name = part.type === 'expression' ? /^\s*args\.([A-Za-z_]\w*)\s*$/.exec(part.source)?.[1] : undefined;
  return name === undefined ? undefined : argument(name, binding);
}

/** What is text for the plan, too, is written into the text and needs no expression. */
function boundPart(part: TemplatePart, binding: Binding): string {
  if (part.type === 'text') return part.text.replaceAll('{{', '{{{{');
  const given = argumentIn(part, binding);
  if (typeof given === 'string') return given;
  if (typeof given === 'number' || typeof given === 'boolean') return String(given);
  return `{{ ${boundExpression(part.source, binding).trim()} }}`;
}

function argument(name: string, { args }: Binding): JsonValue {
  return Object.hasOwn(args, name) ? (args[name] ?? null) : null;
}

/** An expression of a skill in the plan's words. @throws ExpressionProblem for what a skill may not see */
export function boundExpression(source: string, binding: Binding): string {
  const { references } = parseExpression(source);
  let result = source;
  for (const { path, at } of references.toSorted((a, b) => b.at - a.at)) {
    const [root = ''] = path;
    if (!SEEN.has(root)) throw new ExpressionProblem(`a skill does not see "${root}"`, at);
    if (root !== 'args' && root !== 'steps') continue;
    const [written = '', plain, double, single] = NAMED.exec(source.slice(at)) ?? [];
    const named = plain ?? double ?? single;
    if (named === undefined) throw new ExpressionProblem(`"${root}" needs a name that is written out`, at);
    const put =
      root === 'args' ? `(${celOf(argument(named, binding))})` : `steps[${JSON.stringify(binding.stepId(named))}]`;
    result = result.slice(0, at) + put + result.slice(at + written.length);
  }
  return result;
}

/** A value as an expression that gives it; strings with expressions in them are put together when it is evaluated. */
export function celOf(value: JsonValue): string {
  if (typeof value === 'string') return textOf(value);
  if (Array.isArray(value)) return `[${value.map(celOf).join(', ')}]`;
  if (value === null || typeof value !== 'object') return String(value);
  const members = Object.entries(value).map(([name, member]) => `${quoted(name)}: ${celOf(member)}`);
  return `{${members.join(', ')}}`;
}

function textOf(text: string): string {
  if (!hasTemplate(text)) return quoted(text);
  const parts = parseTemplate(text);
  const [only] = parts;
  if (only?.type === 'expression' && parts.length === 1) return `(${only.source})`;
  return parts.map((part) => (part.type === 'text' ? quoted(part.text) : `string(${part.source})`)).join(' + ');
}

/** JSON's escapes are CEL's but for those of lone surrogates, which no file holds. */
const quoted = (text: string): string => JSON.stringify(text);
