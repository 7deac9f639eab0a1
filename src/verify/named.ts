import type { JsonObject, JsonSchema } from '#ir/json.js';
import type { Verifier } from '#ir/plan.js';

function onOutput(id: string, description: string, config: JsonObject): Verifier {
  return { id, kind: 'json_schema', description, required: true, config };
}

/** Verifiers that a tool is registered with by name, so that they apply wherever it is used. */
const NAMED: Readonly<Record<string, (outputSchema: JsonSchema | undefined) => Verifier | undefined>> = {
  check_http_200: () =>
    onOutput('check_http_200', 'The server answered 200.', {
      schema: { type: 'object', required: ['status'], properties: { status: { const: 200 } } },
    }),
  validate_json_schema: (schema) =>
    schema === undefined
      ? undefined
      : onOutput('validate_json_schema', "The output fits the tool's schema.", { schema }),
};

/** Whether a tool may name this verifier. */
export function knownNamedVerifier(name: string): boolean {
  return Object.hasOwn(NAMED, name);
}

/** The verifier that a name stands for; undefined for an unknown name, and for `validate_json_schema` on a tool without an output schema. */
export function namedVerifier(name: string, outputSchema?: JsonSchema): Verifier | undefined {
  return knownNamedVerifier(name) ? NAMED[name]?.(outputSchema) : undefined;
}
