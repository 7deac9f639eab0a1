import { expect, test } from 'vitest';
import { count, day, duration, fineDuration, fullTime, shortDigest, size, when, zone } from './format.js';

test('lengths of time read like a clock and never go below zero', () => {
  expect([-5, 6_400, 1_247_000, 3_723_000, 2 * 86_400_000 + 4 * 3_600_000].map(duration)).toEqual([
    '0:00',
    '0:06',
    '20:47',
    '1:02:03',
    '2 d 4 h',
  ]);
  expect([7.4, 1_284, 42_000, 61_000, 79_600].map(fineDuration)).toEqual(['7 ms', '1.28 s', '42.0 s', '1:01', '1:20']);
});

test('a time of another day says its day, and the full form its zone', () => {
  const at = new Date(2026, 10, 21, 9, 5, 7);
  expect(when(at, new Date(2026, 10, 21, 23))).toBe('09:05:07');
  expect(when(at, new Date(2026, 10, 22))).toBe('2026-11-21 09:05');
  expect(fullTime(at)).toMatch(/^2026-11-21 09:05:07 [+-]\d\d:\d\d$/);
  expect(day(at)).toBe('2026-11-21');
  const reads = (ahead: number) => zone({ getTimezoneOffset: () => -ahead } as Date);
  expect([0, 60, -210].map(reads)).toEqual(['UTC', 'UTC+01:00', 'UTC-03:30']);
});

test('sizes, counts and digests keep their width small', () => {
  expect([0, 999, 2_100, 14_300_000].map(size)).toEqual(['0 B', '999 B', '2.1 kB', '14 MB']);
  expect([12, 1_284_906].map(count)).toEqual(['12', '1,284,906']);
  expect(shortDigest('a'.repeat(60) + 'beef')).toBe('aaaa…beef');
});
