import { OpsroomError } from '#kit/errors.js';
import { invoke } from '#operations/invoke.js';
import { consentToTools } from '#operations/mcp/consent.js';
import { getMcpTool, listMcpTools } from '#operations/mcp/read.js';
import type { ToolView } from '#operations/mcp/view.js';
import type { Room } from '#operations/room.js';
import { askKey, someoneAnswers } from '../ask.js';
import type { Call } from '../command.js';
import { oneLine, table, time } from '../format.js';
import type { Output } from '../output.js';
import { withExistingRoom } from '../session.js';
import { required } from '../trigger-plan.js';
import type { McpOptions } from './options.js';

/** `opsroom mcp tools [SERVER]`. JSON: what `mcp.tools` answers. */
export const tools = ({ args: [, server], command, output }: Call): Promise<number> =>
  withExistingRoom(async ({ room }) => {
    const { all = false, flagged = false } = command.opts<McpOptions>();
    const found = await invoke(listMcpTools, { ...(server === undefined ? {} : { server }), flagged, gone: all }, room);
    const head = ['tool', 'may be called', 'what it says'].map((cell) => output.colours.dim(cell));
    const rows = found.tools.map((tool) => [tool.tool, standing(tool), oneLine(tool.description).slice(0, 90)]);
    output.print(rows.length === 0 ? 'No tools.' : table([head, ...rows]));
    output.result(found);
    return 0;
  });

/** `opsroom mcp tool SERVER NAME`: with its schemas and versions. JSON: what `mcp.tool` answers. */
export const tool = ({ args: [, server, name], output }: Call): Promise<number> =>
  withExistingRoom(async ({ room }) => {
    const [of, which] = [named(server), required(name, 'The tool', 'Name it: opsroom mcp tool SERVER TOOL')];
    const found = await invoke(getMcpTool, { server: of, tool: which }, room);
    output.print(`${found.tool}: ${standing(found)}\n${found.description}\n`);
    output.print(`arguments: ${JSON.stringify(found.inputSchema, null, 2)}`);
    for (const { version, firstSeenAt, flags, consentedBy } of found.versions)
      output.print(
        `version ${version}, ${time(firstSeenAt)}: ${consentedBy === null ? flags.join(', ') : `consented to by ${consentedBy}`}`,
      );
    output.result(found);
    return 0;
  });

/** `opsroom mcp consent SERVER TOOL…` or `--all`. JSON: the tools. */
export const consent = ({ args: [, server, ...names], command, output }: Call): Promise<number> =>
  withExistingRoom(async ({ room }) => {
    const { all = false, yes = false } = command.opts<McpOptions>();
    const of = named(server);
    const waiting = (await invoke(listMcpTools, { server: of, flagged: true }, room)).tools;
    const wanted = all ? waiting : waiting.filter(({ name }) => names.includes(name));
    if (wanted.length === 0) return nothing(all || names.length > 0, of, output);
    for (const one of wanted) await show(room, one, output);
    if (!yes && !(await agreed(wanted.length))) return 2;
    const asked = wanted.map(({ name, digest }) => ({ name, digest }));
    const done = await invoke(consentToTools, { server: of, tools: asked }, room);
    output.print(`Consented: ${done.tools.map(({ tool }) => tool).join(', ')}.`);
    output.result(done);
    return 0;
  });

const named = (server: string | undefined): string =>
  required(server, 'The name of the server', 'List them: opsroom mcp servers');

function nothing(asked: boolean, server: string, output: Output): number {
  if (!asked) {
    const mend = `Name tools, or say --all: opsroom mcp consent ${server} --all`;
    throw new OpsroomError('USAGE', { what: 'No tool is named.', mend });
  }
  output.print('Nothing waits for consent.');
  output.result({ tools: [] });
  return 0;
}

/** What is consented to is what is shown. */
async function show(room: Room, { server, name, tool, flags }: ToolView, output: Output): Promise<void> {
  const { description, inputSchema, annotations } = await invoke(getMcpTool, { server, tool: name }, room);
  output.print(`${tool}: ${flags.join(', ')}\n${description}\n${JSON.stringify({ annotations, inputSchema })}\n`);
}

/** @throws OpsroomError USAGE where nobody can be asked */
async function agreed(count: number): Promise<boolean> {
  if (!someoneAnswers()) {
    throw new OpsroomError('USAGE', { what: 'Nobody is here to be asked.', mend: 'Say --yes once you have looked.' });
  }
  return (await askKey(`Consent to ${count === 1 ? 'it' : `these ${count}`}? [y/n]`, ['y', 'n'])) === 'y';
}

function standing({ callable, flags, goneAt }: ToolView): string {
  if (callable) return 'yes';
  return goneAt === null ? `no: ${flags.join(', ')}` : 'gone';
}
