import { z } from 'zod';
import { listServers, type ServerRow } from '#catalog/mcp/server-store.js';
import { latestTools, type ToolRow } from '#catalog/mcp/tool-store.js';
import type { Contracts, ToolContracts } from '#compile/contracts.js';
import type { ToolContract } from '#ir/calls.js';
import { jsonDigest } from '#ir/digest.js';
import type { JsonObject } from '#ir/json.js';
import { strangersCheck } from '#ir/json-schema.js';
import { type McpToolDefinition, mcpName, parseMcpName } from '#ir/mcp.js';
import { namedContract } from '#tools/mcp/tool.js';
import type { PlanGiven } from '../plans/input.js';
import type { Room } from '../room.js';

/**
 * What the compiler knows in a room: of MCP tools, those that the organisation's servers have, with the schemas of their arguments.
 * A server that was never looked at may have any. Nothing is asked for a plan that names none.
 */
export async function contractsOf(room: Asking, given: PlanGiven): Promise<Contracts> {
  const named = 'text' in given ? given.text.includes('mcp:') : JSON.stringify(given).includes('mcp:');
  return named ? (await groundsOf(room)).contracts : room.contracts;
}

type Asking = Pick<Room, 'org' | 'database' | 'contracts'>;

/** What a plan may be drafted from. */
export interface Grounds {
  readonly contracts: Contracts;
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

function knownContracts(contracts: Contracts, servers: readonly ServerRow[], tools: readonly ToolRow[]): Contracts {
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
