import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CallContext, Tool, ToolResult } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import { ISOLATION_LEVELS } from '#ir/plan.js';
import { accepts } from '#tools/shell/ready.js';
import { shellTool } from '#tools/shell/tool.js';
import { shellKind } from '#verify/shell.js';
import { testCall } from '../harness/call.js';
import { missing, notRoot } from '../harness/parts.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

let folder: string;
let tool: Tool;
const call = { allowAddresses: ['127.0.0.1'] };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsroom-session-'));
  await mkdir(join(folder, 'work'));
  tool = shellTool();
});
afterEach(async () => {
  await tool.holding?.letGo('run');
  await rm(folder, { recursive: true, force: true });
});

const LEVELS = ISOLATION_LEVELS.filter(
  (level) =>
    level === 'none' ||
    (level === 'uid'
      ? !notRoot('gives the session to another user')
      : !missing('bwrap', 'runs the session in bubblewrap')),
);

const at = (order: number): JsonObject => ({ name: 'main', order });

function contextOf(over: Partial<CallContext> = {}) {
  return testCall({ workspace: join(folder, 'work'), runFolder: join(folder, 'run'), ...call, ...over });
}

async function type(order: number, run: string, more: JsonObject = {}, over: Partial<CallContext> = {}) {
  const { context, text } = contextOf(over);
  const result = await tool.run('run', { run, session: at(order), ...more }, context);
  return { ...result, output: result.output as JsonObject | null, log: text() };
}

async function start(args: JsonObject, over: Partial<CallContext> = {}): Promise<ToolResult> {
  return tool.run('background', args, contextOf(over).context);
}

describe('a session', () => {
  test(verifies('COMPILE-03', 'blocks go on where the one before ended, and a check sees what they left'), async () => {
    await type(0, 'mkdir shop && cd shop && export REF=v1 && LOCAL=2');
    expect(await type(1, 'echo "$(basename "$PWD") $REF $LOCAL"; touch built')).toMatchObject({
      ok: true,
      output: { stdout: 'shop v1 2\n' },
    });
    const config = { run: 'test -f built && test "$REF" = v1', session: at(1) };
    const { passed } = await shellKind().check(
      { config, output: undefined, startedAt: undefined, phase: 'verdict' },
      contextOf().context,
    );
    expect(passed).toBe(true);
  });

  test('a block, a check and a compensation that begin at the start find the folder there again', async () => {
    const start = (order: number, more: JsonObject = {}) => ({ session: { ...at(order), folder: 'start', ...more } });
    await type(0, 'mkdir repo && cd repo && REF=v1');
    expect(await type(1, 'cd repo && touch "$REF"', start(1))).toMatchObject({ ok: true });
    expect((await type(2, 'basename "$PWD"')).output).toMatchObject({ stdout: 'repo\n' });
    const config = { run: 'cd repo && test -f "$REF"', ...start(2) };
    const given = { config, output: undefined, startedAt: undefined, phase: 'verdict' } as const;
    expect(await shellKind().check(given, contextOf().context)).toMatchObject({ passed: true });
    expect(await type(99_999, 'cd repo && rm "$REF"', start(99_999, { after: true }))).toMatchObject({ ok: true });
  });

  test('a block that fails leaves nothing behind for the next', async () => {
    await type(0, 'X=1');
    expect(await type(1, 'X=2; false')).toMatchObject({ ok: false });
    expect((await type(2, 'echo $X')).output).toMatchObject({ stdout: '1\n' });
  });

  test('what was handed in as a secret lies in no file of the session', async () => {
    const { log } = await type(
      0,
      'export TOKEN; COPY=$TOKEN; OTHER=1',
      { env: { TOKEN: 'hush-hush' } },
      { holdsSecret: (text: string) => text.includes('hush') },
    );
    expect(log).toContain('COPY holds a secret');
    const [file = ''] = await readdir(join(folder, 'run/sessions/main'));
    const { stdout } = (await type(1, `cat ${join(folder, 'run/sessions/main', file)}`)).output ?? {};
    expect(stdout).toContain('OTHER=');
    expect(stdout).not.toContain('hush');
  });

  test.skipIf(missing('bwrap'))(
    'a check of a sandboxed session takes its state over inside of the sandbox',
    async () => {
      const isolation = { level: 'bubblewrap', network: false } as const;
      expect(await type(0, 'cd /tmp; X=1', {}, { isolation })).toMatchObject({ ok: true });
      const config = { run: 'test "$X" = 1 && test "$PWD" = /tmp', session: at(0) };
      const given = { config, output: undefined, startedAt: undefined, phase: 'verdict' } as const;
      expect(await shellKind().check(given, contextOf({ isolation }).context)).toMatchObject({ passed: true });
      const free = await shellKind().check(given, contextOf().context);
      expect(free).toMatchObject({ passed: false, summary: expect.stringContaining('isolation level "bubblewrap"') });
    },
  );

  test.skipIf(notRoot('gives the session to another user'))(
    'a step under another user can put no link where the worker writes what the shell is to read',
    async () => {
      const where = `tr '\\0' '\\n' </proc/$$/environ | sed -n 's/^BASH_ENV=//p'`;
      const isolation = { level: 'uid', network: true } as const;
      const tried = `start=$(${where}); test -r "$start"; ln -s /dev/null "$(dirname "$start")/link" 2>&1 || echo refused`;
      const { output } = await type(0, tried, {}, { isolation, workspace: tmpdir() });
      expect(output).toMatchObject({ stdout: expect.stringMatching(/refused\n$/) });
    },
  );

  test.each(LEVELS)('works at isolation %s', async (level) => {
    const isolation = { level, network: level !== 'bubblewrap' };
    await type(0, 'cd /; GREETING=hello', { cwd: '.' }, { isolation, workspace: tmpdir() });
    expect(await type(1, 'echo "$GREETING $PWD"', {}, { isolation, workspace: tmpdir() })).toMatchObject({
      output: { stdout: 'hello /\n' },
    });
  });
});

