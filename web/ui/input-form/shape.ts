import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';

/** The schema that a form asks by: the plan's own, and for inputs that only have a value, what that value tells. */
export function inputShape({ inputs, inputSchema }: Pick<Plan, 'inputs' | 'inputSchema'>): JsonObject {
  const schema = isObject(inputSchema) ? inputSchema : {};
  const declared = isObject(schema['properties']) ? schema['properties'] : {};
  const others = Object.entries(inputs).filter(([name]) => !Object.hasOwn(declared, name));
  return {
    ...schema,
    properties: { ...declared, ...Object.fromEntries(others.map(([name, value]) => [name, shapeOf(value)])) },
  };
}

function shapeOf(value: JsonValue): JsonObject {
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? { type } : {};
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
