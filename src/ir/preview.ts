import { parseExpression } from './cel-parse.js';
import { bareExpression, evaluate, type Scope } from './expressions.js';
import type { JsonValue } from './json.js';
import { hasTemplate, parseTemplate, type TemplatePart } from './template.js';

/** What stands where a value is not known before the run. */
export const unknownMark = (source: string): string => `‹known when it runs: ${source.trim()}›`;

/** How a mark stands in a text; whoever must tell it from other text sets it apart. */
export type MarkStyle = (mark: string) => string;
const PLAIN: MarkStyle = (mark) => mark;

/**
 * The value as `render` would make it, as far as it is known: an expression that reads a variable the scope lacks is
 * shown by a mark. Never throws: an expression that fails is shown with its failure.
 */
export function preview(value: JsonValue, scope: Scope, style: MarkStyle = PLAIN): JsonValue {
  if (typeof value === 'string') return hasTemplate(value) ? previewText(value, scope, style) : value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((element) => preview(element, scope, style));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, preview(member, scope, style)]));
}

/** The value of `if` or of a forEach's items; undefined when it is not known before the run. */
export function previewExpression(text: string, scope: Scope): JsonValue | undefined {
  const source = bareExpression(text);
  return isKnown(source, scope) ? evaluate(source, scope) : undefined;
}

/** Whether every variable that the value reads is in the scope. */
export function knownBefore(value: JsonValue, scope: Scope): boolean {
  if (typeof value === 'string')
    return (
      !hasTemplate(value) || parseTemplate(value).every((part) => part.type === 'text' || isKnown(part.source, scope))
    );
  if (value === null || typeof value !== 'object') return true;
  return Object.values(value).every((member) => knownBefore(member, scope));
}

function isKnown(source: string, scope: Scope): boolean {
  return parseExpression(source).references.every(({ path }) => Object.hasOwn(scope, path[0] ?? ''));
}

function previewText(text: string, scope: Scope, style: MarkStyle): JsonValue {
  const parts = parseTemplate(text);
  const [only] = parts;
  if (only?.type === 'expression' && parts.length === 1) return previewPart(only, scope, style);
  return parts
    .map((part) => previewPart(part, scope, style))
    .map((part) => (typeof part === 'string' ? part : JSON.stringify(part)))
    .join('');
}

function previewPart(part: TemplatePart, scope: Scope, style: MarkStyle): JsonValue {
  if (part.type === 'text') return part.text;
  if (!isKnown(part.source, scope)) return style(unknownMark(part.source));
  try {
    return evaluate(part.source, scope);
  } catch (error) {
    return style(`‹fails: ${error instanceof Error ? error.message : String(error)}›`);
  }
}
