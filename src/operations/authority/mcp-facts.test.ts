import { expect, test } from 'vitest';
import { compilePlan } from '#compile/compile.js';
import type { JsonValue } from '#ir/json.js';
import { builtIn } from '../contracts.js';
import { isIsolated, requestFacts } from './facts.js';

const { contracts } = builtIn();

function factsOf(...steps: { tool: string; args: JsonValue }[]) {
  const value = { apiVersion: 'opsroom/v1', title: 'x', steps: steps.map((step, n) => ({ id: `s${n}`, ...step })) };
  const { plan, digest } = compilePlan({ value }, contracts);
  const [facts] = requestFacts({ plan, planDigest: digest, inputs: {}, title: 'x', target: {}, queue: {} });
  return { facts, plan };
}

test('policies are asked about a tool of an MCP server by its name, however the step names it', () => {
  const named = factsOf({ tool: 'mcp:prod:drop', args: {} });
  const generic = factsOf({ tool: 'mcp', args: { server: 'prod', tool: 'drop' } });
  expect(named.facts?.tools).toEqual(['mcp', 'mcp:prod:drop']);
  expect(generic.facts?.tools).toEqual(named.facts?.tools);
});

test('an MCP server may be a program of this machine: the step is not isolated unless it says so', () => {
  const { plan } = factsOf({ tool: 'mcp:prod:drop', args: {} });
  expect(plan.steps.map(isIsolated)).toEqual([false]);
  const sandbox = { level: 'bubblewrap', network: true } as const;
  expect(plan.steps.map((step) => isIsolated({ ...step, sandbox }))).toEqual([true]);
});
