import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { verifies } from '../../test/harness/requirements.js';
import { planJsonSchema } from './schema.js';

const file = new URL('../../docs/plan.schema.json', import.meta.url);
const validate = new Ajv2020({ strict: false }).compile(planJsonSchema());

test(verifies('PLAN-01', 'docs/plan.schema.json is what the code says (npm run docs writes it)'), () => {
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(planJsonSchema());
});

test('the schema accepts a plan and names what is wrong with another', () => {
  expect(validate({ title: 'T', steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }] })).toBe(true);
  expect(validate({ title: 'T', steps: [{ id: 'a', tool: 'shell', argss: {} }] })).toBe(false);
  expect(validate({ title: 'T', steps: [] })).toBe(false);
});
