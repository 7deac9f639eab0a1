import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formValues, inputFields, readForm } from './fields.js';

const plan = {
  inputs: { region: 'eu', tags: ['a'], retries: 3 },
  inputSchema: {
    type: 'object',
    required: ['ref', 'count'],
    properties: {
      ref: { type: 'string', title: 'Revision', description: 'A tag or a commit.' },
      count: { type: 'integer' },
      dry: { type: 'boolean', default: true },
      region: { type: 'string', enum: ['eu', 'us'] },
      more: { type: 'object' },
    },
  },
};
const fields = inputFields(plan);

test('a form asks for what the schema declares, then for what only has a value', () => {
  expect(fields.map(({ name, type, required }) => [name, type, required])).toEqual([
    ['ref', 'text', true],
    ['count', 'integer', true],
    ['dry', 'boolean', false],
    ['region', 'choice', false],
    ['more', 'json', false],
    ['tags', 'json', false],
    ['retries', 'number', false],
  ]);
  expect(fields[0]).toMatchObject({ label: 'Revision', about: 'A tag or a commit.' });
});

test('it begins with what the run had, the plan says, or the schema', () => {
  expect(formValues(fields, plan, { ref: 'v1', tags: ['b', 1] })).toEqual({
    ref: 'v1',
    count: '',
    dry: 'true',
    region: 'eu',
    more: '',
    tags: '[\n  "b",\n  1\n]',
    retries: '3',
  });
});

test('what is wrong is said at its field, and nothing is given then', () => {
  const values = { ref: '', count: '1.5', dry: 'false', region: 'mars', more: '{', tags: '[]', retries: 'x' };
  const { inputs, problems } = readForm(fields, values);
  expect(inputs).toBeUndefined();
  expect(Object.keys(problems)).toEqual(['count', 'region', 'more', 'retries']);
  expect(readForm(fields, { ...values, count: '', region: 'us', more: '', retries: '' }).problems).toEqual({
    count: 'It has to be given.',
  });
});

test('what is given comes back with its type', () => {
  const given = fc.record({
    ref: fc.string(),
    count: fc.integer(),
    dry: fc.boolean(),
    region: fc.constantFrom('eu', 'us'),
    more: fc.dictionary(fc.string(), fc.jsonValue()),
    tags: fc.array(fc.jsonValue()),
    retries: fc.double({ noNaN: true, noDefaultInfinity: true }),
  });
  fc.assert(
    fc.property(given, (inputs) => {
      const values = formValues(fields, plan, inputs as never);
      expect(JSON.stringify(readForm(fields, values).inputs)).toBe(JSON.stringify(inputs));
    }),
  );
});
