import { expect, test } from 'vitest';
import { actionOf } from './answer.js';

test('to look at a question is to accept nothing', () => {
  expect(actionOf({ input: [] })).toBeUndefined();
  expect(actionOf({ input: [], accept: true })).toBe('accept');
  expect(actionOf({ input: ['version=1'] })).toBe('accept');
  expect(actionOf({ input: ['version=1'], accept: true })).toBe('accept');
  expect(actionOf({ input: [], decline: true })).toBe('decline');
  expect(actionOf({ input: [], cancel: true })).toBe('cancel');
});

test('one answer at a time', () => {
  expect(() => actionOf({ input: ['version=1'], decline: true })).toThrow(/accept and to decline/);
  expect(() => actionOf({ input: [], decline: true, cancel: true })).toThrow(/decline and to cancel/);
});
