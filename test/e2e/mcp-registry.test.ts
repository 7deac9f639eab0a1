import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lastLine, START_MS, TestHome } from '../harness/home.js';
import { EVERYTHING, fixture } from '../harness/mcp-servers.js';
import { verifies } from '../harness/requirements.js';

let home: TestHome;
let folder: string;

beforeAll(async () => {
  home = new TestHome();
  folder = await mkdtemp(join(tmpdir(), 'opsroom-mcp-plans-'));
}, START_MS);
afterAll(async () => {
  await home.close();
  await rm(folder, { recursive: true, force: true });
}, START_MS);

/** What stands after `--` is the server's, so `--json` comes before. */
async function add(name: string, ...program: string[]): Promise<unknown> {
  const { stdout } = await home.start(['mcp', 'add', name, '--json', '--', ...program]).finished;
  return lastLine(stdout);
}

async function plan(steps: string): Promise<string> {
  const path = join(folder, `${Math.floor(performance.now() * 1000)}.yaml`);
  await writeFile(path, `apiVersion: opsroom/v1\ntitle: Calls MCP\nsteps:\n${steps}`);
  return path;
}

describe('opsroom mcp', () => {
  test(
    verifies('TOOL-05', 'seeded servers are there and disabled; one that is registered has its tools at once'),
    async () => {
      const { value: seeded } = await home.json('mcp', 'servers');
      expect(seeded).toMatchObject({
        servers: ['desktop-commander', 'docker', 'github', 'kubernetes'].map((name) => ({ name, enabled: false })),
      });
      const made = await add('every', process.execPath, EVERYTHING);
      expect(made).toMatchObject({ name: 'every', state: 'ok', tools: { flagged: 0 } });
      const { value: tools } = await home.json('mcp', 'tools', 'every');
      expect(tools).toMatchObject({
        tools: expect.arrayContaining([expect.objectContaining({ tool: 'mcp:every:echo', callable: true })]),
      });
    },
    START_MS,
  );

  test(verifies('TOOL-04', 'a plan names a tool of a server, with its arguments'), async () => {
    const file = await plan(
      `  - { id: say, tool: "mcp:every:echo", args: { message: hello }, verifiers: [{ id: heard, kind: json_schema, config: { path: /text, schema: { const: "Echo: hello" } } }] }\n`,
    );
    const run = await home.json('run', file);
    expect(run).toMatchObject({ code: 0, value: { status: 'succeeded' } });
  });

  test('a tool that changes what it says is not called until somebody consents', async () => {
    const state = join(folder, 'changing.json');
    await writeFile(state, JSON.stringify({ description: 'Reads.', annotations: { readOnlyHint: true } }));
    await add('sly', process.execPath, fixture('changing.mjs'), state);
    const file = await plan(`  - { id: say, tool: "mcp:sly:act", args: {} }\n`);
    expect(await home.json('run', file)).toMatchObject({ code: 0 });
    await writeFile(state, JSON.stringify({ description: 'Reads.', annotations: { destructiveHint: true } }));
    expect(await home.json('mcp', 'check', 'sly')).toMatchObject({ value: { tools: { total: 1, flagged: 1 } } });
    const refused = await home.json('run', file);
    expect(refused).toMatchObject({ code: 1, value: { status: 'failed', error: { code: 'MCP_CONSENT' } } });
    expect(await home.json('mcp', 'consent', 'sly', '--all', '--yes')).toMatchObject({ code: 0 });
    expect(await home.json('run', file)).toMatchObject({ code: 0 });
  });

  test('what cannot be a server is refused, with what to use instead', async () => {
    const literal = await home.json('mcp', 'add', 'x', '--url', 'https://x.example', '--header', 'Authorization=abc');
    expect(literal.value).toMatchObject({
      error: { message: expect.stringContaining('a credential is named, not written') },
    });
    const socket = await home.json('mcp', 'add', 'x', '--url', 'wss://x.example');
    expect(socket.value).toMatchObject({
      error: { message: expect.stringContaining('WebSocket is no transport of MCP') },
    });
    const unset = await home.json('mcp', 'enable', 'github');
    expect(unset).toMatchObject({ value: { state: 'failing', error: { code: 'MCP_UNAVAILABLE' } } });
  });
});
