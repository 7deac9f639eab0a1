import { z } from 'zod';
import type { Contracts } from '#compile/contracts.js';
import type { ToolContract, VerifierContract } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';

const text = z.string().min(1);
const shape = (fields: z.ZodRawShape) => z.strictObject(fields) as unknown as z.ZodType<JsonObject>;

function tool(
  id: string,
  args: z.ZodType<JsonObject>,
  literal: readonly string[] = [],
  actions: readonly string[] = ['run'],
): ToolContract {
  return { id, summary: id, defaultAction: actions[0] ?? 'run', actions, args, literal, isReadOnly: () => false };
}

function verifier(
  kind: VerifierContract['kind'],
  config: z.ZodType<JsonObject>,
  more: Partial<VerifierContract> = {},
): VerifierContract {
  return { kind, summary: kind, config, literal: [], subject: () => 'outside', expectation: [], ...more };
}

const tools = [
  tool('shell', shape({ run: text, env: z.record(z.string(), text).optional() }), ['run']),
  tool(
    'http',
    shape({ url: z.url(), method: z.enum(['GET', 'POST']).optional(), body: z.json().optional() }),
    [],
    ['request'],
  ),
  tool('sql', shape({ query: text, params: z.array(z.json()).optional() }), ['query'], ['query', 'execute']),
  tool('noop', z.record(z.string(), z.json()) as z.ZodType<JsonObject>),
];

const verifiers = [
  verifier(
    'http',
    shape({
      url: z.url(),
      expectedStatus: z.int().optional(),
      json: z.json().optional(),
      withinMs: z.int().optional(),
    }),
    { expectation: ['json'] },
  ),
  verifier('file', shape({ path: text, newerThanStep: z.boolean().optional(), sha256: text.optional() }), {
    expectation: ['sha256'],
  }),
  verifier('shell', shape({ run: text, env: z.record(z.string(), text).optional() }), { literal: ['run'] }),
  verifier('json_schema', shape({ schema: z.json() }), { subject: () => 'output' }),
];

/** Contracts in the shape of the real tools, small enough to read beside the tests. */
export const contracts: Contracts = {
  tools: new Map(tools.map((contract) => [contract.id, contract])),
  verifiers: new Map(verifiers.map((contract) => [contract.kind, contract])),
  knownPrecondition: (name) =>
    ['node_installed', 'docker_running', 'github_token_set'].includes(name) || /^(env|command):\w+$/.test(name),
};
