import { expect, test } from 'vitest';
import type { JsonSchema, JsonValue } from '#ir/json.js';
import { compileSchema } from '#ir/json-schema.js';
import { jsonSchemaKind } from './json-schema.js';
import { knownNamedVerifier, namedVerifier } from './named.js';

const context = {} as never;
const check = (schema: JsonSchema, output: JsonValue | undefined, path = '') =>
  jsonSchemaKind().check({ config: { schema, path }, output, startedAt: undefined, phase: 'verdict' }, context);

test('fits, or names where it does not', async () => {
  const schema = { type: 'object', required: ['n'], properties: { n: { type: 'integer', minimum: 1 } } };
  expect(await check(schema, { n: 1 })).toMatchObject({ passed: true });
  expect(await check(schema, { n: 0 })).toMatchObject({ passed: false, summary: 'output/n must be >= 1' });
  expect(await check({ type: 'string' }, { a: ['x'] }, '/a/0')).toMatchObject({ passed: true });
  expect(await check({ type: 'string' }, { a: [] }, '/a/0')).toMatchObject({
    passed: false,
    summary: 'output/a/0 is missing',
  });
  expect(await check(false, 1)).toMatchObject({ passed: false });
});

test('no output is nothing found', async () => {
  expect(await check(true, undefined)).toMatchObject({ passed: false, inconclusive: true });
});

test('a schema that says draft-07 is read as draft-07, one of 2020-12 as that', async () => {
  const draft7 = { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'string' }] };
  expect(await check(draft7, [1])).toMatchObject({ passed: false });
  expect(
    await check({ $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{ type: 'string' }] }, [1]),
  ).toMatchObject({ passed: false });
});

test('a pattern that would make RegExp backtrack for ever is linear', async () => {
  const hostile = `${'a'.repeat(100_000)}!`;
  expect(await check({ type: 'string', pattern: '^(a+)+$' }, hostile)).toMatchObject({ passed: false });
  expect(await check({ patternProperties: { '^(a+)+$': false } }, { [hostile]: 1 })).toMatchObject({ passed: true });
  expect(await check({ allOf: [{ pattern: 'b' }, { pattern: 'c' }] }, 'b')).toMatchObject({ passed: false });
  expect(await check({ pattern: '^b' }, 'abc')).toMatchObject({ passed: false });
});

test.each([
  { type: 'nonsense' },
  { $ref: 'https://a.example/schema' },
  { pattern: '(?=a)' },
  { pattern: '(' },
  { $schema: 'https://a.example/none' },
] as JsonSchema[])('%j is no schema to use', async (schema) => {
  expect(() => compileSchema(schema)).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }));
  expect(await check(schema, 1)).toMatchObject({ passed: false, inconclusive: true });
});

test('formats are checked', async () => {
  expect(await check({ format: 'date-time' }, 'yesterday')).toMatchObject({ passed: false });
});

test('named verifiers of tools', async () => {
  const http = namedVerifier('check_http_200');
  const judge = (output: JsonValue) =>
    jsonSchemaKind().check({ config: http?.config ?? {}, output, startedAt: undefined, phase: 'verdict' }, context);
  expect(await judge({ status: 200 })).toMatchObject({ passed: true });
  expect(await judge({ status: 201 })).toMatchObject({ passed: false });
  expect(await judge({})).toMatchObject({ passed: false });
  expect(namedVerifier('validate_json_schema', { type: 'string' })).toMatchObject({
    kind: 'json_schema',
    config: { schema: { type: 'string' } },
  });
  expect(namedVerifier('validate_json_schema')).toBeUndefined();
  expect(['check_http_200', 'validate_json_schema', 'toString', 'nonsense'].map(knownNamedVerifier)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
