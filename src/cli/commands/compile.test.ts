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
  expect(optionalInputs({ title: 'none' })).toEqual([]);
});
