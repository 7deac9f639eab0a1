import { createRequire } from 'node:module';
import type { Ajv2020, ErrorObject } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';
import { inputNames } from '#ir/input-types.js';
import type { JsonObject, JsonSchema, JsonValue } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';
import { didYouMean } from '#ir/suggest.js';
import { OpsroomError } from '#kit/errors.js';
import { isPlainSchema } from './plain-schema.js';

/** The validator is loaded with the first schema that needs it. */
const require = createRequire(import.meta.url);

/**
 * A pattern of a plan runs on input of a stranger: RE2 has no backtracking. Ajv files patterns under their `toString()`:
 * without one of its own each would be taken for the first that was compiled.
 */
function linearRegExp(pattern: string): { test(text: string): boolean; toString(): string } {
  const compiled = RE2JS.compile(pattern);
  return { test: (text) => compiled.matcher(text).find(), toString: () => pattern };
}
linearRegExp.code = 're2js';

/**
 * A fresh validator each time: ajv keeps every schema by its `$id`, and two plans may use the same. Each would check what it compiles
 * by a schema of schemas of its own, which takes far longer than the rest: `schemaProblem` has done that.
 */
function validator(): Ajv2020 {
  const { Ajv2020: Validator } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  const addFormats = require('ajv-formats') as typeof import('ajv-formats').default;
  const ajv = new Validator({
    strict: false,
    validateSchema: false,
    allErrors: true,
    useDefaults: true,
    logger: false,
    code: { regExp: linearRegExp },
  });
  addFormats(ajv);
  return ajv;
}

let meta: Ajv2020 | undefined;

/** What is wrong with a schema, as one sentence; undefined when nothing is. */
export function schemaProblem(schema: JsonSchema): string | undefined {
  if (isPlainSchema(schema)) return undefined;
  try {
    meta ??= validator();
    if (!meta.validateSchema(schema)) return `it is not JSON Schema: ${sentence(meta.errors?.[0], 'schema')}`;
    validator().compile(schema);
    return undefined;
  } catch (error) {
    return `it is not JSON Schema: ${error instanceof Error ? error.message : String(error)}`;
  }
}

type InputFacts = Pick<Plan, 'inputs' | 'inputSchema'>;

/**
 * The inputs of a run: the plan's values, overridden by what is given, with the schema's defaults filled in.
 * Names that the plan does not know are refused unless its schema says `additionalProperties`.
 * @throws OpsroomError INPUT_INVALID that names the input
 */
export function resolveInputs(plan: InputFacts, given: JsonObject): JsonObject {
  const names = inputNames(plan);
  const unknown = names === undefined ? undefined : Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new OpsroomError('INPUT_INVALID', {
      what: `The plan has no input "${unknown}".`,
      mend: didYouMean(unknown, names ?? []),
    });
  }
  const values = structuredClone({ ...plan.inputs, ...given });
  if (plan.inputSchema === undefined) return values;
  const validate = validator().compile(plan.inputSchema);
  if (validate(values)) return values;
  // That a condition of the schema is not met says nothing that what it asks for does not say.
  const found = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
  const errors = found.slice(0, 5).map((error) => sentence(error, 'input'));
  const pairs = missingIn(found).map((name) => `--input ${name}=VALUE`);
  throw new OpsroomError('INPUT_INVALID', {
    what: `The inputs do not fit the plan: ${[...new Set(errors)].join('; ')}.`,
    ...(pairs.length === 0
      ? {}
      : { mend: `Give ${pairs.slice(0, 5).join(' ')}, or --input-file; over HTTP and MCP in \`inputs\`.` }),
  });
}

/** Inputs that are required and have neither a value nor a default. */
export function missingInputs({ inputs, inputSchema }: InputFacts): string[] {
  const required = typeof inputSchema === 'object' ? inputSchema['required'] : undefined;
  if (!Array.isArray(required)) return [];
  const names = required.filter((name) => typeof name === 'string');
  return names.filter(
    (name) => !Object.hasOwn(inputs, name) && propertySchema(inputSchema, name)?.['default'] === undefined,
  );
}

