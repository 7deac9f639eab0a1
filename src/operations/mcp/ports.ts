import { findNamedServer, lookSoon } from '#catalog/mcp/server-store.js';
import { latestTool, latestTools } from '#catalog/mcp/tool-store.js';
import type { Database } from '#db/database.js';
import type { Ports } from '#execute/ports.js';
import { findRun } from '#execute/runs/store.js';
import type { AttemptId } from '#ir/calls.js';
import type { Logger } from '#observe/log.js';
import type { McpPorts } from '#tools/mcp/ports.js';
import { Nudges } from './nudges.js';
import type { McpSignIns } from './sign-ins.js';

/** What the `mcp` tool needs of the room. `secrets` is asked late: it is made after the tools. */
export function mcpPorts(
  { engine }: Pick<Database, 'engine'>,
  { secrets, signIns, version, log }: { secrets: Ports['secrets']; signIns: McpSignIns; version: string; log: Logger },
): McpPorts {
  const nudges = new Nudges((org, server) => {
    lookSoon(engine, org, server).catch((err: unknown) =>
      log.warn({ err, server }, 'an MCP server says that its tools have changed, and nobody could be told'),
    );
  });
  return {
    version,
    find: async (org, { server: name, tool: toolName }) => {
      const row = await findNamedServer(engine, org, name);
      if (!row) return undefined;
      const tool = row.enabled ? await latestTool(engine, org, row.id, toolName) : undefined;
      const { id, revision, enabled, connection, sandbox, facts } = row;
      return { id, name, revision, enabled, connection, sandbox, legacy: facts?.era === 'legacy', tool };
    },
    toolNames: async (org, server) => {
      const row = await findNamedServer(engine, org, server);
      const tools = row ? await latestTools(engine, org, row.id) : [];
      return tools.flatMap(({ name, gone }) => (gone ? [] : [name]));
    },
    admit: async (id, names, to) => (await secretsOf(engine, secrets, id)).admit(id, names, to),
    secrets: async ({ org, runId, stepId }, names) => {
      const found = await secretsOf(engine, secrets, { org, runId });
      await found.note({ runId, stepId }, names);
      return found.values;
    },
    bearer: (org, server) => signIns.bearer(org, server),
    changed: (org, server) => nudges.tell(org, server),
  };
}

/** What a run may read on its target. */
async function secretsOf(
  engine: Database['engine'],
  secrets: Ports['secrets'],
  { org, runId }: Pick<AttemptId, 'org' | 'runId'>,
): ReturnType<Ports['secrets']> {
  const run = await findRun(engine, org, runId);
  return secrets(org, run?.target ?? {});
}
