import type { JsonObject, JsonValue } from './json.js';
import type { Plan } from './plan.js';

export type ExpectedOutput =
  | { readonly form: 'expression'; readonly name: string; readonly value: JsonValue }
  | {
      readonly form: 'schema';
      readonly name: string;
      readonly schema: JsonObject;
      /** Ids of the steps that have an output of that name. */
      readonly steps: readonly string[];
    };

/**
 * What the plan's `expectedOutputs` ask for: whatever holds an expression is one, any other object a JSON Schema. Anything
 * else asks for nothing: it is a note for people.
 */
export function expectedOutputsOf(plan: Pick<Plan, 'expectedOutputs' | 'steps'>): ExpectedOutput[] {
  return Object.entries(plan.expectedOutputs).flatMap(([name, value]): ExpectedOutput[] => {
    if (JSON.stringify(value).includes('{{')) return [{ form: 'expression', name, value }];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    const having = plan.steps.filter(({ outputs }) => outputs !== undefined && Object.hasOwn(outputs, name));
    return [{ form: 'schema', name, schema: value, steps: having.map(({ id }) => id) }];
  });
}
