import { z } from 'zod';
import { findServer, listServers, type ServerRow, type Sql } from '#catalog/mcp/server-store.js';
import { listSignIns } from '#catalog/mcp/sign-in-store.js';
import { latestTools, toolVersions } from '#catalog/mcp/tool-store.js';
import { didYouMean } from '#ir/suggest.js';
import { OpsroomError } from '#kit/errors.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { serverReference } from './form.js';
import { definitionView, serverView, shownServer, shownTool, toolView } from './view.js';

/** @throws OpsroomError NOT_FOUND */
export async function requireServer(
  sql: Sql,
  room: Pick<Room, 'org'>,
  which: string,
  locked = false,
): Promise<ServerRow> {
  const found = await findServer(sql, room.org, which, locked);
  if (found) return found;
  const mend = 'List them: `opsroom mcp servers`.';
  throw new OpsroomError('NOT_FOUND', { what: 'There is no such MCP server.', where: which, mend });
}

/** A server as it is now. @throws OpsroomError NOT_FOUND */
export function readServer(room: Room, which: string): Promise<z.infer<typeof serverView>> {
  return room.database.door(room.org, async (tx) => {
    const row = await requireServer(tx, room, which);
    return shownServer(row, await latestTools(tx, room.org, row.id), await listSignIns(tx, room.org));
  });
}

export const listMcpServers = operation({
  name: 'mcp.servers',
  summary:
    'List the MCP servers that the room knows: how each is reached, whether it answers, and how many tools it has.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({}),
  output: z.object({ servers: z.array(serverView) }),
  run: (_, room) =>
    room.database.door(room.org, async (tx) => {
      const tools = await latestTools(tx, room.org);
      const signIns = await listSignIns(tx, room.org);
      return { servers: (await listServers(tx, room.org)).map((row) => shownServer(row, tools, signIns)) };
    }),
});

export const listMcpTools = operation({
  name: 'mcp.tools',
  summary: 'List the tools of MCP servers: what each says that it does, and whether it may be called as it is now.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    server: serverReference.optional(),
    flagged: z.boolean().default(false).describe('Only those that somebody has to look at.'),
    gone: z.boolean().default(false).describe('Also those that their server does not list any more.'),
  }),
  output: z.object({ tools: z.array(toolView) }),
  run: ({ server, flagged, gone }, room) =>
    room.database.door(room.org, async (tx) => {
      const only = server === undefined ? undefined : await requireServer(tx, room, server);
      const names = new Map((await listServers(tx, room.org)).map(({ id, name }) => [id, name]));
      const rows = await latestTools(tx, room.org, only?.id);
      const shown = rows
        .filter((row) => (gone || !row.gone) && (!flagged || row.flags.length > 0))
        .map((row) => shownTool(row, names.get(row.serverId) ?? ''));
      return { tools: shown.sort((a, b) => (a.tool < b.tool ? -1 : 1)) };
    }),
});

export const getMcpTool = operation({
  name: 'mcp.tool',
  summary:
    'Show one tool of an MCP server with its schemas, and every version of it that was seen: what changed, and who consented.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ server: serverReference, tool: z.string().min(1).max(128) }),
  output: z.object({
    ...toolView.shape,
    ...definitionView.shape,
    versions: z.array(toolView.extend(definitionView.shape)),
  }),
  run: ({ server, tool }, room) =>
    room.database.door(room.org, async (tx) => {
      const row = await requireServer(tx, room, server);
      const versions = await toolVersions(tx, room.org, row.id, tool);
      const shown = versions.map((one) => {
        const { inputSchema, outputSchema } = one.definition;
        return { ...shownTool(one, row.name, true), inputSchema, outputSchema };
      });
      const [latest] = shown;
      if (latest) return { ...latest, versions: shown };
      const names = (await latestTools(tx, room.org, row.id)).map(({ name }) => name);
      throw new OpsroomError('NOT_FOUND', {
        what: `${row.name} has no tool "${tool}".`,
        mend: didYouMean(tool, names),
      });
    }),
});
