import { describe, expect, test } from 'vitest';
import { clientConfig, MCP_CLIENTS, type Way } from './config.js';

const stdio: Way = {
  kind: 'stdio',
  command: ['/usr/bin/node', '/srv/opsroom.mjs', 'mcp', 'serve'],
  home: '/srv/.opsroom',
};
const http: Way = { kind: 'http', url: 'http://127.0.0.1:4310/mcp' };

describe('the settings of an MCP client', () => {
  test('of Cursor name the variable of the key in its own way', () => {
    const { file, text } = clientConfig('cursor', stdio);
    expect(file).toBe('.cursor/mcp.json');
    expect(JSON.parse(text)).toEqual({
      mcpServers: {
        opsroom: {
          command: '/usr/bin/node',
          args: ['/srv/opsroom.mjs', 'mcp', 'serve'],
          env: { OPSROOM_HOME: '/srv/.opsroom', OPSROOM_API_KEY: '${env:OPSROOM_API_KEY}' },
        },
      },
    });
  });

  test('of Claude Code say over what they go, and do without a key that is not set', () => {
    expect(JSON.parse(clientConfig('claude-code', http).text)).toEqual({
      mcpServers: {
        opsroom: {
          type: 'http',
          url: 'http://127.0.0.1:4310/mcp',
          headers: { Authorization: 'Bearer ${OPSROOM_API_KEY:-}' },
        },
      },
    });
  });

  test('of Codex are TOML', () => {
    expect(clientConfig('codex', stdio).text.split('\n')).toEqual([
      '[mcp_servers.opsroom]',
      'command = "/usr/bin/node"',
      'args = ["/srv/opsroom.mjs", "mcp", "serve"]',
      'env = { OPSROOM_HOME = "/srv/.opsroom" }',
      'env_vars = ["OPSROOM_API_KEY"]',
      'startup_timeout_sec = 60',
      'tool_timeout_sec = 300',
      '',
    ]);
  });

  test.each(MCP_CLIENTS)('of %s keep a path with quotes and backslashes as it is', (client) => {
    const home = 'C:\\a "b"\u007F\n';
    const { text } = clientConfig(client, { ...stdio, home });
    expect(text).not.toContain('\u007F\n');
    if (client !== 'codex') expect(JSON.parse(text)).toHaveProperty('mcpServers.opsroom.env.OPSROOM_HOME', home);
    else expect(text).toContain(String.raw`OPSROOM_HOME = "C:\\a \"b\"\u007F\n"`);
  });
});
