import { z } from 'zod';
import type { ToolContracts } from '#compile/contracts.js';
import type { ToolContract } from '#ir/calls.js';
import { jsonDigest } from '#ir/digest.js';
import { strangersCheck } from '#ir/json-schema.js';
import { type McpToolDefinition, parseMcpName } from '#ir/mcp.js';
import { namedContract } from '#tools/mcp/tool.js';
import type { KnownServers, MadeContracts } from '../made-contracts.js';

/** The same contracts, which know the tools of an organisation's servers; without `servers`, any tool that is named. */
export function withServers(contracts: MadeContracts, servers: KnownServers | undefined): MadeContracts {
  if (servers === undefined) return contracts;
  const { grounds, tools } = contracts;
  return {
    ...contracts,
    tools: knownTools(tools, servers),
    ...(grounds === undefined ? {} : { grounds: { ...grounds, servers } }),
  };
}

function knownTools(own: ToolContracts, { tools: known, open }: KnownServers): ToolContracts {
  const contractOf = (name: string): ToolContract | undefined => {
    const mcp = parseMcpName(name);
    if (mcp === undefined) return own.get(name);
    const definition = known.get(name);
    if (definition) return definedContract(name, definition, namedContract(mcp));
    return open.has(mcp.server) ? namedContract(mcp) : undefined;
  };
  return {
    get: contractOf,
    keys: () => [...own.keys(), ...known.keys()],
    values: () => [...own.values(), ...[...known.keys()].flatMap((name) => contractOf(name) ?? [])],
    [Symbol.iterator]: () => own[Symbol.iterator](),
  };
}

/** Arguments that hold expressions are left to the run: what is found wrong at one of them is passed over by the compiler. */
function definedContract(
  name: string,
  { inputSchema, description }: McpToolDefinition,
  base: ToolContract,
): ToolContract {
  const digest = jsonDigest(inputSchema);
  const args = z.record(z.string(), z.json()).superRefine((given, context) => {
    const found = strangersCheck(inputSchema, digest, given);
    if ('unusable' in found || !found.issue) return;
    context.addIssue({ code: 'custom', path: [...found.issue.path], message: found.issue.what });
  });
  return { ...base, id: name, summary: description.slice(0, 300), args };
}
