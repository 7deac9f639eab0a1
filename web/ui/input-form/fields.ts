import type { JsonObject, JsonSchema, JsonValue } from '#ir/json.js';

/** One input of a plan as a form asks for it. */
export interface InputField {
  readonly name: string;
  readonly label: string;
  /** What it is for, as the plan says. */
  readonly about: string | undefined;
  /** `json`: lists, objects, and what the schema leaves open. */
  readonly type: 'text' | 'number' | 'integer' | 'boolean' | 'choice' | 'json';
  readonly required: boolean;
  /** Of a choice. */
  readonly options: readonly string[];
}

/** What stands in the form, by the name of the input; text as it was typed. */
export type FormValues = Readonly<Record<string, string>>;

export interface ReadForm {
  /** Undefined when a field is wrong. */
  readonly inputs: JsonObject | undefined;
  /** What is wrong, by the name of the input. */
  readonly problems: Readonly<Record<string, string>>;
}

interface Declared {
  readonly inputs: JsonObject;
  readonly inputSchema?: JsonSchema | undefined;
}

/** The fields of a plan's inputs: those that its schema declares, then those that only have a value. */
export function inputFields({ inputs, inputSchema }: Declared): InputField[] {
  const schema = isObject(inputSchema) ? inputSchema : {};
  const declared = isObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const names = [...new Set([...Object.keys(declared), ...Object.keys(inputs)])];
  return names.map((name) => {
    const property = isObject(declared[name]) ? declared[name] : {};
    const options = optionsOf(property);
    return {
      name,
      label: textOf(property['title']) ?? name,
      about: textOf(property['description']),
      type: options.length > 0 ? 'choice' : typeOf(property, inputs[name]),
      required: required.includes(name) && property['default'] === undefined,
      options,
    };
  });
}

/** What the form begins with: the values given, else those of the plan, else the defaults of its schema. */
export function formValues(
  fields: readonly InputField[],
  { inputs, inputSchema }: Declared,
  given: JsonObject,
): FormValues {
  const schema = isObject(inputSchema) && isObject(inputSchema['properties']) ? inputSchema['properties'] : {};
  return Object.fromEntries(
    fields.map(({ name, type }) => {
      const property = schema[name];
      const value = given[name] ?? inputs[name] ?? (isObject(property) ? property['default'] : undefined);
      return [name, typed(value, type)];
    }),
  );
}

/** The inputs that the form gives. A field that is left empty gives none, unless it is text that had to be given. */
export function readForm(fields: readonly InputField[], values: FormValues): ReadForm {
  const problems: Record<string, string> = {};
  const inputs: JsonObject = {};
  for (const field of fields) {
    const read = readField(field, values[field.name] ?? '');
    if ('problem' in read) problems[field.name] = read.problem;
    else if (read.value !== undefined) inputs[field.name] = read.value;
  }
  return { inputs: Object.keys(problems).length === 0 ? inputs : undefined, problems };
}

function readField(
  { type, required, options }: InputField,
  text: string,
): { value: JsonValue | undefined } | { problem: string } {
  if (text === '' && type !== 'text') return required ? { problem: 'It has to be given.' } : { value: undefined };
  switch (type) {
    case 'text':
      return { value: text };
    case 'choice':
      return options.includes(text) ? { value: text } : { problem: `It is one of ${options.join(', ')}.` };
    case 'boolean':
      return { value: text === 'true' };
    case 'json':
      return readJson(text);
    default: {
      const value = Number(text);
      const fits = Number.isFinite(value) && (type === 'number' || Number.isInteger(value));
      return fits ? { value } : { problem: type === 'integer' ? 'It is a whole number.' : 'It is a number.' };
    }
  }
}

function readJson(text: string): { value: JsonValue } | { problem: string } {
  try {
    return { value: JSON.parse(text) as JsonValue };
  } catch (error) {
    return { problem: `It is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}.` };
  }
}

function typed(value: JsonValue | undefined, type: InputField['type']): string {
  if (value === undefined) return type === 'boolean' ? 'false' : '';
  return typeof value === 'string' && type !== 'json'
    ? value
    : JSON.stringify(value, undefined, type === 'json' ? 2 : 0);
}

function typeOf(property: JsonObject, value: JsonValue | undefined): InputField['type'] {
  const declared = property['type'];
  if (declared === 'string') return 'text';
  if (declared === 'number' || declared === 'integer' || declared === 'boolean') return declared;
  if (declared !== undefined) return 'json';
  if (typeof value === 'string' || value === undefined) return 'text';
  return typeof value === 'number' || typeof value === 'boolean' ? (typeof value as 'number' | 'boolean') : 'json';
}

/** Only texts are offered as a choice: of other values the type would be lost. */
function optionsOf(property: JsonObject): string[] {
  const values = property['enum'];
  if (!Array.isArray(values)) return [];
  const texts = values.filter((value) => typeof value === 'string');
  return texts.length === values.length ? texts : [];
}

const textOf = (value: JsonValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

function isObject(value: JsonValue | JsonSchema | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
