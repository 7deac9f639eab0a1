import { z } from 'zod';
import type { JsonObject, JsonValue } from './json.js';

/** One thing that a form asks for. */
export const questionFieldSchema = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  kind: z.enum(['text', 'number', 'integer', 'boolean', 'choice', 'choices']),
  required: z.boolean(),
  /** Of text: `email`, `uri`, `date` or `date-time`. */
  format: z.string().nullable(),
  /** Of `choice` and `choices`. */
  options: z.array(z.object({ value: z.string(), title: z.string() })),
  /** Of text its length, of numbers their value, of `choices` how many. */
  least: z.number().nullable(),
  most: z.number().nullable(),
  preset: z.json(),
});
export type QuestionField = z.infer<typeof questionFieldSchema>;

/** What somebody outside, whom nobody has to believe, asks a person in the middle of a step. */
export const questionSchema = z.object({
  message: z.string(),
  fields: z.array(questionFieldSchema),
  /** A page that a person is to visit, in place of a form. Nothing opens it by itself. */
  url: z.string().nullable(),
  /** What whoever answers should know of it. */
  warning: z.string().nullable(),
});
export type Question = z.infer<typeof questionSchema>;

/** A question that waits for its answer. */
export const openQuestionSchema = questionSchema.extend({
  /** Who asks, and is answered: STEP or STEP#ITEM. */
  step: z.string(),
  /** Of what this one attempt asks; an answer names it, so that it answers nothing that is asked later. */
  digest: z.string(),
});
export type QuestionOfStep = z.infer<typeof openQuestionSchema>;

/** `decline`: the person does not want to. `cancel`: the person says neither yes nor no. */
export const ANSWER_ACTIONS = ['accept', 'decline', 'cancel'] as const;
export interface Answer {
  readonly action: (typeof ANSWER_ACTIONS)[number];
  /** What was filled in; of `accept` alone. */
  readonly content?: JsonObject;
}

/** How often one step may ask: whoever asks without end is given up. */
export const MOST_QUESTIONS = 5;
const MOST_FIELDS = 20;
const MOST_OPTIONS = 50;
const MOST_MESSAGE = 2000;
const MOST_WORDS = 500;
const MOST_URL = 2000;
const MOST_ANSWER = 4000;
const FIELD_NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,99}$/;
/** Words under which credentials are asked for. Descriptions are not looked at: they also say what not to give. */
const SECRET =
  /passw|passphrase|secret|token|credential|api[ _-]?key|private[ _-]?key|\bpin\b|\bcvv\b|card[ _-]?number/i;

/**
 * A question as its parameters say it (`elicitation/create` of MCP), cut and with what a terminal would obey made visible.
 *
 * @returns `refused`: why it cannot be put to anybody
 */
export function readQuestion(params: unknown): { readonly question: Question } | { readonly refused: string } {
  if (!isObject(params)) return { refused: 'it says nothing' };
  const message = plain(params['message'], MOST_MESSAGE);
  if (params['mode'] === 'url' || typeof params['url'] === 'string') return visit(message, params['url']);
  const fields = readFields(params['requestedSchema']);
  if (typeof fields === 'string') return { refused: fields };
  const named = [message, ...fields.flatMap(({ name, title }) => [name, title])];
  const warning = named.some((words) => SECRET.test(words))
    ? 'It seems to ask for a secret. What is answered here goes to the server, and is kept with the run in clear: give none.'
    : null;
  return { question: { message, fields, url: null, warning } };
}

function visit(message: string, given: unknown): { question: Question } | { refused: string } {
  const text = typeof given === 'string' && given.length <= MOST_URL ? given : '';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return { refused: 'it names no page of the web' };
  if (url.username !== '' || url.password !== '') return { refused: 'its address carries a password' };
  const warning = `It wants a page of ${url.host} to be visited. Nobody here has looked at that page.`;
  return { question: { message, fields: [], url: url.href, warning } };
}

/** The form, flat as MCP has it; a text: why it is none. */
function readFields(schema: unknown): QuestionField[] | string {
  if (!isObject(schema) || !isObject(schema['properties'])) return 'it has no form';
  const entries = Object.entries(schema['properties']);
  if (entries.length > MOST_FIELDS) return `its form has more than ${MOST_FIELDS} fields`;
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  const fields: QuestionField[] = [];
  for (const [name, property] of entries) {
    const field = FIELD_NAME.test(name) && isObject(property) ? readField(name, property) : undefined;
    if (!field) return `its form has a field that MCP does not know: ${plain(name, 100)}`;
    fields.push({ ...field, required: required.has(name) });
  }
  return fields;
}

