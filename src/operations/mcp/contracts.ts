import { z } from 'zod';
import { listServers } from '#catalog/mcp/server-store.js';
import { latestTools } from '#catalog/mcp/tool-store.js';
import type { Contracts, ToolContracts } from '#compile/contracts.js';
import type { ToolContract } from '#ir/calls.js';
import { jsonDigest } from '#ir/digest.js';
import { strangersCheck } from '#ir/json-schema.js';
import { type McpToolDefinition, mcpName, parseMcpName } from '#ir/mcp.js';
import { namedContract } from '#tools/mcp/tool.js';
import type { PlanGiven } from '../plans/input.js';
import type { Room } from '../room.js';

/**
 * What the compiler knows in a room: of MCP tools, those that the organisation's servers have, with the schemas of their arguments.
 * A server that was never looked at may have any. Nothing is asked for a plan that names none.
 */
export async function contractsOf(
  { contracts, database, org }: Pick<Room, 'org' | 'database' | 'contracts'>,
  given: PlanGiven,
): Promise<Contracts> {
  const named = 'text' in given ? given.text.includes('mcp:') : JSON.stringify(given).includes('mcp:');
  if (!named) return contracts;
  const { servers, tools } = await database.door(org, async (tx) => ({
    servers: await listServers(tx, org),
    tools: await latestTools(tx, org),
  }));
  const names = new Map(servers.map(({ id, name }) => [id, name]));
  const known = new Map<string, McpToolDefinition>();
  for (const { serverId, name, definition, gone } of tools)
    if (!gone) known.set(mcpName({ server: names.get(serverId) ?? '', tool: name }), definition);
  const open = new Set(servers.flatMap(({ name, lookedAt }) => (lookedAt === null ? [name] : [])));
  return { ...contracts, tools: withServers(contracts.tools, known, open) };
}

function withServers(
  own: ToolContracts,
  known: ReadonlyMap<string, McpToolDefinition>,
  open: ReadonlySet<string>,
): ToolContracts {
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
