import { expect, test } from 'vitest';
import { readQuestion } from '#ir/question.js';
import { contentOf, formFault, presets } from './answer-form.js';

const read = readQuestion({
  message: 'Which?',
  requestedSchema: {
    properties: {
      version: { type: 'string' },
      count: { type: 'integer', default: 2 },
      sure: { type: 'boolean' },
      parts: { type: 'array', items: { enum: ['a', 'b'] }, default: ['a'] },
    },
    required: ['version'],
  },
});
if ('refused' in read) throw new Error(read.refused);
const { question } = read;

test('suggestions stand in the form; what is left empty is not sent', () => {
  const first = presets(question);
  expect(first).toEqual({ version: '', count: '2', sure: '', parts: ['a'] });
  expect(formFault(question, first)).toBe('"version" is missing.');
  const filled = { ...first, version: '1.4.0', sure: 'true', parts: [] };
  expect(formFault(question, filled)).toBeUndefined();
  expect(contentOf(question, filled)).toEqual({ version: '1.4.0', count: 2, sure: true });
});

test('what does not fit says so before it is sent', () => {
  expect(formFault(question, { version: '1', count: 'many' })).toBe('"count" is a number.');
});
