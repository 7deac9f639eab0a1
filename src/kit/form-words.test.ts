import { expect, test } from 'vitest';
import { z } from 'zod';
import { issueWords } from './form-words.js';

const schema = z.strictObject({
  text: z.string(),
  whole: z.int(),
  yes: z.boolean(),
  list: z.array(z.string()).min(1).max(2),
  word: z.enum(['a', 'b']),
  only: z.literal('x'),
  size: z.number().min(1).max(9).multipleOf(2),
  more: z.number().positive(),
  name: z
    .string()
    .min(2)
    .max(3)
    .regex(/^[a-z]+$/, 'lower-case letters'),
  code: z.string().regex(/^\d$/),
  url: z.url(),
  id: z.uuid(),
  either: z.union([z.string(), z.object({})]),
  forms: z.union([
    z.strictObject({ text: z.string() }),
    z.union([z.strictObject({ value: z.number() }), z.strictObject({ at: z.strictObject({ name: z.string() }) })]),
    z.strictObject({ text: z.string(), more: z.boolean() }),
  ]),
  map: z.record(z.string().regex(/^k/, 'must begin with k'), z.number()),
});
const FINE = {
  text: '',
  whole: 1,
  yes: true,
  list: ['a'],
  word: 'a',
  only: 'x',
  size: 2,
  more: 1,
  name: 'ab',
  code: '1',
  url: 'https://a.example',
  id: '01a1fd43-b173-73d8-8f5c-13dd6168302c',
  either: '',
  forms: { text: '' },
  map: {},
};

test('the values that are right are', () => {
  expect(schema.safeParse(FINE).error).toBeUndefined();
});

test.each([
  [{ text: 5 }, 'X must be text, not a number'],
  [{ text: undefined }, 'X is missing'],
  [{ text: null }, 'X must be text, not null'],
  [{ whole: '1' }, 'X must be a number, not text'],
  [{ whole: 1.5 }, 'X must be a whole number, not a number'],
  [{ yes: 'true' }, 'X must be true or false, not text'],
  [{ list: 'a' }, 'X must be a list, not text'],
  [{ list: [] }, 'X must have at least 1 entry'],
  [{ list: ['a', 'b', 'c'] }, 'X must have at most 2 entries'],
  [{ word: 'c' }, 'X must be one of "a", "b"'],
  [{ only: 'c' }, 'X must be "x"'],
  [{ size: 0 }, 'X must be at least 1'],
  [{ size: 10 }, 'X must be at most 9'],
  [{ size: 3 }, 'X must be a multiple of 2'],
  [{ more: 0 }, 'X must be more than 0'],
  [{ name: 'a' }, 'X must have at least 2 characters'],
  [{ name: 'AB' }, 'X: lower-case letters'],
  [{ code: 'a' }, 'X has not the right form'],
  [{ url: 'a' }, 'X must be a URL'],
  [{ id: 'a' }, 'X must be a UUID'],
  [{ either: 5 }, 'X must be text, not a number, or must be an object, not a number'],
  [{ forms: {} }, 'X needs one of "text", "value", "at"'],
  [
    { forms: { text: 5, value: 'a' } },
    'X needs "at", or "text" must be text, not a number, or "value" must be a number, not text',
  ],
  [{ forms: undefined }, 'X is missing'],
  [{ map: { a: 1 } }, 'X must begin with k'],
  [{ other: 1 }, 'X has no field "other"'],
])('%j: %s', (wrong, said) => {
  const issue = schema.safeParse({ ...FINE, ...wrong }).error?.issues[0];
  expect(issue && issueWords('X', issue)).toBe(said);
});
