import { expect, test } from 'vitest';
import type { Compiled } from './compiled.js';
import { toolsBody, toolsOfPlan, unnamed } from './may-call-list.js';

const compiled = {
  plan: {
    steps: [
      { id: 'build', tool: 'shell', args: { argv: ['git'] }, rollback: [{ id: 'back', title: 'Back', tool: 'http' }] },
      { id: 'note', tool: 'mcp', args: { server: 'tracker', tool: 'create', arguments: {} } },
      { id: 'wait' },
    ],
  },
} as unknown as Compiled;

test('a list begins with what the plan itself uses', () => {
  expect(toolsOfPlan(compiled)).toEqual(['http', 'mcp:tracker:create', 'shell']);
  expect(unnamed(compiled, toolsOfPlan(compiled))).toEqual([]);
});

test('steps that the list does not name are told before the run starts', () => {
  expect(unnamed(compiled, ['shell:git', 'mcp:tracker:*'])).toEqual(['build/back (http)']);
  expect(unnamed(compiled, ['http'])).toEqual(['build (shell)', 'note (mcp:tracker:create)']);
  expect(unnamed(compiled, null)).toEqual([]);
  expect(unnamed(compiled, [])).toHaveLength(3);
});

test('nothing typed is no list', () => {
  expect(toolsBody(' \n')).toEqual({});
  expect(toolsBody('shell\nmcp:github:*')).toEqual({ tools: ['shell', 'mcp:github:*'] });
});
