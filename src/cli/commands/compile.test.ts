import { expect, test } from 'vitest';
import { inputsOfChoices, optionalInputs } from './compile.js';

test('inputs that have a value are told with it, and with what else they may be', () => {
  const properties = {
    way: { type: 'string', enum: ['a', 'b'], default: 'b' },
    count: { type: 'integer', default: 3 },
    needed: { type: 'string' },
  };
  expect(optionalInputs({ inputSchema: { properties } })).toEqual([
    'may be given input: way = b (one of a, b)',
    'may be given input: count = 3',
  ]);
  const secret = { db_password: { type: 'string', enum: ['hunter2', 'x'], default: 'hunter2' } };
  expect(optionalInputs({ inputSchema: { properties: secret } })).toEqual([
    'may be given input: db_password (its value is not shown)',
  ]);
  expect(optionalInputs({ title: 'none' })).toEqual([]);
});

/** JSON Schema has a word that makes an object look like a promise to linters. */
const keyword = (word: string, value: object) => ({ [word]: value });

test('what only one way or case needs is told with it', () => {
  const needing = (way: string, ...required: string[]) => ({
    if: { properties: { way: { const: way } } },
    ...keyword('then', { required }),
  });
  const dependentSchemas = { way: { allOf: [needing('b', 'key', 'host'), needing('c', 'host')] } };
  expect(inputsOfChoices({ inputSchema: { dependentSchemas } })).toEqual([
    'needs inputs where way = b: key, host',
    'needs inputs where way = c: host',
  ]);
  expect(inputsOfChoices({ inputSchema: { dependentSchemas: { way: { allOf: [true, { if: 1 }] } } } })).toEqual([]);
  expect(inputsOfChoices({ title: 'none' })).toEqual([]);
});