function readField(name: string, property: JsonObject): QuestionField | undefined {
  const { type, items } = property;
  const single = optionsOf(property);
  const several = type === 'array' && isObject(items) ? optionsOf(items) : undefined;
  const kind =
    type === 'string'
      ? single
        ? 'choice'
        : 'text'
      : type === 'number' || type === 'integer' || type === 'boolean'
        ? type
        : several
          ? 'choices'
          : undefined;
  const options = single ?? several ?? [];
  if (kind === undefined || options.length > MOST_OPTIONS) return undefined;
  const [least, most] = BOUNDS[kind] ?? [];
  const format = property['format'];
  const field: QuestionField = {
    name,
    title: plain(property['title'], MOST_WORDS) || name,
    description: plain(property['description'], MOST_WORDS),
    kind,
    required: false,
    format: kind === 'text' && typeof format === 'string' && Object.hasOwn(FORMATS, format) ? format : null,
    options,
    least: numberOf(property[least ?? '']),
    most: numberOf(property[most ?? '']),
    preset: null,
  };
  const preset = property['default'] ?? null;
  return { ...field, preset: preset !== null && issueOf(field, preset) === undefined ? preset : null };
}

const BOUNDS: Partial<Record<QuestionField['kind'], readonly [string, string]>> = {
  text: ['minLength', 'maxLength'],
  number: ['minimum', 'maximum'],
  integer: ['minimum', 'maximum'],
  choices: ['minItems', 'maxItems'],
};

const FORMATS: Readonly<Record<string, RegExp>> = {
  email: /^[^\s@]+@[^\s@]+$/,
  uri: /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}\S*$/,
};

function optionsOf({ enum: values, enumNames, oneOf, anyOf }: JsonObject): QuestionField['options'] | undefined {
  const titled = oneOf ?? anyOf;
  if (Array.isArray(titled)) {
    const options = titled.map((one) => (isObject(one) ? option(one['const'], one['title']) : undefined));
    return options.every((one) => one !== undefined) ? options : undefined;
  }
  if (!Array.isArray(values)) return undefined;
  const names = Array.isArray(enumNames) ? enumNames : [];
  const options = values.map((value, place) => option(value, names[place]));
  return options.every((one) => one !== undefined) ? options : undefined;
}

function option(
  value: JsonValue | undefined,
  title: JsonValue | undefined,
): { value: string; title: string } | undefined {
  if (typeof value !== 'string' || value.length > MOST_WORDS) return undefined;
  return { value, title: plain(title, MOST_WORDS) || plain(value, MOST_WORDS) };
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const numberOf = (value: JsonValue | undefined): number | null => (typeof value === 'number' ? value : null);

const plain = (value: unknown, most: number): string =>
  typeof value === 'string' ? value.slice(0, most).replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '\uFFFD') : '';

/** Why an answer does not fit what was asked, as a sentence; undefined when it fits. */
export function answerFault(
  { fields }: Pick<Question, 'fields'>,
  { action, content = {} }: Answer,
): string | undefined {
  if (action !== 'accept') return Object.keys(content).length > 0 ? 'Only who accepts fills the form in.' : undefined;
  const stranger = Object.keys(content).find((name) => !fields.some((field) => field.name === name));
  if (stranger !== undefined)
    return `There is no field "${stranger}": ${fields.map(({ name }) => name).join(', ') || 'the form has none'}.`;
  for (const field of fields) {
    const value = content[field.name];
    const issue = value === undefined ? (field.required ? 'is missing' : undefined) : issueOf(field, value);
    if (issue !== undefined) return `"${field.name}" ${issue}.`;
  }
  return undefined;
}

function issueOf(field: QuestionField, value: JsonValue): string | undefined {
  const { kind, options } = field;
  const known = (one: JsonValue) => options.some((option) => option.value === one);
  if (kind === 'boolean') return typeof value === 'boolean' ? undefined : 'is true or false';
  if (kind === 'choice') return known(value) ? undefined : `is one of ${options.map((one) => one.value).join(', ')}`;
  if (kind === 'choices') {
    if (!Array.isArray(value) || !value.every(known))
      return `holds some of ${options.map((one) => one.value).join(', ')}`;
    return between(field, value.length, 'entries');
  }
  if (kind === 'text') return typeof value === 'string' ? textIssue(field, value) : 'is a text';
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'is a number';
  if (kind === 'integer' && !Number.isSafeInteger(value)) return 'is a whole number';
  return between(field, value, '');
}

function textIssue(field: QuestionField, value: string): string | undefined {
  if (value.length > MOST_ANSWER) return `has at most ${MOST_ANSWER} characters`;
  const { format } = field;
  if (format !== null && FORMATS[format]?.test(value) === false) return `is no ${format}`;
  return between(field, value.length, 'characters');
}

function between({ least, most }: QuestionField, value: number, of: string): string | undefined {
  if (least !== null && value < least) return `is at least ${least} ${of}`.trimEnd();
  return most !== null && value > most ? `is at most ${most} ${of}`.trimEnd() : undefined;
}

/** What somebody typed for a field, as a value of its kind; what fits none is left as text, which `answerFault` refuses. */
export function fieldValue({ kind }: Pick<QuestionField, 'kind'>, text: string): JsonValue {
  if (kind === 'boolean')
    return text === 'true' || text === 'yes' ? true : text === 'false' || text === 'no' ? false : text;
  if (kind === 'choices') return text === '' ? [] : text.split(',').map((part) => part.trim());
  const isNumber = (kind === 'number' || kind === 'integer') && text.trim() !== '' && Number.isFinite(Number(text));
  return isNumber ? Number(text) : text;
}
