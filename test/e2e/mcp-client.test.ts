import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { McpClient, type McpServer } from '#tools/mcp/client.js';
import { FILESYSTEM } from '../harness/mcp-servers.js';
import { countRunning, eventually } from '../harness/processes.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsroom-client-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const files = (): McpServer => ({
  id: 'files',
  name: 'files',
  transport: 'stdio',
  command: process.execPath,
  args: [FILESYSTEM, folder],
});
const running = () => countRunning(`${FILESYSTEM} ${folder}`);

test('a server that is connected twice at once has one connection: the second is refused, and nothing of it is left', async () => {
  const client = new McpClient();
  const both = await Promise.allSettled([client.connect(files()), client.connect(files())]);
  expect(both).toMatchObject([
    { status: 'fulfilled' },
    { status: 'rejected', reason: { code: 'USAGE', message: expect.stringContaining('"files"') } },
  ]);
  expect(await running()).toBe(1);
  expect((await client.listTools('files')).length).toBeGreaterThan(5);
  await client.disconnect('files');
  await eventually(async () => (await running()) === 0);
});

test('who disconnects while it connects leaves nothing running', async () => {
  const client = new McpClient();
  const connecting = client.connect(files()).catch(({ code }: { code: string }) => code);
  await client.disconnect('files');
  expect(await connecting).toBe('CANCELLED');
  expect(await running()).toBe(0);
  await expect(client.listTools('files')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('one that could not be connected can be tried again', async () => {
  const client = new McpClient();
  await expect(client.connect({ ...files(), command: join(folder, 'absent') })).rejects.toMatchObject({
    code: 'MCP_FAILED',
  });
  await client.connect(files());
  await client.disconnect('files');
  expect(await running()).toBe(0);
});
