import { z } from 'zod';
import { jsonDigest } from '#ir/digest.js';
import type { JsonObject } from '#ir/json.js';
import { strangersCheck } from '#ir/json-schema.js';
import { type McpConnection, type McpToolDefinition, readDefinition } from '#ir/mcp.js';
import { OpsroomError } from '#kit/errors.js';
import { deadline } from '#sandbox/deadline.js';
import { makeScratch } from '../shell/scratch.js';
import { McpLink } from './connection.js';
import { reachOf } from './reach.js';
import { answerOutput } from './result.js';

const serverSchema = z.strictObject({
  id: z.string().min(1).max(200),
  name: z.string().min(1).max(200),
  transport: z.enum(['stdio', 'http', 'sse', 'websocket']),
  command: z.string().min(1).optional(),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
  url: z.string().min(1).optional(),
  headers: z.record(z.string(), z.string()).default({}),
  allowAddresses: z.array(z.string()).default([]),
});

/** A server as `McpClient` takes it. `http` is Streamable HTTP; `sse` is what old servers speak; WebSocket is no transport of MCP. */
export type McpServer = z.input<typeof serverSchema>;

/** A tool of a server, as that describes it. */
export interface McpTool {
  readonly server_id: string;
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
}

/** What a tool answered: all its texts together, its content, and whether it says that it failed. */
export interface McpAnswer {
  readonly text: string;
  readonly content: readonly JsonObject[];
  readonly structuredContent: unknown;
  readonly isError: boolean;
  /** Something was too large and was left out. */
  readonly truncated: boolean;
}

export interface McpClientOptions {
  /** For one call, connecting included. */
  readonly timeoutMs?: number;
}

interface Connected {
  readonly link: McpLink;
  readonly remove: () => void;
  /** Calls go one after the other: what a server says meanwhile belongs to one of them. */
  last: Promise<unknown>;
  tools: readonly McpToolDefinition[] | undefined;
}

interface Connecting {
  /** Gives it up. */
  readonly leave: AbortController;
  /** Resolves when it is connected, or nothing of it is left. */
  readonly over: Promise<void>;
}

const USUAL_MS = 60_000;

/**
 * MCP servers spoken to from a program, without a room: no registry, no consent, no secrets of a vault. Bounds hold as in a room: a
 * server that hangs, dies or floods costs the call, and private addresses are refused but for those that `allowAddresses` names. A
 * program starts in an empty folder with PATH, HOME and what `env` gives it; nobody answers what a server asks.
 */
export class McpClient {
  private readonly servers = new Map<string, Connected>();
  /** Known before anything is waited for: two who connect one server at once have one connection. */
  private readonly connecting = new Map<string, Connecting>();
  private readonly timeoutMs: number;

  constructor({ timeoutMs = USUAL_MS }: McpClientOptions = {}) {
    this.timeoutMs = timeoutMs;
  }

  /**
   * @throws OpsroomError USAGE for what is no server, or is connected or being connected already; CANCELLED when it is disconnected
   *   meanwhile; MCP_FAILED, UNREACHABLE, ADDRESS_REFUSED
   */
  async connect(server: McpServer): Promise<void> {
    const { id, connection } = connectionOf(server);
    if (this.servers.has(id)) throw new OpsroomError('USAGE', { what: `The server "${id}" is connected already.` });
    if (this.connecting.has(id))
      throw new OpsroomError('USAGE', { what: `The server "${id}" is being connected already.` });
    const leave = new AbortController();
    const opening = this.open(id, connection, leave.signal).finally(() => this.connecting.delete(id));
    this.connecting.set(id, { leave, over: opening.catch(() => undefined) });
    await opening;
  }

  private async open(id: string, connection: McpConnection, left: AbortSignal): Promise<void> {
    const scratch = makeScratch('none');
    const remove = () => scratch.remove();
    try {
      const isolation = { level: 'none', network: true } as const;
      const { folder, home } = scratch;
      const reach = reachOf(connection, { folder, home, env: {}, isolation, allowAddresses: [] }, {});
      const signal = deadline(left, this.timeoutMs);
      const forget = () => {
        const known = this.servers.get(id);
        if (known) known.tools = undefined;
      };
      const link = await McpLink.open({ reach, version: '1', legacy: false, signal, listChanged: forget });
      this.servers.set(id, { link, remove, last: Promise.resolve(), tools: undefined });
    } catch (error) {
      remove();
      throw error;
    }
  }

