import type { JsonObject, JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { inputName, oneOfEach, oneProperty, oneTarget } from './target.js';

/** A template, or a single step, as a plan is put together of it. */
export interface Part {
  /** Its steps and inputs (see `inputName`) are named after it: letters, digits and `_`, beginning with a letter. */
  readonly prefix: string;
  /** The plan as its file has it, parsed. */
  readonly plan: JsonObject;
  /** Values of its inputs; the others are asked for when the plan runs. */
  readonly inputs: JsonObject;
  /** Prefixes of the parts that must have ended before. */
  readonly after: readonly string[];
  /** Whether it is a template of the room, or a step that somebody made up. */
  readonly isTemplate: boolean;
}

/** Words of the plan language that stand for what is renamed. */
const REFERENCE = /\b(inputs|steps)\.([A-Za-z_]\w*)|\bsteps\["([^"]+)"\]/g;

/**
 * One plan of several templates: each keeps its steps, checks and rollbacks, under names of its own. All of them work on one target.
 * @throws OpsroomError PLAN_INVALID for a template that is no plan, and for parts whose targets could differ
 */
export function composePlan(title: string, parts: readonly Part[]): JsonObject {
  const steps = parts.flatMap((part) => stepsOf(part, parts));
  const targets = parts.map(({ plan, prefix }) => objectOf(renamed(objectOf(plan['target']), prefix)));
  return {
    apiVersion: 'opsroom/v1',
    kind: parts.length === 1 ? textOr(parts[0]?.plan['kind'], 'ops') : 'ops',
    title: title.replaceAll('{{', '{ {').slice(0, 300),
    inputSchema: schemaOf(parts),
    inputs: oneOfEach(parts.map(({ prefix, inputs }) => prefixedKeys(inputs, prefix))),
    target: oneTarget(targets),
    workspace: { kind: 'temp' },
    ...(parts.length === 1 ? keptOf(parts[0]) : {}),
    steps,
  };
}

/** What a template says of its whole run holds where nothing else is in it. */
const KEPT = [
  'workspace',
  'lane',
  'priority',
  'concurrencyKey',
  'timeoutMs',
  'retry',
  'onFailure',
  'onCancel',
  'expectedOutputs',
];

function keptOf(part: Part | undefined): JsonObject {
  if (part === undefined) return {};
  const kept = KEPT.flatMap((name): [string, JsonValue][] => {
    const value = part.plan[name];
    return value === undefined ? [] : [[name, renamed(value, part.prefix)]];
  });
  return Object.fromEntries(kept);
}

function stepsOf({ prefix, plan, after }: Part, parts: readonly Part[]): JsonObject[] {
  const steps = plan['steps'];
  if (!Array.isArray(steps))
    throw new OpsroomError('PLAN_INVALID', { what: 'A template has no steps.', where: prefix });
  const ends = after.flatMap((name) => lastSteps(parts.find((part) => part.prefix === name)));
  const sequence = isSequence(plan);
  return steps.map(objectOf).map((step, at, all): JsonObject => {
    const own = Array.isArray(step['dependsOn']) ? step['dependsOn'].map((id) => `${prefix}_${textOr(id, '')}`) : [];
    const whole = renamed(step, prefix) as JsonObject;
    const before = sequence ? all[at - 1] : undefined;
    const dependsOn = before ? [`${prefix}_${textOr(before['id'], '')}`] : own;
    return { ...whole, id: `${prefix}_${textOr(step['id'], '')}`, dependsOn: dependsOn.length > 0 ? dependsOn : ends };
  });
}

/** As `normalisePlan` has it: without `apiVersion` and `dependsOn`, each step waits for the one before. */
function isSequence(plan: JsonObject): boolean {
  const steps = Array.isArray(plan['steps']) ? plan['steps'].map(objectOf) : [];
  return plan['apiVersion'] === undefined && steps.every(({ dependsOn }) => dependsOn === undefined);
}

/** Those that no other step of the part waits for. */
function lastSteps(part: Part | undefined): string[] {
  const list = part?.plan['steps'];
  const steps = Array.isArray(list) ? list.map(objectOf) : [];
  const awaited = new Set(steps.flatMap(({ dependsOn }) => (Array.isArray(dependsOn) ? dependsOn : [])));
  const ends = part && isSequence(part.plan) ? steps.slice(-1) : steps.filter(({ id }) => !awaited.has(id ?? null));
  return ends.map(({ id }) => `${part?.prefix}_${textOr(id, '')}`);
}

function schemaOf(parts: readonly Part[]): JsonObject {
  const properties = new Map<string, JsonObject[]>();
  const needed = new Set<string>();
  for (const { plan, prefix } of parts) {
    const schema = objectOf(plan['inputSchema']);
    for (const [name, property] of Object.entries(prefixedKeys(objectOf(schema['properties']), prefix)))
      properties.set(name, [...(properties.get(name) ?? []), objectOf(property)]);
    const names = schema['required'];
    if (Array.isArray(names)) for (const name of names) needed.add(inputName(prefix, textOr(name, '')));
  }
  const whole = [...properties].map(([name, all]) => [name, oneProperty(name, all), all] as const);
  // Where the parts' defaults differ, none of them may stand in for what nobody has said.
  for (const [name, one, all] of whole)
    if (one['default'] === undefined && all.some((property) => property['default'] !== undefined)) needed.add(name);
  return {
    type: 'object',
    required: [...needed],
    additionalProperties: false,
    properties: Object.fromEntries(whole.map(([name, property]) => [name, property])),
  };
}

/** Every expression of a value with the names of the part's own inputs and steps; text outside of expressions stays. */
function renamed(value: JsonValue, prefix: string, key = ''): JsonValue {
  if (typeof value === 'string') {
    if (key === 'if' || key === 'forEach' || key === 'items') return renameIn(value, prefix);
    return key === 'run' || key === 'query'
      ? value
      : value.replaceAll(/\{\{.*?\}\}/gs, (part) => renameIn(part, prefix));
  }
  if (Array.isArray(value)) return value.map((element) => renamed(element, prefix, key));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, renamed(member, prefix, name)]));
}

const renameIn = (source: string, prefix: string): string =>
  source.replaceAll(REFERENCE, (_, root: string | undefined, name: string | undefined, quoted: string | undefined) =>
    root === undefined
      ? `steps["${prefix}_${quoted}"]`
      : `${root}.${root === 'inputs' ? inputName(prefix, name ?? '') : `${prefix}_${name}`}`,
  );

const prefixedKeys = (object: JsonObject, prefix: string): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [inputName(prefix, name), value]));

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

const textOr = (value: JsonValue | undefined, usual: string): string => (typeof value === 'string' ? value : usual);
