import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallContext, ToolResult } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { type McpTool, mcpTool } from '#tools/mcp/tool.js';
import { testCall } from '../harness/call.js';
import { catalogOf, fixture, node } from '../harness/mcp-servers.js';
import { countRunning, eventually } from '../harness/processes.js';
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

interface Called extends ToolResult {
  readonly log: string;
}

async function callMode(mode: string, args: JsonObject = {}, over: Partial<CallContext> = {}): Promise<Called> {
  const tool = mcpTool(await catalogOf(node(fixture('hostile.mjs'), mode)));
  tools.push(tool);
  const { context, text } = testCall({ workspace, ...over });
  const result = await tool.named({ server: 'server', tool: 'act' }).run('call', args, context);
  return { ...result, log: text() };
}

describe('a server that does not keep to the protocol costs one step', () => {
  test(verifies('TOOL-04', 'hangs: the step ends at its limit, and the server with it'), async () => {
    const result = await callMode('hangs', {}, { timeoutMs: 1000 });
    expect(result).toMatchObject({ ok: false, error: { code: 'STEP_TIMEOUT', retryable: true } });
    await eventually(async () => (await countRunning('hostile.mjs hangs')) === 0);
  });

  test('is cancelled: the reason is the engine’s', async () => {
    const cancelling = new AbortController();
    const called = callMode('hangs', {}, { signal: cancelling.signal });
    await eventually(async () => (await countRunning('hostile.mjs hangs')) > 0);
    cancelling.abort(new OpsroomError('CANCELLED', { what: 'Enough.' }));
    expect(await called).toMatchObject({ ok: false, error: { code: 'CANCELLED', message: 'Enough.' } });
  });

  test('dies in the middle of a call', async () => {
    const result = await callMode('dies');
    expect(result).toMatchObject({ ok: false, error: { code: 'MCP_FAILED' } });
    expect(result.error?.message).toContain('exited with code 3');
  });

  test.each(['floods', 'chatters'])('%s: it is ended, and nothing of it kept', async (mode) => {
    const before = process.memoryUsage().rss;
    const result = await callMode(mode, {}, { log: () => undefined });
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'MCP_FAILED', message: expect.stringContaining('sent') },
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
    await eventually(async () => (await countRunning(`hostile.mjs ${mode}`)) === 0);
  });

  test('answers garbage: it ends at its limit, and the garbage is in the log', async () => {
    const result = await callMode('garbage', {}, { timeoutMs: 1000 });
    expect(result).toMatchObject({ ok: false, error: { code: 'STEP_TIMEOUT' } });
    expect(result.log).toContain('no json');
  });

  test('answers somebody else first: only the right answer counts', async () => {
    expect(await callMode('wrong')).toMatchObject({ ok: true, output: { text: 'the right one' } });
  });

  test('answers what is no result', async () => {
    expect(await callMode('shapeless')).toMatchObject({ ok: false, error: { code: 'MCP_FAILED' } });
  });

  test('lies about what it answers: the step fails, and shows the answer', async () => {
    const result = await callMode('liar');
    expect(result).toMatchObject({ ok: false, error: { code: 'OUTPUT_REFUSED' } });
    expect(result).toMatchObject({ output: { structuredContent: { n: 'seven' } } });
  });

  test('answers three megabytes: they are cut, and that is said', async () => {
    const result = await callMode('long');
    expect(result).toMatchObject({ ok: true, output: { truncated: true } });
    expect(JSON.stringify(result.output).length).toBeLessThan(1_000_000);
  });

  test('ends at the first question of the current protocol: it is asked in the old one', async () => {
    expect(await callMode('strict')).toMatchObject({ ok: true, output: { text: 'done' } });
  });

  test('starts in a folder of its own, where nothing of the plan can become its code', async () => {
    const result = await callMode('where');
    const { text } = result.output as { text: string };
    expect(text).toContain('opsroom-step-');
    expect(text.startsWith(workspace)).toBe(false);
    expect((await readdir(text)).filter((name) => name !== 'home')).toEqual([]);
  });

  test('knows no more of this machine than a step does', async () => {
    const result = await callMode('env', {}, { env: { PATH: process.env['PATH'] ?? '', OPSROOM_STEP_ID: 's' } });
    const seen = JSON.parse((result.output as { text: string }).text) as Record<string, string>;
    expect(Object.keys(seen).sort()).toEqual(['HOME', 'LANG', 'PATH']);
  });
});

describe('schemas of a stranger', () => {
  test('a pattern that would backtrack for ever takes no time', async () => {
    const long = `${'a'.repeat(40)}!`;
    expect(await callMode('pattern', { word: long })).toMatchObject({ error: { code: 'ARGUMENT_INVALID' } });
    expect(await callMode('pattern', { word: 'aaa' })).toMatchObject({ ok: true });
  });

  test.each(['lookahead', 'endless', 'doubling'])('%s: the tool cannot be called', async (mode) => {
    const result = await callMode(mode, { word: 'x' });
    expect(result).toMatchObject({ ok: false, error: { code: 'MCP_UNAVAILABLE' } });
  });
});