  /** @throws OpsroomError NOT_FOUND for a server that is not connected; MCP_FAILED */
  async listTools(serverId: string): Promise<McpTool[]> {
    const tools = await this.inTurn(serverId, (server, signal) => toolsOf(server, signal));
    return tools.map(({ name, description, inputSchema }) => ({ server_id: serverId, name, description, inputSchema }));
  }

  /** @throws OpsroomError NOT_FOUND; ARGUMENT_INVALID for what does not fit the tool's schema; INPUT_NEEDED when it asks a person; MCP_FAILED */
  invokeTool(serverId: string, toolName: string, args: JsonObject = {}): Promise<McpAnswer> {
    return this.inTurn(serverId, async (server, signal) => {
      const tool = (await toolsOf(server, signal)).find(({ name }) => name === toolName);
      if (!tool)
        throw new OpsroomError('NOT_FOUND', {
          what: `The server has no tool "${toolName}".`,
          where: serverId,
          mend: 'See which it has: `listTools()`.',
        });
      requireArguments(tool, args);
      const hooks = { progress: () => undefined, log: () => undefined };
      const answer = await server.link.call(tool, args, { signal, hooks });
      const { definition: _, ...output } = answerOutput(answer, '');
      return output as unknown as McpAnswer;
    });
  }

  /** Resolves when nothing of the server runs any more; also for one that is not connected. */
  async disconnect(serverId: string): Promise<void> {
    const connecting = this.connecting.get(serverId);
    const what = `The server "${serverId}" was disconnected while it was being connected.`;
    connecting?.leave.abort(new OpsroomError('CANCELLED', { what }));
    await connecting?.over;
    const server = this.servers.get(serverId);
    this.servers.delete(serverId);
    await server?.link.close();
    server?.remove();
  }

  private inTurn<T>(serverId: string, work: (server: Connected, signal: AbortSignal) => Promise<T>): Promise<T> {
    const server = this.servers.get(serverId);
    if (!server)
      return Promise.reject(
        new OpsroomError('NOT_FOUND', {
          what: 'No such server is connected.',
          where: serverId,
          mend: 'Connect it first.',
        }),
      );
    const done = server.last.then(() => work(server, AbortSignal.timeout(this.timeoutMs)));
    server.last = done.catch(() => undefined);
    return done;
  }
}

async function toolsOf(server: Connected, signal: AbortSignal): Promise<readonly McpToolDefinition[]> {
  server.tools ??= (await server.link.list(signal))
    .map(readDefinition)
    .filter((one): one is McpToolDefinition => !('refused' in one));
  return server.tools;
}

function requireArguments({ inputSchema }: McpToolDefinition, args: JsonObject): void {
  const found = strangersCheck(inputSchema, jsonDigest(inputSchema), args);
  const issue = 'unusable' in found ? { path: [], what: found.unusable } : found.issue;
  if (!issue) return;
  throw new OpsroomError('ARGUMENT_INVALID', { what: `${issue.path.join('.') || 'args'}: ${issue.what}` });
}

function connectionOf(given: McpServer): { id: string; connection: McpConnection } {
  const parsed = serverSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new OpsroomError('USAGE', {
      what: issue?.message ?? 'That is no server.',
      where: issue?.path.join('.') ?? '',
    });
  }
  const { id, transport, command, args, env, url, headers, allowAddresses } = parsed.data;
  if (transport === 'websocket') {
    const mend = 'Give the address of its Streamable HTTP endpoint with transport http; or sse, for an old server.';
    throw new OpsroomError('USAGE', { what: 'WebSocket is no transport of MCP.', where: 'transport', mend });
  }
  const lacks =
    transport === 'stdio' ? (command === undefined ? 'command' : undefined) : url === undefined ? 'url' : undefined;
  if (lacks !== undefined)
    throw new OpsroomError('USAGE', { what: `A server over ${transport} needs "${lacks}".`, where: lacks });
  if (transport === 'stdio') return { id, connection: { transport, command: command ?? '', args, env } };
  return { id, connection: { transport, url: url ?? '', headers, allowAddresses } };
}
