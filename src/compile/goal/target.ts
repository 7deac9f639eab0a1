import type { JsonObject, JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';

/**
 * Inputs that say where a plan works. Policies read them by these names, so they keep them, and all parts of a plan are given the
 * same: a part with a place of its own would run under the approval of another.
 */
const SHARED: ReadonlySet<string> = new Set(['environment', 'branch', 'ref', 'allow_address']);

/** What an input of a part is called in the plan: `p1_service`; those that say where the plan works keep their names. */
export function inputName(prefix: string, name: string): string {
  if (SHARED.has(name)) return name;
  const whole = `${prefix}_${name}`;
  if (SHARED.has(whole))
    throw new OpsroomError('PLAN_INVALID', { what: `A part called "${prefix}" cannot have the input "${name}"` });
  return whole;
}

/**
 * The one target of all parts, each with its inputs renamed. What only some parts name holds for the whole plan.
 * @throws OpsroomError PLAN_INVALID where two name what could differ
 */
export function oneTarget(targets: readonly JsonObject[]): JsonObject {
  return onlyOne(targets.flatMap(Object.entries), (name) => `Its parts have targets of their own (${name})`);
}

/**
 * The values that parts are given, under the names of the plan.
 * @throws OpsroomError PLAN_INVALID where two give the same input different values
 */
export function oneOfEach(inputs: readonly JsonObject[]): JsonObject {
  return onlyOne(inputs.flatMap(Object.entries), (name) => `Its parts are given more than one ${name}`);
}

/**
 * What an input must be that several parts have: what each of them asks of it. A default stays where all have the same.
 * @throws OpsroomError PLAN_INVALID where nothing could be all of it
 */
export function oneProperty(name: string, properties: readonly JsonObject[]): JsonObject {
  const [first = {}] = properties;
  const rules = properties.flatMap(({ description: _, default: __, ...rest }) => Object.entries(rest));
  const usual = first['default'];
  const kept = usual !== undefined && properties.every((one) => isSame(one['default'], usual));
  return {
    ...onlyOne(rules, (rule) => `Its parts do not agree what ${name} may be (${rule})`),
    ...(first['description'] === undefined ? {} : { description: first['description'] }),
    ...(kept ? { default: usual } : {}),
  };
}

function onlyOne(entries: readonly [string, JsonValue][], problem: (name: string) => string): JsonObject {
  const found = new Map<string, JsonValue>();
  for (const [name, value] of entries) {
    const before = found.get(name);
    if (before !== undefined && !isSame(before, value))
      throw new OpsroomError('PLAN_INVALID', { what: `${problem(name)}. Draft a plan for each` });
    found.set(name, value);
  }
  return Object.fromEntries(found);
}

const isSame = (one: JsonValue | undefined, other: JsonValue): boolean => JSON.stringify(one) === JSON.stringify(other);
