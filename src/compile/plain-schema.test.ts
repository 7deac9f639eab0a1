import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonValue } from '#ir/json.js';
import { isPlainSchema } from './plain-schema.js';

/** JSON Schema has a word that makes an object look like a promise to linters. */
const keyword = (word: string, value: JsonValue): Record<string, JsonValue> => ({ [word]: value });

test('what runbooks and most plans declare is plain', () => {
  const properties = {
    app: { type: 'string', minLength: 1, description: 'Stands for <app> in x.md:3.' },
    way: { type: 'string', enum: ['npm', 'yarn'], default: 'npm' },
    tags: { type: 'array', items: { type: 'string' } },
  };
  expect(isPlainSchema({ type: 'object', additionalProperties: false, properties, required: ['app'] })).toBe(true);
  const way = { if: { properties: { way: { const: 'yarn' } } }, ...keyword('then', { required: ['tags'] }) };
  expect(isPlainSchema({ properties, dependentSchemas: { way: { allOf: [way] } } })).toBe(true);
});

test.each<JsonValue>([
  { type: 'text' },
  { type: ['string', 'null'] },
  { enum: [] },
  { allOf: [] },
  { dependentSchemas: ['a'] },
  { minLength: -1 },
  { required: ['a', 'a'] },
  { required: 'a' },
  { properties: { a: 'string' } },
  { properties: [] },
  { items: [{ type: 'string' }] },
  { pattern: '(' },
  { $ref: '#/$defs/none' },
  { description: 1 },
  null,
  [],
])('%j is left to the schema of schemas', (schema) => {
  expect(isPlainSchema(schema)).toBe(false);
});

const value = fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<JsonValue>;
const { schema } = fc.letrec<{ schema: JsonValue }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    value,
    fc.record(
      {
        type: fc.oneof(fc.constantFrom('string', 'integer', 'object', 'array', 'null', 'any'), value),
        title: fc.oneof(fc.string(), value),
        default: value,
        enum: fc.oneof(fc.array(value), value),
        minLength: fc.oneof(fc.nat(), value),
        maxLength: fc.oneof(fc.nat(), value),
        required: fc.oneof(fc.array(fc.constantFrom('a', 'b', 'c')), value),
        properties: fc.oneof(fc.dictionary(fc.string(), tie('schema')), value),
        items: tie('schema'),
        additionalProperties: tie('schema'),
        pattern: fc.string(),
      },
      { requiredKeys: [] },
    ) as fc.Arbitrary<JsonValue>,
  ),
}));

test('whatever is called plain, the schema of schemas accepts, and it compiles', () => {
  const ajv = new Ajv2020({ strict: false, logger: false });
  fc.assert(
    fc.property(schema, (schema) => {
      fc.pre(isPlainSchema(schema));
      const known = schema as boolean | Record<string, unknown>;
      expect(ajv.validateSchema(known)).toBe(true);
      ajv.compile(known);
    }),
    { numRuns: 300 },
  );
});
