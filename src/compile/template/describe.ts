import type { JsonObject, JsonSchema, JsonValue } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';

/** One input of a plan, as a form asks for it. */
export interface InputFact {
  readonly name: string;
  /** As JSON Schema names it; several are joined by ` or `, none is `any`. */
  readonly type: string;
  readonly required: boolean;
  /** Null: it has none. */
  readonly default: JsonValue;
  readonly description: string;
  /** What it must be one of; empty: anything of its type. */
  readonly choices: readonly JsonValue[];
}

/** The inputs that a plan declares, in its own order. */
export function describeInputs(inputSchema: JsonSchema | undefined): InputFact[] {
  const schema = objectOf(inputSchema);
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.entries(objectOf(schema['properties'])).map(([name, property]) => {
    const { type, default: usual, description, enum: choices } = objectOf(property);
    return {
      name,
      type: typeText(type),
      required: required.includes(name) && usual === undefined,
      default: usual ?? null,
      description: typeof description === 'string' ? description : '',
      choices: Array.isArray(choices) ? choices : [],
    };
  });
}

/** What the steps of a plan ask for by name before they run: `command:psql`, `secret:TOKEN`, `docker_running`. */
export function neededNames({ steps }: Pick<Plan, 'steps'>): string[] {
  const names = steps.flatMap(({ preconditions }) => preconditions.filter((one) => typeof one === 'string'));
  return [...new Set(names)].filter((name) => !name.includes('{{'));
}

function typeText(type: JsonValue | undefined): string {
  const types = (Array.isArray(type) ? type : [type]).filter((one) => typeof one === 'string');
  return types.length === 0 ? 'any' : types.join(' or ');
}

function objectOf(value: JsonSchema | JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
