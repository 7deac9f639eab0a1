import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from './json.js';
import { answerFault, fieldValue, type Question, readQuestion } from './question.js';

const form = (properties: JsonObject, more: JsonObject = {}) =>
  readQuestion({ message: 'What?', requestedSchema: { type: 'object', properties, ...more } });

function asked(properties: JsonObject, more: JsonObject = {}): Question {
  const read = form(properties, more);
  if ('refused' in read) throw new Error(read.refused);
  return read.question;
}

test('every kind of field that MCP knows is read, with what it may be', () => {
  const { fields } = asked(
    {
      mail: { type: 'string', format: 'email', title: 'E-mail' },
      n: { type: 'integer', minimum: 1, maximum: 5, default: 3 },
      ok: { type: 'boolean' },
      one: { type: 'string', enum: ['a', 'b'], enumNames: ['A', 'B'], default: 'z' },
      two: { type: 'string', oneOf: [{ const: 'x', title: 'X' }] },
      some: { type: 'array', minItems: 1, items: { anyOf: [{ const: 'x', title: 'X' }] } },
    },
    { required: ['mail'] },
  );
  expect(fields.map(({ name, kind, required }) => [name, kind, required])).toEqual([
    ['mail', 'text', true],
    ['n', 'integer', false],
    ['ok', 'boolean', false],
    ['one', 'choice', false],
    ['two', 'choice', false],
    ['some', 'choices', false],
  ]);
  expect(fields[1]).toMatchObject({ least: 1, most: 5, preset: 3 });
  expect(fields[3]).toMatchObject({ options: [{ value: 'a', title: 'A' }, { value: 'b' }], preset: null });
});

test.each([
  [{ content: { n: 6 } }, '"n" is at most 5.'],
  [{ content: { n: 1.5 } }, '"n" is a whole number.'],
  [{ content: { n: 1, mail: 'x' } }, '"mail" is no email.'],
  [{ content: { n: 1, more: true } }, 'There is no field "more": n, mail.'],
  [{ content: { mail: 'a@b' } }, '"n" is missing.'],
  [{ content: { n: 2, mail: 'a@b' } }, undefined],
])('%j: %s', ({ content }, fault) => {
  const question = asked(
    { n: { type: 'integer', maximum: 5 }, mail: { type: 'string', format: 'email' } },
    { required: ['n'] },
  );
  expect(answerFault(question, { action: 'accept', content })).toBe(fault);
  expect(answerFault(question, { action: 'decline' })).toBeUndefined();
  expect(answerFault(question, { action: 'decline', content })).toBe('Only who accepts fills the form in.');
});

test.each([
  [{ o: { type: 'object', properties: {} } }, 'a field that MCP does not know'],
  [{ '__proto__ x': { type: 'string' } }, 'a field that MCP does not know'],
  [{ a: { type: 'array', items: { type: 'string' } } }, 'a field that MCP does not know'],
  [Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`f${n}`, { type: 'string' }])), 'more than 20 fields'],
])('%j is refused: %s', (properties, why) => {
  expect(form(properties as JsonObject)).toEqual({ refused: expect.stringContaining(why) });
});

test('who asks for a secret is warned of, by the names of fields; descriptions also say what not to give', () => {
  for (const name of ['password', 'api_key', 'accessToken', 'pin', 'PRIVATE_KEY'])
    expect(asked({ [name]: { type: 'string' } }).warning, name).toContain('secret');
  expect(asked({ name: { type: 'string', description: 'do not give us your pin' } }).warning).toBeNull();
});

test('a page is one of the web, without a password in its address', () => {
  const page = (url: unknown) => readQuestion({ mode: 'url', message: 'There', url });
  expect(page('https://x.example/a')).toMatchObject({ question: { url: 'https://x.example/a', fields: [] } });
  for (const url of ['javascript:alert(1)', 'file:///etc/passwd', 'x', 7, `https://x.example/${'a'.repeat(3000)}`])
    expect(page(url)).toHaveProperty('refused');
  expect(page('https://me:pw@x.example/')).toEqual({ refused: 'its address carries a password' });
});

test('what a terminal would obey is shown as a mark', () => {
  const read = readQuestion({ message: 'a\u001b[31mb\u202e', requestedSchema: { properties: {} } });
  expect(read).toMatchObject({ question: { message: 'a\uFFFD[31mb\uFFFD' } });
});

test('nothing that a stranger sends makes reading or checking throw', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.jsonValue(),
      fc.dictionary(fc.string(), fc.jsonValue()),
      (schema, field, content) => {
        for (const params of [
          schema,
          { message: schema, requestedSchema: field },
          { message: 'x', requestedSchema: { properties: { a: field } } },
        ]) {
          const read = readQuestion(params);
          if ('question' in read) answerFault(read.question, { action: 'accept', content: content as JsonObject });
        }
      },
    ),
  );
});

test('what is typed becomes a value of its field, or is left to be refused', () => {
  expect(fieldValue({ kind: 'boolean' }, 'yes')).toBe(true);
  expect(fieldValue({ kind: 'integer' }, '7')).toBe(7);
  expect(fieldValue({ kind: 'integer' }, 'seven')).toBe('seven');
  expect(fieldValue({ kind: 'choices' }, 'a, b')).toEqual(['a', 'b']);
  expect(fieldValue({ kind: 'text' }, '7')).toBe('7');
});
