import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';
import { z } from 'zod';
import type { CheckResult, VerifierKind } from '#ir/calls.js';
import { jsonDigest } from '#ir/digest.js';
import type { JsonSchema, JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { verifierKind } from './config.js';
import { capJson, inconclusive } from './evidence.js';
import { POINTER, resolvePointer } from './pointer.js';

const configSchema = z.strictObject({
  schema: z.union([z.record(z.string(), z.json()), z.boolean()]),
  /** A JSON Pointer into the output; default the whole. */
  path: z.string().regex(POINTER, 'a JSON Pointer, as /a/b').default(''),
});

const require = createRequire(import.meta.url);
const addFormats = require('ajv-formats') as typeof import('ajv-formats').default;

/** Compiled schemas kept per kind; compiling takes milliseconds, and a forEach checks the same schema for every item. */
const MOST_COMPILED = 100;

/** Validates the output of the tool, or a part of it, by a JSON Schema: draft 2020-12, or draft-07 where `$schema` says so. */
export function jsonSchemaKind(): VerifierKind {
  const compiled = new Map<string, ValidateFunction>();
  return verifierKind({
    contract: {
      kind: 'json_schema',
      summary: 'The output fits a JSON Schema.',
      literal: [],
      subject: () => 'output',
      expectation: ['schema'],
    },
    config: configSchema,
    async check({ schema, path }, { output }): Promise<CheckResult> {
      if (output === undefined) return inconclusive('There is no output yet');
      const value = resolvePointer(output, path);
      if (value === undefined) return { passed: false, summary: `output${path} is missing`, evidence: { path } };
      return validate(compileCached(schema, compiled), value, path);
    },
  });
}

function compileCached(schema: JsonSchema, compiled: Map<string, ValidateFunction>): ValidateFunction {
  const key = jsonDigest(schema);
  const known = compiled.get(key);
  if (known) return known;
  const fresh = compileSchema(schema);
  const oldest = compiled.size >= MOST_COMPILED ? compiled.keys().next().value : undefined;
  if (oldest !== undefined) compiled.delete(oldest);
  compiled.set(key, fresh);
  return fresh;
}

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

function validate(check: ValidateFunction, value: JsonValue, path: string): CheckResult {
  const passed = check(value);
  const problems = (check.errors ?? []).map((error) => ({
    at: `${path}${error.instancePath}`,
    problem: error.message ?? error.keyword,
  }));
  const [first] = problems;
  const summary = first ? `output${first.at} ${first.problem}` : 'The output fits the schema';
  return { passed, summary, evidence: { value: capJson(value), problems } };
}
