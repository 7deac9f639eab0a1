import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ToolResult } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import type { McpConnection } from '#ir/mcp.js';
import { OpsroomError } from '#kit/errors.js';
import type { McpPorts } from '#tools/mcp/ports.js';
import { type McpTool, mcpTool } from '#tools/mcp/tool.js';
import { testCall } from '../harness/call.js';
import { catalogOf, EVERYTHING, fixture, freePort, listening, node, remote } from '../harness/mcp-servers.js';
import { verifies } from '../harness/requirements.js';

let workspace: string;
let tools: McpTool[];
let servers: { close(): void }[];

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'opsroom-mcp-'));
  tools = [];
  servers = [];
});
afterEach(async () => {
  for (const tool of tools) await tool.holding?.letGo('run');
  for (const server of servers) server.close();
  await rm(workspace, { recursive: true, force: true });
});

async function caller(connection: McpConnection, over: Partial<McpPorts> = {}) {
  const tool = mcpTool(await catalogOf(connection, over));
  tools.push(tool);
  const { context } = testCall({ workspace });
  return (name: string, args: JsonObject = {}): Promise<ToolResult> =>
    tool.named({ server: 'server', tool: name }).run('call', args, context);
}

async function everything(mode: string): Promise<string> {
  const server = await listening(EVERYTHING, [mode], await freePort());
  servers.push(server);
  return server.url;
}

describe('servers at an address', () => {
  test(verifies('TOOL-04', 'everything over Streamable HTTP'), async () => {
    const call = await caller(remote('http', `${await everything('streamableHttp')}/mcp`));
    expect(await call('echo', { message: 'far' })).toMatchObject({ ok: true, output: { text: 'Echo: far' } });
    expect(await call('get-sum', { a: 2, b: 3 })).toMatchObject({ ok: true });
  });

  test('everything over the SSE of old servers', async () => {
    const call = await caller(remote('sse', `${await everything('sse')}/sse`));
    expect(await call('echo', { message: 'old' })).toMatchObject({ ok: true, output: { text: 'Echo: old' } });
  });

  test('a private address is refused unless the server or the target allows it', async () => {
    const url = `${await everything('streamableHttp')}/mcp`;
    const allowed = await catalogOf(remote('http', url));
    const find: McpPorts['find'] = async (org, name) => {
      const found = await allowed.find(org, name);
      return found && { ...found, connection: { ...remote('http', url), allowAddresses: [] } };
    };
    const tool = mcpTool({ ...allowed, find });
    const echo = tool.named({ server: 'server', tool: 'echo' });
    const refused = await echo.run('call', { message: 'x' }, testCall({ workspace }).context);
    expect(refused).toMatchObject({ ok: false, error: { code: 'ADDRESS_REFUSED', retryable: false } });
    const { context } = testCall({ workspace, allowAddresses: ['127.0.0.1'] });
    expect(await echo.run('call', { message: 'x' }, context)).toMatchObject({ ok: true });
    await tool.holding?.letGo('run');
  });

  test(
    verifies(
      'KEEP-03',
      'neither a secret of the arguments nor one of the connection goes to a server that it is not for',
    ),
    async () => {
      const url = `${await everything('streamableHttp')}/mcp`;
      const connection = { ...remote('http', url), headers: { 'x-key': '{{ secrets.KEY }}' } };
      const asked: unknown[] = [];
      const refuse = async (to: unknown) => {
        asked.push(to);
        throw new OpsroomError('SECRET_DESTINATION');
      };
      const open = await catalogOf(remote('http', url));
      const find: McpPorts['find'] = async (org, name) => {
        const found = await open.find(org, name);
        return found && { ...found, connection };
      };
      const secrets = async () => ({ KEY: 'hush-hush' });
      const { context } = testCall({ workspace });
      for (const [ports, given] of [
        [
          { ...open, find, secrets },
          { ...context, mayReach: refuse },
        ],
        [{ ...open, find, secrets, admit: (_id: unknown, _names: unknown, to: unknown) => refuse(to) }, context],
      ] as const) {
        const answer = await mcpTool(ports)
          .named({ server: 'server', tool: 'echo' })
          .run('call', { message: 'x' }, given);
        expect(answer).toMatchObject({ ok: false, error: { code: 'SECRET_DESTINATION' } });
      }
      const there = { host: '127.0.0.1', port: Number(new URL(url).port) };
      expect(asked).toEqual([there, there]);
    },
  );

  test('nobody there may be tried again', async () => {
    const url = `${await everything('streamableHttp')}/mcp`;
    const call = await caller(remote('http', url));
    servers.pop()?.close();
    expect(await call('echo', { message: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'UNREACHABLE', retryable: true },
    });
  });
});

describe('servers of the current protocol', () => {
  test(verifies('TOOL-04', 'over stdio'), async () => {
    const call = await caller(node(fixture('modern.mjs')));
    expect(await call('echo', { message: 'near' })).toMatchObject({ ok: true, output: { text: 'modern near' } });
  });

  test('over HTTP, with a secret in a header that is named in the configuration', async () => {
    const server = await listening(fixture('modern.mjs'), ['http'], undefined);
    servers.push(server);
    const headers = { Authorization: 'Bearer {{ secrets.TOKEN }}' };
    const noted: string[] = [];
    const secrets: McpPorts['secrets'] = async (_id, names) => {
      noted.push(...names);
      return { TOKEN: 'hunter2hunter2' };
    };
    const call = await caller({ ...remote('http', server.url), headers } as McpConnection, { secrets });
    const seen = await call('seen');
    expect(JSON.parse((seen.output as { text: string }).text)).toEqual({ authorization: 'Bearer hunter2hunter2' });
    expect(noted).toEqual(['TOKEN']);
  });

  test('what a person would have to answer fails the step, and says what was asked', async () => {
    const call = await caller(node(fixture('modern.mjs')));
    const asked = await call('asks');
    expect(asked).toMatchObject({ ok: false, error: { code: 'INPUT_NEEDED', retryable: false } });
    expect(asked.error?.message).toContain('Which colour?');
    const old = await caller(node(EVERYTHING));
    expect(await old('trigger-elicitation-request')).toMatchObject({ error: { code: 'INPUT_NEEDED' } });
  });
});
