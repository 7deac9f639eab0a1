import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findServing } from '#server/serving.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { START_MS, TestHome } from '../harness/home.js';
import { clientOf, ERAS, type Era } from '../harness/mcp.js';
import { missing } from '../harness/parts.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

const PROGRAM = fileURLToPath(new URL('../../bin/opsroom.mjs', import.meta.url));
const LIMIT = 120_000;

let db: TestDatabase;
let folder: string;
const home = new TestHome();

beforeAll(async () => {
  db = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'opsroom-stdio-'));
}, LIMIT);
afterAll(async () => {
  await home.close();
  await db.close();
  await rm(folder, { recursive: true, force: true });
}, LIMIT);

const settings = () => ({ DATABASE_URL: db.url, OPSROOM_HOME: home.path, OPSROOM_HOST: 'here' });

/** Whether a process serves the data directory; a client may have ended one before it could say so. */
const isServed = async () => (await findServing(home.path)) !== undefined;

/** A client that has started `opsroom mcp serve`, as an editor does. */
async function started(era: Era, env: Readonly<Record<string, string>> = {}) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [PROGRAM, 'mcp', 'serve'],
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...settings(), ...env },
    stderr: 'pipe',
  });
  const client = clientOf(era);
  await client.connect(transport, { timeout: START_MS });
  const call = async (name: string, args: Record<string, unknown> = {}) => {
    const { structuredContent, isError, content, _meta } = await client.callTool({ name, arguments: args });
    const said = structuredContent as Record<string, unknown> | undefined;
    return isError === true ? { refused: _meta?.['opsroom/code'], content } : { ...said };
  };
  return { client, call };
}

const plan = {
  value: {
    apiVersion: 'opsroom/v1',
    title: 'Over stdio',
    target: { environment: 'dev' },
    workspace: { kind: 'temp' },
    steps: [
      {
        id: 'hello',
        tool: 'shell',
        sandbox: { level: 'bubblewrap' },
        args: { run: 'echo hello > hello.txt' },
        verifiers: [{ id: 'there', kind: 'file', required: true, config: { path: 'hello.txt' } }],
      },
    ],
  },
};

describe.each(ERAS)('a client that starts it and speaks the %s version', (era) => {
  test.skipIf(missing('bwrap'))(
    verifies('SEE-02', 'has a room for as long as it is there: it runs, watches, verifies, and approves nothing'),
    async () => {
      const { client, call } = await started(era);
      expect(client.getProtocolEra()).toBe(era);
      const { runId: run } = (await call('runs_start', { plan })) as { runId: string };
      const heard: string[] = [];
      const end = await client.callTool(
        { name: 'runs_wait', arguments: { run, after: 0, until: 'end', seconds: 60 } },
        { onprogress: ({ message }) => heard.push(message ?? '') },
      );
      expect(end.structuredContent).toMatchObject({ status: 'succeeded', word: 'proven' });
      expect(heard.length).toBeGreaterThan(0);
      expect(await isServed()).toBe(true);
      await eventually(async () => !('refused' in (await call('proofs_verify', { run }))));
      expect(await call('proofs_verify', { run })).toMatchObject({ ok: true, word: 'proven' });
      expect(await call('intents_approve', { intent: 'last' })).toMatchObject({ refused: 'DENIED' });
      const { contents } = await client.readResource({ uri: `opsroom://runs/${run}` });
      expect(contents).toHaveLength(1);
      await client.close();
      await eventually(async () => !(await isServed()), START_MS);
    },
    LIMIT,
  );
});

test(
  'goes on with the room that runs, as the agent of its key, and finds it again when it was started anew',
  async () => {
    const first = home.start(['start', '--port', '0', '--json'], settings());
    await first.saw('"url"', START_MS);
    const made = home.start(
      ['keys', 'create', '--name', 'codex', '--agent', 'codex', '--scope', 'run:read,intent:propose'],
      settings(),
    );
    const [key = ''] = (await made.finished).stdout.split('\n');
    const asAgent = await started('legacy', { OPSROOM_API_KEY: key });
    const asUser = await started('modern');
    expect(await asAgent.call('me_get')).toMatchObject({ by: 'key:codex' });
    expect(await asUser.call('me_get')).not.toMatchObject({ by: 'key:codex' });
    expect(await asAgent.call('runs_start', { plan })).toMatchObject({ refused: 'DENIED' });

    first.child.kill('SIGTERM');
    await first.finished;
    const second = home.start(['start', '--port', '0', '--json'], settings());
    await second.saw('"url"', START_MS);
    expect(await asAgent.call('me_get')).toMatchObject({ by: 'key:codex' });
    expect(await asUser.call('ai_status')).toMatchObject({ version: expect.any(String) });
    await Promise.all([asAgent.client.close(), asUser.client.close()]);
    second.child.kill('SIGTERM');
    await second.finished;
  },
  LIMIT,
);

test('a variable that its client did not fill in is refused before anything is served', async () => {
  const env = { ...settings(), OPSROOM_API_KEY: '${env:OPSROOM_API_KEY}' };
  const { code, stdout, stderr } = await home.start(['mcp', 'serve'], env).finished;
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('is not set');
});
