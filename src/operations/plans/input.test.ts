import { expect, test } from 'vitest';
import { jsonObject, planInput } from './input.js';

test('the values of a plan and of its inputs are taken as they are, however many: only the compiler walks them', () => {
  const refuse = (): never => {
    throw new Error('walked');
  };
  const deep = new Proxy({}, { get: refuse, ownKeys: refuse });
  expect(planInput.safeParse({ value: { steps: [deep] } }).success).toBe(true);
  expect(jsonObject.safeParse({ list: [deep] }).success).toBe(true);
  expect(planInput.safeParse({ value: undefined }).success).toBe(false);
});
