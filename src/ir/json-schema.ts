import { createRequire } from 'node:module';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { RE2JS } from 're2js';
import { bounded } from '#kit/bounded.js';
import { OpsroomError } from '#kit/errors.js';
import type { JsonSchema, JsonValue } from './json.js';

const require = createRequire(import.meta.url);

/** Loaded with the first schema: it is eighty files, and a room starts without any. */
const validators = () => ({
  Ajv: (require('ajv') as typeof import('ajv')).Ajv,
  Ajv2020: (require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js')).Ajv2020,
  addFormats: require('ajv-formats') as typeof import('ajv-formats').default,
});

/**
 * JavaScript's own RegExp can be made to backtrack for hours by a pattern; RE2 runs in linear time. Ajv keeps patterns by
 * their `toString()`: without one of its own every pattern of a schema would be the first.
 */
function linearPattern(pattern: string): { test(text: string): boolean; toString(): string } {
  const compiled = RE2JS.compile(pattern);
  return { test: (text) => compiled.matcher(text).find(), toString: () => pattern };
}

const regExp = Object.assign(linearPattern, { code: 'linearPattern' });

/** Throws ARGUMENT_INVALID for what is no schema, refers to another document, or has a pattern that RE2 does not know. */
export function compileSchema(schema: JsonSchema): ValidateFunction {
  const isObject = typeof schema === 'object';
  const draft7 = isObject && typeof schema['$schema'] === 'string' && /draft-0[67]/.test(schema['$schema']);
  const options = {
    strict: false,
    allErrors: false,
    logger: false as const,
    addUsedSchema: false,
    code: { regExp: regExp as never },
  };
  const { Ajv, Ajv2020, addFormats } = validators();
  const ajv = draft7 ? new Ajv(options) : new Ajv2020(options);
  addFormats(ajv, { mode: 'fast' });
  try {
    return ajv.compile(schema);
  } catch (error) {
    throw new OpsroomError('ARGUMENT_INVALID', {
      what: `schema: ${error instanceof Error ? error.message : String(error)}`,
      cause: error,
    });
  }
}

/** Why a value does not fit a schema, as part of a sentence; undefined when it fits. Throws as `compileSchema` does. */
export function schemaMismatch(schema: JsonSchema, value: JsonValue): string | undefined {
  const check = compileSchema(schema);
  if (check(value)) return undefined;
  const [first] = check.errors ?? [];
  return `${first?.instancePath ? `${first.instancePath} ` : 'it '}${first?.message ?? 'does not fit'}`;
}

/** What does not fit, and where: a path of names and indices. */
export interface SchemaIssue {
  readonly path: readonly (string | number)[];
  readonly what: string;
}

/** A schema of twenty lines can be made to take years over a small value. */
const CHECK_MS = 500;
const MOST_COMPILED = 500;
const compiled = new Map<string, ValidateFunction>();

/**
 * Checks a value by a schema that a stranger wrote: no pattern backtracks, and what takes long is given up.
 *
 * @param digest of the schema: compiled ones are kept by it, since compiling takes milliseconds
 * @returns what does not fit; `unusable` when the schema is none, or takes too long
 */
export function strangersCheck(
  schema: JsonSchema,
  digest: string,
  value: JsonValue,
): { readonly issue: SchemaIssue | undefined } | { readonly unusable: string } {
  warm();
  try {
    const done = bounded(CHECK_MS, () => {
      const check = compiled.get(digest) ?? compileSchema(schema);
      keep(digest, check);
      return check(value) ? undefined : issueOf(check.errors?.[0]);
    });
    return done === undefined ? { unusable: `it takes longer than ${CHECK_MS} ms` } : { issue: done.value };
  } catch (error) {
    // Also a RangeError: a schema that refers to itself without end.
    return { unusable: error instanceof Error ? error.message : String(error) };
  }
}

let isWarm = false;

/** The first schema of a process takes as long as a hundred later ones, on a busy machine more than a stranger's may. */
function warm(): void {
  if (!isWarm) compileSchema({ type: 'object', properties: { word: { type: 'string', pattern: '^a+$' } } });
  isWarm = true;
}

function keep(digest: string, check: ValidateFunction): void {
  const [oldest] = compiled.keys();
  if (compiled.size >= MOST_COMPILED && oldest !== undefined) compiled.delete(oldest);
  compiled.set(digest, check);
}

function issueOf(error: ErrorObject | undefined): SchemaIssue {
  const path = (error?.instancePath ?? '')
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const extra: unknown = error?.params['additionalProperty'];
  const words = error?.message ?? 'does not fit';
  return { path, what: typeof extra === 'string' ? `${words}: "${extra}"` : words };
}
