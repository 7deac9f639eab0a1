import { expect, test } from 'vitest';
import { compilePlan } from '#compile/compile.js';
import type { JsonValue } from '#ir/json.js';
import { builtIn } from '../contracts.js';
import { isIsolated, requestFacts } from './facts.js';

const { contracts } = builtIn();

function factsOf(...steps: { tool: string; args: JsonValue }[]) {
  const value = { apiVersion: 'opsroom/v1', title: 'x', steps: steps.map((step, n) => ({ id: `s${n}`, ...step })) };
  const { plan, digest } = compilePlan({ value }, contracts);
  const [facts] = requestFacts(
    { plan, planDigest: digest, inputs: {}, title: 'x', target: {}, queue: {} },
    contracts.tools,
  );
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

const read = { readOnly: true } as const;
test.each([
  [true, { tool: 'http', args: { url: 'https://ops.example/' }, ...read }],
  [true, { tool: 'http', args: { method: 'HEAD', url: 'https://ops.example/' }, ...read }],
  [false, { tool: 'http', args: { method: 'POST', url: 'https://ops.example/' }, ...read }],
  [false, { tool: 'http', args: { method: '{{ inputs.m }}', url: 'https://ops.example/' }, ...read }],
  [false, { tool: 'http', args: { url: 'https://ops.example/' } }],
  [false, { tool: 'shell', args: { run: 'true' }, ...read }],
  [false, { tool: 'mcp:prod:list', args: {}, ...read }],
  [
    false,
    {
      tool: 'http',
      args: { url: 'https://ops.example/' },
      ...read,
      verifiers: [{ id: 'v', kind: 'shell', config: { run: 'true' } }],
    },
  ],
])('whether it only reads is %s of %j: what a step says of itself is not enough', (reads, step) => {
  const inputSchema = { type: 'object', properties: { m: { type: 'string' } } };
  const value = { apiVersion: 'opsroom/v1', title: 'x', inputSchema, steps: [{ id: 's', ...step }] };
  const { plan, digest } = compilePlan({ value: value as JsonValue }, contracts);
  const asked = {
    plan,
    planDigest: digest,
    inputs: {},
    title: 'x',
    target: { allowAddresses: ['10.0.0.0/8'] },
    queue: {},
  };
  expect(requestFacts(asked, contracts.tools)).toMatchObject([{ readOnly: reads, allowAddresses: ['10.0.0.0/8'] }]);
});

test('a check is a use of the tool by which it looks', () => {
  const verifiers = [{ id: 'v', kind: 'shell', config: { run: 'true' } }];
  const { facts } = factsOf({ tool: 'http', args: { url: 'https://ops.example/' }, verifiers } as never);
  expect(facts?.tools).toEqual(['http', 'shell']);
  expect(facts?.isolated).toBe(false);
});

test('a step with the keys of this machine is not isolated from it', () => {
  const host = { host: 'web-1.example', user: 'ops', argv: ['true'] };
  const own = factsOf({ tool: 'ssh', args: { ...host, auth: { agent: '/run/agent' } } });
  const given = factsOf({ tool: 'ssh', args: { ...host, auth: { privateKey: '{{ secrets.KEY }}' } } });
  expect([own.facts?.isolated, given.facts?.isolated]).toEqual([false, true]);
});
