import type { JsonObject, JsonValue } from '#ir/json.js';

/** One input of a plan as a form shows it. */
export interface InputField {
  readonly name: string;
  readonly label: string;
  readonly note: string;
  readonly required: boolean;
  /** `json`: anything that the other kinds do not fit. */
  readonly kind: 'text' | 'long' | 'number' | 'integer' | 'boolean' | 'choice' | 'json';
  /** Of a choice. */
  readonly choices: readonly JsonValue[];
  readonly fallback: JsonValue | undefined;
}

/** What the reader has typed, by input; an empty text says nothing. */
export type Typed = Readonly<Record<string, string>>;

/** The fields that an `inputSchema` (JSON Schema of an object) asks for, those that must be given first. */
export function fieldsOf(schema: JsonValue | undefined): InputField[] {
  const { properties, required } = asObject(schema);
  const needed = new Set(Array.isArray(required) ? required : []);
  const fields = Object.entries(asObject(properties)).map(([name, shape]) =>
    fieldOf(name, asObject(shape), needed.has(name)),
  );
  return fields.toSorted((a, b) => Number(b.required) - Number(a.required));
}

function fieldOf(name: string, shape: JsonObject, required: boolean): InputField {
  const { title, description, enum: choices, type, default: fallback, maxLength } = shape;
  const kinds: Partial<Record<string, InputField['kind']>> = {
    string: typeof maxLength === 'number' && maxLength > 200 ? 'long' : 'text',
    number: 'number',
    integer: 'integer',
    boolean: 'boolean',
  };
  return {
    name,
    label: typeof title === 'string' ? title : name,
    note: typeof description === 'string' ? description : '',
    required,
    kind: Array.isArray(choices) ? 'choice' : ((typeof type === 'string' ? kinds[type] : undefined) ?? 'json'),
    choices: Array.isArray(choices) ? choices : [],
    fallback,
  };
}

/** Inputs as texts to begin with: those that were given, else what the plan falls back to. */
export function typedFrom(fields: readonly InputField[], inputs: JsonObject = {}): Typed {
  return Object.fromEntries(fields.map((field) => [field.name, textOf(field, inputs[field.name] ?? field.fallback)]));
}

function textOf({ kind }: InputField, value: JsonValue | undefined): string {
  if (value === undefined) return '';
  return kind === 'json' || typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/**
 * The inputs that were typed, and what is wrong with them by name. The room checks them again, against all of the schema.
 * What is empty is left out.
 */
export function inputsOf(fields: readonly InputField[], typed: Typed): { inputs: JsonObject; wrong: Typed } {
  const inputs: JsonObject = {};
  const wrong: Record<string, string> = {};
  for (const field of fields) {
    const text = typed[field.name] ?? '';
    if (text === '') {
      if (field.required) wrong[field.name] = 'It has to be given.';
      continue;
    }
    const read = valueOf(field, text);
    if ('wrong' in read) wrong[field.name] = read.wrong;
    else inputs[field.name] = read.value;
  }
  return { inputs, wrong };
}

function valueOf({ kind, choices }: InputField, text: string): { value: JsonValue } | { wrong: string } {
  if (kind === 'text' || kind === 'long') return { value: text };
  if (kind === 'boolean') return { value: text === 'true' };
  if (kind === 'choice') {
    const value = choices.find(
      (choice) => (typeof choice === 'object' ? JSON.stringify(choice) : String(choice)) === text,
    );
    return value === undefined ? { wrong: 'It is none of the choices.' } : { value };
  }
  if (kind === 'json') {
    try {
      return { value: JSON.parse(text) as JsonValue };
    } catch {
      return { wrong: 'It is not JSON: a text stands in "quotes".' };
    }
  }
  const value = Number(text);
  if (!Number.isFinite(value)) return { wrong: 'It is not a number.' };
  return kind === 'integer' && !Number.isInteger(value) ? { wrong: 'It is not a whole number.' } : { value };
}

function asObject(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
