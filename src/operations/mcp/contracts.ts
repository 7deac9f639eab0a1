import { listServers, type ServerRow } from '#catalog/mcp/server-store.js';
import { latestTools, type ToolRow } from '#catalog/mcp/tool-store.js';
import type { JsonObject } from '#ir/json.js';
import { type McpToolDefinition, mcpName } from '#ir/mcp.js';
import type { MadeContracts } from '../made-contracts.js';
import type { PlanGiven } from '../plans/input.js';
import type { Room } from '../room.js';
import { withServers } from './known-servers.js';

/**
 * What the compiler knows in a room: of MCP tools, those that the organisation's servers have, with the schemas of their arguments.
 * A server that was never looked at may have any. Nothing is asked for a plan that names none.
 */
export async function contractsOf(room: Asking, given: PlanGiven): Promise<MadeContracts> {
  const named = 'text' in given ? given.text.includes('mcp:') : JSON.stringify(given).includes('mcp:');
  return named ? (await groundsOf(room)).contracts : room.contracts;
}

type Asking = Pick<Room, 'org' | 'database' | 'contracts'>;

/** What a plan may be drafted from. */
export interface Grounds {
  readonly contracts: MadeContracts;
  /** Tools of MCP servers that may be called as they are: enabled, there, and somebody has consented. Descriptions are their servers' words. */
  readonly callable: readonly { readonly id: string; readonly summary: string; readonly args: JsonObject }[];
}

/** All that the compiler knows in a room, and what of it is offered to whoever drafts. */
export async function groundsOf({ contracts, database, org }: Asking): Promise<Grounds> {
  const { servers, tools } = await database.door(org, async (tx) => ({
    servers: await listServers(tx, org),
    tools: await latestTools(tx, org),
  }));
  return { contracts: knownContracts(contracts, servers, tools), callable: callableTools(servers, tools) };
}

/** More than a model chooses among well; what is beyond is still named by whoever writes a plan. */
const MOST_OFFERED = 100;
const MOST_SUMMARY = 300;
const MOST_SCHEMA = 4000;

function callableTools(servers: readonly ServerRow[], tools: readonly ToolRow[]): Grounds['callable'] {
  const enabled = new Map(servers.flatMap(({ id, name, enabled: is }) => (is ? [[id, name]] : [])));
  const callable = tools.flatMap(({ serverId, name, definition: { description, inputSchema }, flags, gone }) => {
    const server = enabled.get(serverId);
    if (server === undefined || gone || flags.length > 0) return [];
    const args = JSON.stringify(inputSchema).length <= MOST_SCHEMA ? inputSchema : { type: 'object' };
    return [{ id: mcpName({ server, tool: name }), summary: description.slice(0, MOST_SUMMARY), args }];
  });
  return callable.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, MOST_OFFERED);
}

function knownContracts(
  contracts: MadeContracts,
  servers: readonly ServerRow[],
  tools: readonly ToolRow[],
): MadeContracts {
  const names = new Map(servers.map(({ id, name }) => [id, name]));
  const known = new Map<string, McpToolDefinition>();
  for (const { serverId, name, definition, gone } of tools)
    if (!gone) known.set(mcpName({ server: names.get(serverId) ?? '', tool: name }), definition);
  const open = new Set(servers.flatMap(({ name, lookedAt }) => (lookedAt === null ? [name] : [])));
  return withServers(contracts, { tools: known, open });
}
