import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OpsroomError } from '#kit/errors.js';
import { parseValues } from './values.js';

describe('values that a script wrote', () => {
  test.each([
    ['version=1.2.3\nurl=https://x.example/?a=b\n', { version: '1.2.3', url: 'https://x.example/?a=b' }],
    ['a=1\na=2', { a: '2' }],
    ['a=\r\nb= x \r\n', { a: '', b: ' x ' }],
    ['notes<<END\none\ntwo=2\nEND\nb=1', { notes: 'one\ntwo=2', b: '1' }],
    ['{"count": 3, "list": [1, "\\u0000x"]}', { count: 3, list: [1, 'x'] }],
  ])('%j', (text, expected) => {
    expect(parseValues(text)).toEqual(expected);
  });

  test.each([
    ['no sign', 'line 1 is not name=value'],
    ['ok=1\n=x', 'is not a name'],
    ['a b=1', '"a b" is not a name'],
    ['{"a": 1', 'not valid JSON'],
    ['{"a.b": 1}', '"a.b" is not a name'],
    ['a<<END\nno end', 'has no end'],
    ['a<<\nx', 'has no end'],
  ])('%j is refused', (text, why) => {
    expect(() => parseValues(text)).toThrow(
      expect.objectContaining({ code: 'OUTPUT_REFUSED', message: expect.stringContaining(why) }),
    );
  });

  test('a name cannot reach a prototype', () => {
    const values = parseValues('__proto__=x');
    expect(Object.keys(values)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  test('any text gives values or a refusal', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '=', '<', '\n', '{', '}', '"', ':', '\0', ' ') }), (text) => {
        try {
          expect(typeof parseValues(text)).toBe('object');
        } catch (error) {
          expect(error).toBeInstanceOf(OpsroomError);
        }
      }),
    );
  });
});
