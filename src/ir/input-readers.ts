import canonicalize from 'canonicalize';
import { parseExpression } from './cel-parse.js';
import { bareExpression } from './expressions.js';
import type { JsonObject, JsonValue } from './json.js';
import type { Plan } from './plan.js';
import { planSites, type Site } from './sites.js';
import { hasTemplate, parseTemplate } from './template.js';

const ANY_TEXT = { args: () => [], config: () => [] };
/** What the whole run rests on: with another target or folder, nothing that was done before was done there. */
const GROUND = new Set<string | number | undefined>(['target', 'workspace']);

/** The names of inputs whose values differ. */
export function changedInputs(before: JsonObject, now: JsonObject): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return names.filter((name) => textOf(before, name) !== textOf(now, name));
}

const textOf = (values: JsonObject, name: string): string | undefined =>
  Object.hasOwn(values, name) ? canonicalize(values[name] ?? null) : undefined;

/**
 * Ids of the steps whose own expressions read one of these inputs, in the order of the plan; every step when the plan's target or
 * workspace does. A step that reads `inputs` as a whole reads each of them.
 */
export function stepsReading(plan: Plan, names: readonly string[]): string[] {
  const wanted = new Set(names);
  const readers = new Set<string | undefined>();
  for (const site of planSites(plan, ANY_TEXT)) {
    if (site.step === undefined && !GROUND.has(site.path[0])) continue;
    if (!readers.has(site.step) && readsOneOf(site, wanted)) readers.add(site.step);
  }
  const ids = plan.steps.map(({ id }) => id);
  return readers.has(undefined) ? ids : ids.filter((id) => readers.has(id));
}

function readsOneOf({ value, form, path }: Site, wanted: ReadonlySet<string>): boolean {
  if (path.at(-1) === 'title') return false; // a name changes nothing that is done
  return expressionsOf(value, form).some((source) =>
    referencesOf(source).some(
      ([root, name]) => root === 'inputs' && (name === undefined ? wanted.size > 0 : wanted.has(name)),
    ),
  );
}

function expressionsOf(value: JsonValue, form: Site['form']): string[] {
  if (typeof value === 'string') {
    if (form === 'bare') return [bareExpression(value)];
    return hasTemplate(value) ? parseTemplate(value).flatMap((part) => (part.type === 'text' ? [] : part.source)) : [];
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap((member) => expressionsOf(member, form));
}

const referencesOf = (source: string): readonly (readonly string[])[] =>
  parseExpression(source).references.map(({ path }) => path);
