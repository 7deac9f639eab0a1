import { expect, test } from 'vitest';
import { fieldsOf, inputsOf, typedFrom } from './inputs.js';

const SCHEMA = {
  type: 'object',
  required: ['count', 'ref'],
  properties: {
    ref: { type: 'string', default: 'main', description: 'What to deploy' },
    count: { type: 'integer' },
    ratio: { type: 'number' },
    dry: { type: 'boolean', default: false },
    manager: { enum: ['npm', 'yarn', 4] },
    tags: { type: 'array' },
    any: true,
  },
};
const fields = fieldsOf(SCHEMA);

test('what must be given comes first, and each input is asked for in its own way', () => {
  expect(fields.map(({ name, kind, required }) => `${name} ${kind}${required ? ' !' : ''}`)).toEqual([
    'ref text !',
    'count integer !',
    'ratio number',
    'dry boolean',
    'manager choice',
    'tags json',
    'any json',
  ]);
  expect(fieldsOf(undefined)).toEqual([]);
  expect(fieldsOf({ properties: [1], required: 'x' })).toEqual([]);
});

test('what was given comes back as it was, whatever its type', () => {
  const inputs = { ref: 'v2', count: 3, ratio: 0.5, dry: true, manager: 4, tags: ['a'], any: 'text' };
  expect(inputsOf(fields, typedFrom(fields, inputs))).toEqual({ inputs, wrong: {} });
});

test('what is empty is left out, and what is wrong is said beside it', () => {
  const { inputs, wrong } = inputsOf(fields, { ref: 'x', count: '1.5', tags: '[', manager: 'pnpm' });
  expect(inputs).toEqual({ ref: 'x' });
  expect(Object.keys(wrong).toSorted()).toEqual(['count', 'manager', 'tags']);
  expect(inputsOf(fields, {}).wrong).toHaveProperty('ref');
  expect(typedFrom(fields)).toMatchObject({ ref: 'main', count: '', dry: 'false' });
});
