import { z } from 'zod';
import type { Contracts } from '#compile/contracts.js';
import type { ToolContract, VerifierContract } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';

const anyArgs = z.record(z.string(), z.json()) as unknown as z.ZodType<JsonObject>;
const literal = ['run', 'query'];

const tool = (id: string, actions: readonly string[]): [string, ToolContract] => [
  id,
  { id, summary: id, defaultAction: 'run', actions, args: anyArgs, literal, isReadOnly: () => false },
];
const verifier = (kind: VerifierContract['kind']): [string, VerifierContract] => [
  kind,
  { kind, summary: kind, config: anyArgs, literal, subject: () => 'outside', expectation: [] },
];

/** What the blocks of a runbook are done and checked by, whatever they hand over: its reading is tested, and not the arguments. */
export const runbookContracts: Contracts = {
  tools: new Map([
    tool('shell', ['run', 'background']),
    tool('sql', ['query', 'execute']),
    tool('http', ['run', 'request']),
  ]),
  verifiers: new Map([verifier('shell'), verifier('sql'), verifier('json_schema')]),
  knownPrecondition: () => true,
};
