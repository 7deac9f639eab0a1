import type { ValidateFunction } from 'ajv';
import { z } from 'zod';
import type { CheckResult, VerifierKind } from '#ir/calls.js';
import { jsonDigest } from '#ir/digest.js';
import type { JsonSchema, JsonValue } from '#ir/json.js';
import { compileSchema } from '#ir/json-schema.js';
import { verifierKind } from './config.js';
import { capJson, inconclusive } from './evidence.js';
import { POINTER, resolvePointer } from './pointer.js';

const configSchema = z.strictObject({
  schema: z.union([z.record(z.string(), z.json()), z.boolean()]),
  /** A JSON Pointer into the output; default the whole. */
  path: z.string().regex(POINTER, 'a JSON Pointer, as /a/b').default(''),
});

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
