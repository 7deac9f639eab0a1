import { expect, test } from 'vitest';
import { MOST_LISTED, MOST_TOOLS, requireBounded } from './bounds.js';

const tools = (count: number, description = '') =>
  Array.from({ length: count }, (_, n) => ({ name: `t${n}`, description }));

test('what a server lists is kept as a whole, or not at all', () => {
  expect(() => requireBounded(tools(MOST_TOOLS))).not.toThrow();
  expect(() => requireBounded(tools(MOST_TOOLS + 1))).toThrow(`lists ${MOST_TOOLS + 1} tools`);
  expect(() => requireBounded(tools(2, 'x'.repeat(MOST_LISTED / 2)))).toThrow('characters of its tools');
  expect(() => requireBounded([])).not.toThrow();
});
