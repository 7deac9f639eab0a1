import { expect, test } from 'vitest';
import { OpsroomError } from '#kit/errors.js';
import { coerceCliInputs, missingInputs, missingWith, resolveInputs, schemaProblem } from './inputs.js';

const plan = {
  inputs: { region: 'eu' },
  inputSchema: {
    type: 'object',
    required: ['n', 'region'],
    properties: {
      n: { type: 'integer', minimum: 2 },
      mode: { enum: ['fast', 'safe'], default: 'safe' },
      tags: { type: 'array', items: { type: 'string' } },
      slow: { type: 'string', pattern: '^(a+)+$' },
      note: { type: ['string', 'null'] },
    },
  },
};

test('values are merged, defaults filled in, and the plan stays as it was', () => {
  expect(resolveInputs(plan, { n: 3 })).toEqual({ n: 3, region: 'eu', mode: 'safe' });
  expect(resolveInputs(plan, { n: 3, region: 'us' })).toMatchObject({ region: 'us' });
  expect(plan.inputs).toEqual({ region: 'eu' });
});

test.each<[object, string]>([
  [{}, '"n" is missing'],
  [{ n: 1 }, '"n" must be >= 2'],
  [{ n: 2.5 }, '"n" must be integer'],
  [{ n: 3, mode: 'slow' }, 'allowed values: "fast", "safe"'],
  [{ n: 3, tags: ['a', 1] }, '"tags.1" must be string'],
  [{ n: 3, taggs: [] }, 'no input "taggs"'],
  [{ n: 3, slow: 1 }, '"slow" must be string'],
])('%j is refused', (given, message) => {
  expect(() => resolveInputs(plan, { ...given })).toThrow(message);
  expect(() => resolveInputs(plan, { ...given })).toThrow(OpsroomError);
});

test('a pattern made to hang a backtracking engine answers', () => {
  expect(() => resolveInputs(plan, { n: 3, slow: `${'a'.repeat(5000)}b` })).toThrow('"slow" must match');
});

test('without a schema only the names of the plan are known; additionalProperties opens them', () => {
  expect(resolveInputs({ inputs: { a: 1 } }, { a: 'x' })).toEqual({ a: 'x' });
  expect(() => resolveInputs({ inputs: { a: 1 } }, { b: 1 })).toThrow('no input "b"');
  expect(resolveInputs({ inputs: {}, inputSchema: { additionalProperties: true } }, { b: 1 })).toEqual({ b: 1 });
});

test('text of the command line becomes what the schema declares', () => {
  const given = { n: '3', mode: 'fast', tags: '["a"]', note: 'null', other: '5' };
  expect(coerceCliInputs(plan.inputSchema, given)).toEqual({
    n: 3,
    mode: 'fast',
    tags: ['a'],
    note: 'null',
    other: '5',
  });
  expect(() => coerceCliInputs(plan.inputSchema, { n: 'x' })).toThrow('"n" must be integer, not "x"');
  expect(() => coerceCliInputs(plan.inputSchema, { tags: '{}' })).toThrow('"tags" must be array');
});

test('what is required and has no value is known before', () => {
  expect(missingInputs(plan)).toEqual(['n']);
});

/** JSON Schema has a word that makes an object look like a promise to linters. */
const keyword = (word: string, value: object) => ({ [word]: value });
const ways = {
  inputs: {},
  inputSchema: {
    properties: { way: { enum: ['a', 'b'], default: 'a' }, key: { type: 'string' }, other: { type: 'string' } },
    dependentSchemas: {
      way: { if: { properties: { way: { const: 'b' } } }, ...keyword('then', { required: ['key'] }) },
    },
    additionalProperties: false,
  },
};

test('what only one choice needs is asked for by its name where that is chosen', () => {
  expect(missingInputs(ways)).toEqual([]);
  expect(missingWith(ways, { way: 'a' })).toEqual([]);
  expect(missingWith(ways, { way: 'b' })).toEqual(['key']);
  expect(missingWith(ways, { way: 'b', key: 'k' })).toEqual([]);
  expect(() => resolveInputs(ways, { way: 'b' })).toThrow(
    expect.objectContaining({
      message: 'The inputs do not fit the plan: "key" is missing.',
      mend: 'Give --input key=VALUE, or --input-file; over HTTP and MCP in `inputs`.',
    }),
  );
});

test('of several that would each do none is asked for', () => {
  const either = { inputs: {}, inputSchema: { anyOf: [{ required: ['a'] }, { required: ['b'] }] } };
  expect(missingWith(either, {})).toEqual([]);
});

test('a schema that is none is told', () => {
  expect(schemaProblem({ type: 'strin' })).toMatch(/not JSON Schema/);
  expect(schemaProblem({ $ref: '#/nowhere' })).toMatch(/not JSON Schema/);
  expect(schemaProblem({ pattern: '(' })).toMatch(/not JSON Schema/);
  expect(schemaProblem({ type: 'string', 'x-note': 1 })).toBeUndefined();
});

test('what is missing is asked for by its name', () => {
  const missing = { inputs: {}, inputSchema: { required: ['region'], properties: { region: { type: 'string' } } } };
  expect(() => resolveInputs(missing, {})).toThrow(
    expect.objectContaining({ mend: 'Give --input region=VALUE, or --input-file; over HTTP and MCP in `inputs`.' }),
  );
});
