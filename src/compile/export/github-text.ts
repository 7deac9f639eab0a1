import type { JsonObject, JsonValue } from '#ir/json.js';
import { parseTemplate } from '#ir/template.js';

/** What of a plan has no counterpart in a workflow, in words. */
export class NotPortable extends Error {}

const NAME = /^(inputs|secrets)\.([A-Za-z_]\w{0,99})$/;
const COMPARED =
  /^inputs\.([A-Za-z_]\w{0,99})\s*(==|!=)\s*(?:"([^"\\{}]{0,200})"|'([^'\\{}]{0,200})'|(true|false|\d{1,15}))$/;

/**
 * A text as GitHub leaves it: `${{` in the words of a plan is no expression of the workflow. The only expressions in a workflow are
 * those that this folder writes itself.
 */
export function asText(text: string): string {
  return text.replaceAll('${{', "${{ '${{' }}");
}

/**
 * A value of the plan for `env:` or `with:`, where GitHub's expressions are data: `{{ inputs.ref }}` → `${{ inputs.ref }}`.
 * @throws NotPortable for an expression over anything but inputs and secrets
 */
export function asValue(value: JsonValue): string {
  if (typeof value !== 'string') return asText(JSON.stringify(value));
  return parseTemplate(value)
    .map((part) => (part.type === 'text' ? asText(part.text) : expression(part.source)))
    .join('');
}

function expression(source: string): string {
  const found = NAME.exec(source.trim());
  if (found === null) throw new NotPortable(`the expression {{ ${source.trim()} }}`);
  return `\${{ ${found[1]}.${found[2]} }}`;
}

/** The condition of a step. @throws NotPortable for anything but an input, alone or compared with a literal */
export function asCondition(written: string): string {
  const source = written
    .trim()
    .replace(/^\{\{([\s\S]*)\}\}$/, '$1')
    .trim();
  if (/^!?inputs\.[A-Za-z_]\w{0,99}$/.test(source)) return `\${{ ${source} }}`;
  const [, name, operator, double, single, bare] = COMPARED.exec(source) ?? [];
  if (name === undefined) throw new NotPortable(`the condition ${source}`);
  const literal = bare ?? `'${(double ?? single ?? '').replaceAll("'", "''")}'`;
  return `\${{ inputs.${name} ${operator ?? '=='} ${literal} }}`;
}

/**
 * Members that a writer does not carry over: each must be left out or be what it is without being said.
 * @throws NotPortable naming the first that is neither
 */
export function requireUsual(what: string, members: JsonObject, usual: JsonObject = {}): void {
  const other = Object.entries(members).find(([name, value]) => JSON.stringify(value) !== JSON.stringify(usual[name]));
  if (other !== undefined) throw new NotPortable(`${other[0]} of ${what}`);
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