const SERVER = `node -e '
  require("http").createServer((_, answer) => answer.end("up")).listen(Number(process.env.PORT), "127.0.0.1", () => console.log("listening"));
'`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a program in the background', () => {
  test(verifies('PLAN-06', 'is ready when its address answers, and ends with its run'), async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/`;
    const result = await start({ run: SERVER, env: { PORT: port }, ready: { url } });
    expect(result).toMatchObject({ ok: true, output: { ready: `${url} answers` } });
    expect(await accepts(port)).toBe(true);
    expect(tool.holding?.runs()).toEqual(['run']);
    await tool.holding?.letGo('run');
    expect(await accepts(port)).toBe(false);
    expect(tool.holding?.runs()).toEqual([]);
  });

  test('is ready when it prints what it should', async () => {
    const result = await start({ run: SERVER, env: { PORT: 0 }, ready: { output: '^listening' } });
    expect(result).toMatchObject({ ok: true, output: { stdout: 'listening\n' } });
  });

  test('sees the session before it', async () => {
    const port = await freePort();
    await type(0, `PORT=${port}; export PORT`);
    expect(await start({ run: SERVER, session: at(1), ready: { port } })).toMatchObject({ ok: true });
    expect((await type(2, 'echo $PORT')).output).toMatchObject({ stdout: `${port}\n` });
  });

  test('that ends before it is ready has failed, with its last words', async () => {
    const result = await start({ run: 'echo no such thing >&2; exit 3', ready: { aliveMs: 60_000 } });
    expect(result).toMatchObject({ ok: false, error: { message: expect.stringMatching(/code 3.*no such thing/s) } });
    expect(tool.holding?.runs()).toEqual([]);
  });

  test('that does not become ready in time is ended', async () => {
    const port = await freePort();
    const result = await start({ run: 'sleep 1000', ready: { port } }, { timeoutMs: 300 });
    expect(result).toMatchObject({ ok: false, error: { code: 'STEP_TIMEOUT' } });
    expect(tool.holding?.runs()).toEqual([]);
  });

  test('is not taken for ready because another program has its port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const result = await start({ run: 'sleep 1000', ready: { port } }, { timeoutMs: 300 });
    expect(result).toMatchObject({ ok: false, error: { message: expect.stringContaining(`port ${port}`) } });
    await new Promise((resolve) => other.close(resolve));
  });

  test('that could not even be started leaves no folder of its own behind', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const own = await mkdtemp(join(tmpdir(), 'opsroom-own-'));
    vi.stubEnv('TMPDIR', own);
    await start({ run: 'sleep 1000', ready: { port } }, { timeoutMs: 300 });
    vi.unstubAllEnvs();
    await eventually(async () => (await readdir(own)).every((name) => !name.startsWith('opsroom-step-')));
    await new Promise((resolve) => other.close(resolve));
    await rm(own, { recursive: true });
  });

  test('of a step that is tried again replaces the one before', async () => {
    const port = await freePort();
    await start({ run: 'sleep 1000', ready: { aliveMs: 100 } });
    expect(await start({ run: SERVER, env: { PORT: port }, ready: { port } })).toMatchObject({ ok: true });
    expect(tool.holding?.holds({ ...contextOf().context.id })).toBe(true);
  });
});
