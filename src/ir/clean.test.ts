import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { OpsroomError } from '#kit/errors.js';
import { cleanJson } from './clean.js';
import { canonicalJson } from './digest.js';

test('NUL goes, half a character is replaced, in keys too', () => {
  expect(cleanJson({ 'a\0': 'x\0y', b: ['\uD800', '\uDC00z', '😀'] })).toEqual({
    a: 'xy',
    b: ['\uFFFD', '\uFFFDz', '😀'],
  });
  expect(cleanJson({ a: undefined, b: [undefined] })).toEqual({ b: [null] });
});

test.each<[string, unknown]>([
  ['NaN', Number.NaN],
  ['Infinity', [Number.POSITIVE_INFINITY]],
  ['a function', { a: () => 1 }],
  ['a date', new Date(0)],
  ['a bigint', 1n],
  ['undefined', undefined],
])('%s is refused', (_, value) => {
  expect(() => cleanJson(value)).toThrow(OpsroomError);
});

test('depth and size are capped', () => {
  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
  expect(cleanJson(deep(100))).toBeDefined();
  expect(() => cleanJson(deep(101))).toThrow('deeper');
  expect(() => cleanJson(['x'.repeat(100)], { maxSize: 100 })).toThrow('larger');
  const circle: unknown[] = [];
  circle.push(circle);
  expect(() => cleanJson(circle)).toThrow(OpsroomError);
});

test('what comes out has a canonical form that UTF-8 and jsonb can hold', () => {
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom('\0', '\uD83D', '\uDE00', 'a', '"', '\\'), fc.string({ maxLength: 1 })),
  });
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(text, tie('value')),
    ),
  })).value;
  fc.assert(
    fc.property(value, (value) => {
      const canonical = canonicalJson(cleanJson(value));
      expect(canonical).not.toContain('\\u0000');
      expect(Buffer.from(canonical, 'utf8').toString('utf8')).toBe(canonical);
      expect(canonicalJson(cleanJson(JSON.parse(canonical)))).toBe(canonical);
    }),
  );
});
