import { expect, test } from 'vitest';
import { closesOnExec } from './inheritance.js';

test.each([
  ['pos:\t0\nflags:\t02100000\nmnt_id:\t29\n', true],
  ['pos:\t0\nflags:\t0100000\nmnt_id:\t29\n', false],
  ['pos:\t0\nflags:\t02\n', false],
  ['', true],
])('%j', (text, closes) => {
  expect(closesOnExec(text)).toBe(closes);
});
