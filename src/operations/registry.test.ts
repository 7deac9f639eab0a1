import { expect, test } from 'vitest';
import { z } from 'zod';
import { OPERATIONS } from './registry.js';

test('names are dotted and occur once', () => {
  const names = OPERATIONS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z]+\.[a-z][a-zA-Z]*$/);
});

test.each(OPERATIONS)('$name: one sentence, and both shapes can be told to a program', ({ summary, input, output }) => {
  expect(summary.length).toBeGreaterThan(20);
  expect(summary.length).toBeLessThanOrEqual(300);
  expect(z.toJSONSchema(input, { io: 'input' })).toHaveProperty('type');
  expect(z.toJSONSchema(output, { io: 'output' })).toHaveProperty('type', 'object');
});

test('who may only read changes nothing', () => {
  const reading = OPERATIONS.filter(({ permission }) => permission === 'run:read');
  expect(reading.filter(({ consequential }) => consequential)).toEqual([]);
});
