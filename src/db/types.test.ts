import { types } from 'pg';
import { describe, expect, test } from 'vitest';
import { columnTypes, parseInt8, parseInt8s } from './types.js';

describe('what the database sends', () => {
  test('as bigint is a number, alone and within an array', () => {
    expect(columnTypes.getTypeParser(types.builtins.INT8)('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
    expect(parseInt8s('{814,NULL,-2}')).toEqual([814, null, -2]);
    expect(parseInt8s('{}')).toEqual([]);
  });

  test('and no number can hold is refused', () => {
    expect(() => parseInt8('9007199254740993')).toThrow(RangeError);
    expect(() => parseInt8s('{1,9007199254740993}')).toThrow(RangeError);
  });

  test('as a date stays that day in every zone', () => {
    expect(columnTypes.getTypeParser(types.builtins.DATE)('2026-03-29')).toBe('2026-03-29');
  });
});