/** The same with these values: what one of them, such as a way that was chosen, requires besides is among it. */
export function missingWith({ inputs, inputSchema }: InputFacts, given: JsonObject): string[] {
  if (inputSchema === undefined) return [];
  const validate = validator().compile(inputSchema);
  validate(structuredClone({ ...inputs, ...given }));
  return missingIn(validate.errors ?? []);
}

/** Not what an input has to have within, nor what one of several possibilities would need. */
function missingIn(errors: readonly ErrorObject[]): string[] {
  const required = errors.filter(({ keyword, instancePath }) => keyword === 'required' && instancePath === '');
  const names = required.filter(({ schemaPath }) => !/\/(?:anyOf|oneOf)\//.test(schemaPath));
  return [...new Set(names.map(({ params }) => String((params as Record<string, unknown>)['missingProperty'])))];
}

/** The texts that the schema lists as all that an input may be; undefined where it lists none, or others than texts. */
export function allowedValues(inputSchema: JsonSchema | undefined, name: string): string[] | undefined {
  const listed = propertySchema(inputSchema, name)?.['enum'];
  if (!Array.isArray(listed) || listed.length === 0) return undefined;
  const texts = listed.filter((value) => typeof value === 'string');
  return texts.length === listed.length ? texts : undefined;
}

/**
 * `--input NAME=VALUE` as JSON by the type that the schema declares: numbers, booleans, null, lists and objects are
 * read as JSON, anything else stays text. Without a declared type the value stays text.
 * @throws OpsroomError INPUT_INVALID when the text is not of the declared type
 */
export function coerceCliInputs(
  inputSchema: JsonSchema | undefined,
  given: Readonly<Record<string, string>>,
): JsonObject {
  const entries = Object.entries(given).map(([name, text]): [string, JsonValue] => [
    name,
    coerce(name, text, propertySchema(inputSchema, name)?.['type']),
  ]);
  return Object.fromEntries(entries);
}

function coerce(name: string, text: string, type: JsonValue | undefined): JsonValue {
  const types = (Array.isArray(type) ? type : [type]).filter((name) => typeof name === 'string');
  if (types.length === 0 || types.includes('string')) return text;
  const value = parseJson(text);
  if (value !== undefined && types.some((wanted) => isOfType(value, wanted))) return value;
  throw new OpsroomError('INPUT_INVALID', {
    what: `The input "${name}" must be ${types.join(' or ')}, not "${text.slice(0, 100)}".`,
  });
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function isOfType(value: JsonValue, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

function propertySchema(schema: JsonSchema | undefined, name: string): JsonObject | undefined {
  const properties = typeof schema === 'object' ? schema['properties'] : undefined;
  if (
    typeof properties !== 'object' ||
    properties === null ||
    Array.isArray(properties) ||
    !Object.hasOwn(properties, name)
  )
    return undefined;
  const property = properties[name];
  return typeof property === 'object' && property !== null && !Array.isArray(property) ? property : undefined;
}

/** `"ref" must be string`, `"ref" is missing`. */
function sentence(error: ErrorObject | undefined, noun: string): string {
  if (error === undefined) return `the ${noun} does not fit`;
  const { missingProperty, additionalProperty, allowedValues } = error.params as Record<string, unknown>;
  const base = error.instancePath.slice(1).replaceAll('/', '.');
  const inside = (name: unknown) => `"${base === '' ? '' : `${base}.`}${String(name)}"`;
  if (missingProperty !== undefined) return `${inside(missingProperty)} is missing`;
  if (additionalProperty !== undefined) return `${inside(additionalProperty)} is not known`;
  const values = Array.isArray(allowedValues)
    ? `: ${allowedValues.map((value) => JSON.stringify(value)).join(', ')}`
    : '';
  return `${base === '' ? `the ${noun}` : `"${base}"`} ${error.message ?? 'does not fit'}${values}`;
}
