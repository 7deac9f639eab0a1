import { z } from 'zod';
import {
  type ChangedBy,
  deleteServer,
  findServer,
  insertServer,
  listServers,
  type ServerRow,
  type Sql,
  updateServer,
} from '#catalog/mcp/server-store.js';
import { takeSignIns } from '#catalog/mcp/sign-in-store.js';
import { withdrawConsent } from '#catalog/mcp/tool-store.js';
import { jsonDigest } from '#ir/digest.js';
import { OpsroomError } from '#kit/errors.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { note } from '../triggers/note.js';
import { connectionFields, connectionOf, sandboxField, serverName, serverReference } from './form.js';
import { isPerson, requirePerson } from './person.js';
import { readServer, requireServer } from './read.js';
import { noteSignedOut, revokeFrom } from './sign-out.js';
import { serverView } from './view.js';

/** More than anybody looks through. */
const MOST_SERVERS = 200;

const MATTER = 'which MCP servers there are, and how they are reached,';

const changedBy = (room: Room): ChangedBy => ({ by: room.by, person: isPerson(room) });

export const createMcpServer = operation({
  name: 'mcp.create',
  summary:
    'Register an MCP server: a program of this machine, or an address. Its tools can be used as steps as soon as it has answered. Only people do, no key.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({
    name: serverName,
    ...connectionFields,
    sandbox: sandboxField.default({ level: 'none', network: true }),
    enabled: z.boolean().default(true),
  }),
  output: serverView,
  run: async ({ name, sandbox, enabled, ...given }, room) => {
    requirePerson(room, MATTER);
    const connection = connectionOf(given);
    const made = await room.database.engineTx(async (tx) => {
      await requireRoom(tx, room);
      const row = await insertServer(tx, room.org, { name, connection, sandbox, enabled }, changedBy(room));
      if (!row) {
        const mend = 'Choose another name, or change that one: `opsroom mcp change`.';
        throw new OpsroomError('USAGE', { what: `There is an MCP server "${name}" already.`, mend });
      }
      await note(tx, room, 'mcp.server_created', { server: row.id, name, connection, sandbox, enabled });
      return row;
    });
    return looked(room, made);
  },
});

async function requireRoom(tx: Sql, room: Room): Promise<void> {
  if ((await listServers(tx, room.org)).length < MOST_SERVERS) return;
  throw new OpsroomError('USAGE', {
    what: `There are ${MOST_SERVERS} MCP servers already.`,
    mend: 'Remove one first.',
  });
}

/** What it offers is known before the answer is given. */
export async function looked(room: Room, row: ServerRow): Promise<z.infer<typeof serverView>> {
  if (row.enabled) await room.mcp.lookOnce(row);
  return readServer(room, row.id);
}

/** Changes a server under the lock of its row, with its entry in the audit log, and looks at it anew. @throws OpsroomError NOT_FOUND */
async function change(
  room: Room,
  which: string,
  kind: string,
  changed: (before: ServerRow) => Pick<ServerRow, 'connection' | 'sandbox' | 'enabled'>,
): Promise<z.infer<typeof serverView>> {
  const { before, held, row } = await room.database.engineTx(async (tx) => {
    const before = await requireServer(tx, room, which, true);
    const { connection, sandbox, enabled } = changed(before);
    await updateServer(tx, room.org, before.id, { connection, sandbox, enabled }, changedBy(room));
    // What somebody consented to were the words of another program, or of another address.
    const isOther = jsonDigest(connection) !== jsonDigest(before.connection);
    if (isOther) await withdrawConsent(tx, room.org, before.id);
    // Its tokens are for that address and no other.
    const held = isOther ? await takeSignIns(tx, room.org, before.id) : undefined;
    if (held) await noteSignedOut(tx, room, before);
    await note(tx, room, kind, { server: before.id, name: before.name, connection, sandbox: { ...sandbox }, enabled });
    return { before, held, row: (await findServer(tx, room.org, before.id)) ?? before };
  });
  await revokeFrom(room, before, held);
  return looked(room, row);
}

export const updateMcpServer = operation({
  name: 'mcp.update',
  summary:
    'Change how an MCP server is reached; what is left out stays. One that is another afterwards waits for consent anew. Only people do, no key.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({
    server: serverReference,
    ...connectionFields,
    transport: connectionFields.transport.optional(),
    sandbox: sandboxField.optional(),
  }),
  output: serverView,
  run: ({ server, sandbox, ...given }, room) => {
    requirePerson(room, MATTER);
    return change(room, server, 'mcp.server_changed', (before) => ({
      connection: connectionOf(given, before.connection),
      sandbox: sandbox ?? before.sandbox,
      enabled: before.enabled,
    }));
  },
});

const named = z.strictObject({ server: serverReference });

export const enableMcpServer = operation({
  name: 'mcp.enable',
  summary: 'Enable an MCP server, and look at what it offers. Only people do, no key.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: named,
  output: serverView,
  run: ({ server }, room) => {
    requirePerson(room, MATTER);
    return change(room, server, 'mcp.server_enabled', (before) => ({ ...before, enabled: true }));
  },
});

export const disableMcpServer = operation({
  name: 'mcp.disable',
  summary: 'Disable an MCP server: none of its tools can be called until it is enabled again.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: named,
  output: serverView,
  run: ({ server }, room) => change(room, server, 'mcp.server_disabled', (before) => ({ ...before, enabled: false })),
});

export const removeMcpServer = operation({
  name: 'mcp.remove',
  summary:
    'Remove an MCP server with all that is known of its tools. Plans that use them cannot run any more. Only people do, no key.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: named,
  output: serverView,
  run: async ({ server }, room) => {
    requirePerson(room, MATTER);
    const shown = await readServer(room, server);
    const { before, held } = await room.database.engineTx(async (tx) => {
      const before = await requireServer(tx, room, shown.serverId, true);
      const held = await takeSignIns(tx, room.org, before.id);
      if (held) await noteSignedOut(tx, room, before);
      await deleteServer(tx, room.org, before.id);
      await note(tx, room, 'mcp.server_removed', { server: before.id, name: before.name });
      return { before, held };
    });
    await revokeFrom(room, before, held);
    return shown;
  },
});

export const checkMcpServer = operation({
  name: 'mcp.check',
  summary: 'Look at an enabled MCP server now: whether it answers, and which tools it has. Only people do, no key.',
  permission: 'room:admin',
  changes: true,
  consequential: false,
  input: named,
  output: serverView,
  run: async ({ server }, room) => {
    requirePerson(room, MATTER);
    const row = await room.database.door(room.org, (tx) => requireServer(tx, room, server));
    if (row.enabled) return looked(room, row);
    const mend = `Enable it: \`opsroom mcp enable ${row.name}\`.`;
    throw new OpsroomError('NOT_ALLOWED_NOW', { what: `The MCP server "${row.name}" is disabled.`, mend });
  },
});
