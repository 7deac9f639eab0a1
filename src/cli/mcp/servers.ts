import { invoke } from '#operations/invoke.js';
import { listMcpServers } from '#operations/mcp/read.js';
import type { ServerView } from '#operations/mcp/view.js';
import {
  checkMcpServer,
  createMcpServer,
  disableMcpServer,
  enableMcpServer,
  removeMcpServer,
  updateMcpServer,
} from '#operations/mcp/write.js';
import type { Room } from '#operations/room.js';
import type { Call } from '../command.js';
import { oneLine, table } from '../format.js';
import type { Output } from '../output.js';
import { roomFor, withExistingRoom } from '../session.js';
import { required } from '../trigger-plan.js';
import { connectionFrom, type McpOptions } from './options.js';

/** `opsroom mcp servers`. JSON: what `mcp.servers` answers. */
export const servers = ({ output }: Call): Promise<number> =>
  withExistingRoom(async ({ room }) => {
    const found = await invoke(listMcpServers, {}, room);
    const head = ['server', 'reached by', 'state', 'speaks', 'tools', 'why'].map((cell) => output.colours.dim(cell));
    const rows = found.servers.map((server) => [
      server.name,
      reached(server),
      server.enabled ? server.state : 'disabled',
      server.speaks?.protocol ?? '',
      toolsOf(server),
      oneLine(server.error?.message ?? ''),
    ]);
    output.print(rows.length === 0 ? 'No MCP servers.' : table([head, ...rows]));
    output.result(found);
    return 0;
  });

/** `opsroom mcp add NAME -- PROGRAM ARGUMENT…` or `--url`. JSON: the server. */
export const add = (call: Call): Promise<number> =>
  acting(call, (room, name, form) => {
    const { disabled = false } = call.command.opts<McpOptions>();
    return invoke(createMcpServer, { name, ...form, enabled: !disabled }, room);
  });

/** `opsroom mcp change NAME`: what is left out stays. JSON: the server. */
export const change = (call: Call): Promise<number> =>
  acting(call, (room, server, form) => invoke(updateMcpServer, { server, ...form }, room));

export const enable = (call: Call): Promise<number> =>
  acting(call, (room, server) => invoke(enableMcpServer, { server }, room));
export const disable = (call: Call): Promise<number> =>
  acting(call, (room, server) => invoke(disableMcpServer, { server }, room));
export const check = (call: Call): Promise<number> =>
  acting(call, (room, server) => invoke(checkMcpServer, { server }, room));
export const remove = (call: Call): Promise<number> =>
  acting(call, (room, server) => invoke(removeMcpServer, { server }, room), 'is removed');

function acting(
  { args: [what = '', given, ...program], command, output }: Call,
  work: (room: Room, name: string, form: object) => Promise<ServerView>,
  done?: string,
): Promise<number> {
  const name = required(given, 'The name of the server', `Name it: opsroom mcp ${what} NAME`);
  const form = connectionFrom(command.opts<McpOptions>(), program);
  return roomFor(what === 'add')(async ({ room }) => {
    const server = await work(room, name, form);
    tell(server, done, output);
    return 0;
  });
}

function tell(server: ServerView, done: string | undefined, output: Output): void {
  const { name, enabled, state, error, tools } = server;
  const words = enabled
    ? `${state === 'ok' ? 'answers' : 'does not answer'}, and has ${toolsOf(server)}`
    : 'is disabled';
  output.print(`${name} ${done ?? words}.`);
  if (done === undefined && error) output.print(oneLine(error.message));
  if (done === undefined && tools.flagged > 0) output.print(`Look at them: opsroom mcp tools ${name} --flagged`);
  output.result(server);
}

function reached({ connection }: ServerView): string {
  if (connection.transport !== 'stdio') return `${connection.transport} ${connection.url}`;
  return oneLine([connection.command, ...connection.args].join(' ')).slice(0, 80);
}

function toolsOf({ tools: { total, flagged } }: ServerView): string {
  const waiting = flagged === 0 ? '' : ` (${flagged} wait for consent)`;
  return `${total} ${total === 1 ? 'tool' : 'tools'}${waiting}`;
}
