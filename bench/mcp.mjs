// How long five MCP servers take to be discovered beside each other, and what a call costs over the server's own time. Needs a build.
// node mcp.mjs [--calls 500] prints the figures and writes results/mcp.json. The machine must be otherwise idle.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { definitionDigest, readDefinition } from '../dist/ir/mcp.js';
import { McpLink } from '../dist/tools/mcp/connection.js';
import { reachOf } from '../dist/tools/mcp/reach.js';
import { mcpTool } from '../dist/tools/mcp/tool.js';
import { quantile } from './lib/numbers.mjs';

const { values: options } = parseArgs({ options: { calls: { type: 'string', default: '500' } } });
const CALLS = Number(options.calls);
const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const packaged = (name) => at(`../node_modules/@modelcontextprotocol/${name}/dist/index.js`);
const folder = await mkdtemp(join(tmpdir(), 'opsroom-bench-mcp-'));
const state = join(folder, 'state.json');
await writeFile(state, '{}');
const modern = [at('../test/fixtures/mcp/modern.mjs')];
const SERVERS = [
  [packaged('server-everything')],
  [packaged('server-filesystem'), folder],
  [packaged('server-memory')],
  modern,
  [at('../test/fixtures/mcp/changing.mjs'), state],
];

const connection = (args) => ({ transport: 'stdio', command: process.execPath, args, env: {} });
const isolation = { level: 'none', network: true };
const ground = { folder, home: folder, env: {}, isolation, allowAddresses: [] };

async function discover(args) {
  const reach = reachOf(connection(args), ground, {});
  const signal = AbortSignal.timeout(30_000);
  const link = await McpLink.open({ reach, version: 'bench', legacy: false, signal, listChanged: () => undefined });
  const tools = (await link.list(signal)).map(readDefinition);
  return { tools, close: () => link.close() };
}

/** All at once, as a room that starts does. */
async function discovery() {
  const began = performance.now();
  const found = await Promise.all(SERVERS.map(discover));
  const tookMs = performance.now() - began;
  await Promise.all(found.map(({ close }) => close()));
  return { servers: found.length, tools: found.reduce((sum, { tools }) => sum + tools.length, 0), tookMs };
}

/** The same call by lines on a pipe, and nothing else: the server's own time. */
async function bare() {
  const child = spawn(process.execPath, modern, { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout });
  const ask = async (id, method, params) => {
    const answered = once(lines, 'line');
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...(id === null ? {} : { id }), method, params })}\n`);
    return id === null ? undefined : answered;
  };
  const clientInfo = { name: 'bench', version: '1' };
  await ask(0, 'initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
  void ask(null, 'notifications/initialized');
  const call = (id) => ask(id, 'tools/call', { name: 'echo', arguments: { message: 'hello' } });
  const times = await timed((n) => call(n + 1));
  child.kill();
  return times;
}

/** By the tool, as a step calls it. */
async function stepped() {
  const { tools, close } = await discover(modern);
  await close();
  const definition = tools.find(({ name }) => name === 'echo');
  const tool = { definition, digest: definitionDigest(definition), flags: [] };
  const server = { id: 's', name: 's', revision: 1, enabled: true, connection: connection(modern), legacy: false };
  const mcp = mcpTool({
    version: 'bench',
    find: async () => ({ ...server, sandbox: isolation, tool }),
    toolNames: async () => [],
    secrets: async () => ({}),
    changed: () => undefined,
  });
  const context = {
    id: { org: 'o', runId: 'r', stepId: 's', item: -1, revision: 0, attempt: 1 },
    workspace: folder,
    env: {},
    signal: new AbortController().signal,
    timeoutMs: 60_000,
    isolation,
    allowAddresses: [],
    log: () => undefined,
  };
  const echo = mcp.named({ server: 's', tool: 'echo' });
  const times = await timed(() => echo.run('call', { message: 'hello' }, context));
  await mcp.holding.letGo('r');
  return times;
}

async function timed(work) {
  for (let n = 0; n < 50; n += 1) await work(n);
  const times = [];
  for (let n = 50; n < 50 + CALLS; n += 1) {
    const began = performance.now();
    await work(n);
    times.push(performance.now() - began);
  }
  return { p50: quantile(times, 0.5), p95: quantile(times, 0.95) };
}

try {
  const found = await discovery();
  const [server, step] = [await bare(), await stepped()];
  const figures = { discovery: found, calls: CALLS, serverMs: server, stepMs: step, overheadMs: step.p50 - server.p50 };
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  await writeFile(at('results/mcp.json'), `${JSON.stringify(figures, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
