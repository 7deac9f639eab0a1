import { expect, test } from 'vitest';
import { optionalInputs } from './compile.js';

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
