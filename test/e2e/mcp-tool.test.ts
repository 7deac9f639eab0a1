import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { McpConnection } from '#ir/mcp.js';
import { type McpTool, mcpTool } from '#tools/mcp/tool.js';
import { testCall } from '../harness/call.js';
import { catalogOf, EVERYTHING, FILESYSTEM, MEMORY, node } from '../harness/mcp-servers.js';
import { verifies } from '../harness/requirements.js';

let workspace: string;
let tools: McpTool[];

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'opsroom-mcp-'));
  tools = [];
});
afterEach(async () => {
  for (const tool of tools) await tool.holding?.letGo('run');
  await rm(workspace, { recursive: true, force: true });
});

async function toolFor(connection: McpConnection): Promise<McpTool> {
  const tool = mcpTool(await catalogOf(connection));
  tools.push(tool);
  return tool;
}

describe('real servers over stdio', () => {
  test(
    verifies('TOOL-04', 'everything: text, structured answers, progress in the log, refused arguments'),
    async () => {
      const tool = await toolFor(node(EVERYTHING));
      const { context, text } = testCall({ workspace });
      const call = (name: string, args: Record<string, never>) =>
        tool.run('call', { server: 'server', tool: name, arguments: args }, context);
      const echo = await tool.run('call', { server: 'server', tool: 'echo', arguments: { message: 'hello' } }, context);
      expect(echo).toMatchObject({ ok: true, output: { text: 'Echo: hello', isError: false, truncated: false } });
      const wrong = await call('echo', {});
      expect(wrong).toMatchObject({ ok: false, error: { code: 'ARGUMENT_INVALID', retryable: false } });
      const weather = await tool.run(
        'call',
        { server: 'server', tool: 'get-structured-content', arguments: { location: 'Chicago' } },
        context,
      );
      expect(weather).toMatchObject({ ok: true, output: { structuredContent: { temperature: expect.any(Number) } } });
      const slow = await tool.run(
        'call',
        { server: 'server', tool: 'trigger-long-running-operation', arguments: { duration: 1, steps: 2 } },
        context,
      );
      expect(slow.ok).toBe(true);
      expect(text()).toMatch(/progress 1 of 2/);
    },
  );

  test('filesystem: reads what it may, and fails the step by what it may not', async () => {
    await writeFile(join(workspace, 'a.txt'), 'inside');
    const tool = await toolFor(node(FILESYSTEM, workspace));
    const { context } = testCall({ workspace });
    const read = tool.named({ server: 'files', tool: 'read_text_file' });
    const inside = await read.run('call', { path: join(workspace, 'a.txt') }, context);
    expect(inside).toMatchObject({ ok: true, output: { text: 'inside' } });
    const outside = await read.run('call', { path: '/etc/passwd' }, context);
    expect(outside).toMatchObject({
      ok: false,
      error: { code: 'MCP_FAILED', message: expect.stringContaining('denied') },
    });
  });

  test('memory: what a step has left there, the next step of the run finds', async () => {
    const connection = node(MEMORY);
    const tool = await toolFor({
      ...connection,
      env: { MEMORY_FILE_PATH: join(workspace, 'm.json') },
    } as McpConnection);
    const { context } = testCall({ workspace });
    const entities = [{ name: 'shop', entityType: 'app', observations: ['runs'] }];
    const made = await tool.named({ server: 'm', tool: 'create_entities' }).run('call', { entities }, context);
    expect(made.ok).toBe(true);
    const graph = await tool.named({ server: 'm', tool: 'read_graph' }).run('call', {}, context);
    expect(graph).toMatchObject({ ok: true, output: { structuredContent: { entities } } });
  });
});
