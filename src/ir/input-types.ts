import { Environment, type ObjectSchema } from '@marcbachmann/cel-js';
import { extend } from './cel-evaluate.js';
import { VARIABLES } from './cel-language.js';
import type { JsonObject, JsonSchema, JsonValue } from './json.js';
import type { Plan } from './plan.js';

type InputFacts = Pick<Plan, 'inputs' | 'inputSchema'>;

/**
 * The names that inputs may have: the properties of `inputSchema` and the keys of `inputs`. Undefined when the schema
 * says `additionalProperties` other than false, or describes its properties in a way that has no list of names.
 */
export function inputNames({ inputs, inputSchema }: InputFacts): string[] | undefined {
  const given = Object.keys(inputs);
  if (inputSchema === undefined) return given;
  if (inputSchema === true) return undefined;
  if (inputSchema === false) return given;
  const additional = inputSchema['additionalProperties'];
  const open = additional !== undefined && additional !== false;
  const composed = ['$ref', 'allOf', 'anyOf', 'oneOf', 'patternProperties', 'if'].some((key) => key in inputSchema);
  if (open || composed) return undefined;
  return [...new Set([...Object.keys(propertiesOf(inputSchema)), ...given])];
}

/** A checker that knows the types of the inputs, as far as the schema tells; everything else is dynamic. */
export function typeChecker(plan: InputFacts): Environment {
  const names = inputNames(plan);
  try {
    return withInputs(names === undefined ? undefined : fields(plan.inputSchema, names));
  } catch {
    // A name that CEL cannot have as a field: then nothing is known of the inputs.
    return withInputs(undefined);
  }
}

function withInputs(schema: ObjectSchema | undefined): Environment {
  const environment = extend(new Environment({ homogeneousAggregateLiterals: false }));
  for (const name of VARIABLES) {
    if (name === 'inputs' && schema !== undefined) environment.registerVariable({ name, schema });
    else environment.registerVariable(name, 'dyn');
  }
  return environment;
}

function fields(schema: JsonSchema | undefined, names: readonly string[]): ObjectSchema {
  const properties = typeof schema === 'object' ? propertiesOf(schema) : {};
  return Object.fromEntries(
    names.map((name) => [name, Object.hasOwn(properties, name) ? celType(properties[name]) : 'dyn']),
  );
}

/** The CEL type of a JSON Schema; `dyn` where it does not say one thing. A `number` is an int or a double by its value. */
function celType(schema: JsonValue | undefined): string | ObjectSchema {
  if (!isObject(schema)) return 'dyn';
  switch (schema['type']) {
    case 'string':
      return 'string';
    case 'integer':
      return 'int';
    case 'boolean':
      return 'bool';
    case 'array': {
      const element = celType(schema['items']);
      return typeof element === 'string' ? `list<${element}>` : 'list<dyn>';
    }
    case 'object':
      return schema['additionalProperties'] === false && schema['properties'] !== undefined
        ? fields(schema, Object.keys(propertiesOf(schema)))
        : 'map<string, dyn>';
    default:
      return 'dyn';
  }
}

function propertiesOf(schema: JsonObject): JsonObject {
  const properties = schema['properties'];
  return isObject(properties) ? properties : {};
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
