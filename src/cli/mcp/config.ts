/** The programs whose form of settings is known. */
export const MCP_CLIENTS = ['cursor', 'claude-code', 'codex'] as const;
export type McpClient = (typeof MCP_CLIENTS)[number];

/** How a client comes to the room: by a program that it starts, or over HTTP. */
export type Way =
  | { readonly kind: 'stdio'; readonly command: readonly [string, ...string[]]; readonly home: string }
  | { readonly kind: 'http'; readonly url: string };

export interface ClientConfig {
  /** The file that the text belongs into. */
  readonly file: string;
  readonly text: string;
}

/** The variable that holds the key: none of these files has to hold the key itself. */
const KEY = 'OPSROOM_API_KEY';
/** How long `runs_wait` may take, and some. */
const TOOL_TIMEOUT_S = 300;
/** The first start makes the database. */
const START_TIMEOUT_S = 60;

/** What one client wants in its settings to have Opsroom as an MCP server. Pure. */
export function clientConfig(client: McpClient, way: Way): ClientConfig {
  if (client === 'codex') return { file: '~/.codex/config.toml', text: codexToml(way) };
  const key = client === 'cursor' ? `\${env:${KEY}}` : `\${${KEY}:-}`;
  const server = way.kind === 'http' ? overHttp(client, way.url, key) : overStdio(client, way, key);
  const file = client === 'cursor' ? '.cursor/mcp.json' : '.mcp.json';
  return { file, text: `${JSON.stringify({ mcpServers: { opsroom: server } }, null, 2)}\n` };
}

function overHttp(client: McpClient, url: string, key: string): object {
  return { ...(client === 'claude-code' ? { type: 'http' } : {}), url, headers: { Authorization: `Bearer ${key}` } };
}

function overStdio(client: McpClient, { command: [command, ...args], home }: Way & { kind: 'stdio' }, key: string) {
  const env = { OPSROOM_HOME: home, [KEY]: key };
  return { ...(client === 'claude-code' ? { type: 'stdio' } : {}), command, args, env };
}

function codexToml(way: Way): string {
  const head = ['[mcp_servers.opsroom]'];
  const times = [`startup_timeout_sec = ${START_TIMEOUT_S}`, `tool_timeout_sec = ${TOOL_TIMEOUT_S}`];
  if (way.kind === 'http') {
    return lines([...head, `url = ${toml(way.url)}`, `bearer_token_env_var = ${toml(KEY)}`, ...times]);
  }
  const [command, ...args] = way.command;
  return lines([
    ...head,
    `command = ${toml(command)}`,
    `args = [${args.map(toml).join(', ')}]`,
    `env = { OPSROOM_HOME = ${toml(way.home)} }`,
    `env_vars = [${toml(KEY)}]`,
    ...times,
  ]);
}

const lines = (all: readonly string[]): string => `${all.join('\n')}\n`;
/** A basic string of TOML: its escapes are those of JSON, but for DEL, which must not stand there as it is. */
const toml = (text: string): string => JSON.stringify(text).replaceAll('\u007F', '\\u007F');
