import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { McpConnection, McpToolDefinition } from '#ir/mcp.js';
import { definitionDigest, readDefinition } from '#ir/mcp.js';
import { OpsroomError } from '#kit/errors.js';
import { McpLink } from '#tools/mcp/connection.js';
import type { FoundServer, McpPorts } from '#tools/mcp/ports.js';
import { reachOf } from '#tools/mcp/reach.js';

const packageFile = (path: string) =>
  fileURLToPath(new URL(`../../node_modules/@modelcontextprotocol/${path}`, import.meta.url));
export const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/mcp/${name}`, import.meta.url));

export const EVERYTHING = packageFile('server-everything/dist/index.js');
export const FILESYSTEM = packageFile('server-filesystem/dist/index.js');
export const MEMORY = packageFile('server-memory/dist/index.js');

/** A server that is a script of Node. */
export const node = (script: string, ...args: string[]): McpConnection => ({
  transport: 'stdio',
  command: process.execPath,
  args: [script, ...args],
  env: {},
});

export const remote = (transport: 'http' | 'sse', url: string): McpConnection => ({
  transport,
  url,
  headers: {},
  allowAddresses: ['127.0.0.1'],
});

/** A registry of one server, whose tools are those that it listed just now. */
export async function catalogOf(connection: McpConnection, over: Partial<McpPorts> = {}): Promise<McpPorts> {
  return registryOf(connection, await listed(connection), over);
}

/** A registry of one server with these tools. */
export function registryOf(
  connection: McpConnection,
  definitions: readonly McpToolDefinition[],
  over: Partial<McpPorts> = {},
): McpPorts {
  return {
    version: 'test',
    find: async (_org, { tool }): Promise<FoundServer> => {
      const definition = definitions.find(({ name }) => name === tool);
      return {
        id: 'server',
        name: 'server',
        revision: 1,
        enabled: true,
        connection,
        sandbox: { level: 'none', network: true },
        legacy: false,
        tool: definition && { definition, digest: definitionDigest(definition), flags: [] },
      };
    },
    toolNames: async () => definitions.map(({ name }) => name),
    secrets: async () => ({}),
    admit: async () => undefined,
    changed: () => undefined,
    ...over,
  };
}

/** What a server lists, as it is kept. */
export async function listed(connection: McpConnection): Promise<McpToolDefinition[]> {
  const ground = {
    folder: process.cwd(),
    home: '/tmp',
    env: {},
    isolation: { level: 'none', network: true } as const,
    allowAddresses: [],
  };
  const signal = AbortSignal.timeout(20_000);
  const reach = reachOf(connection, ground, {});
  const link = await McpLink.open({ reach, version: 'test', legacy: false, signal, listChanged: () => undefined });
  try {
    const found = (await link.list(signal)).map(readDefinition);
    return found.map((one) => {
      if ('refused' in one) throw new OpsroomError('MCP_FAILED', { what: one.refused });
      return one;
    });
  } finally {
    await link.close();
  }
}

/** A server that listens until it is closed, and says on stderr at which port. */
export async function listening(
  script: string,
  args: readonly string[],
  port: number | undefined,
): Promise<{ url: string; close(): void }> {
  const env = { PATH: process.env['PATH'] ?? '', ...(port === undefined ? {} : { PORT: String(port) }) };
  const child = spawn(process.execPath, [script, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  const found = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const [, at] = /port (\d+)/.exec(said) ?? [];
      if (at !== undefined) resolve(at);
    });
    child.once('exit', () => reject(new Error(`The server ended: ${said}`)));
  });
  return { url: `http://127.0.0.1:${found}`, close: () => void child.kill('SIGKILL') };
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
