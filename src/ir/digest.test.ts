import canonicalize from 'canonicalize';
import { type Arbitrary, assert, jsonValue, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, jsonDigest } from './digest.js';
import type { JsonValue } from './json.js';

const json = jsonValue({ maxDepth: 5, stringUnit: 'binary' }) as Arbitrary<JsonValue>;

/** What the package that stood here before gives. */
const reference = (value: JsonValue): string => {
  try {
    return canonicalize(value) ?? '';
  } catch {
    return 'refused';
  }
};
const ours = (value: JsonValue): string => {
  try {
    return canonicalJson(value);
  } catch (error) {
    if (error instanceof TypeError) return 'refused';
    throw error;
  }
};

describe('canonicalJson', () => {
  test('is what the reference says of any JSON', () => {
    assert(
      property(json, (value) => {
        expect(ours(value)).toBe(reference(value));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    [{ b: 1, a: [true, null, 'x'], 10: 0, 9: -0 }, '{"10":0,"9":0,"a":[true,null,"x"],"b":1}'],
    [
      { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 },
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\u{1f600}":5,"\ufb33":3}',
    ],
    [[333333333.3333333, 1e30, 4.5, 2e-3, 1e-27, 1e21], '[333333333.3333333,1e+30,4.5,0.002,1e-27,1e+21]'],
    ['\\ud800 is text, "\n\u000f', '"\\\\ud800 is text, \\"\\n\\u000f"'],
    [JSON.parse('{"__proto__":1,"toJSON":2}') as JsonValue, '{"__proto__":1,"toJSON":2}'],
  ] satisfies [JsonValue, string][])('%j', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, '\ud800', { '\udc00': 1 }, ['a\ud800b']])('refuses %j', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  test('leaves out members that are undefined', () => {
    const value = { a: 1, b: undefined } as unknown as JsonValue;
    expect(canonicalJson(value)).toBe('{"a":1}');
    expect(jsonDigest(value)).toBe(jsonDigest({ a: 1 }));
  });
});
