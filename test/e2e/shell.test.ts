import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallContext, ToolResult } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import { ISOLATION_LEVELS, type IsolationLevel } from '#ir/plan.js';
import { OpsroomError } from '#kit/errors.js';
import { disinherit } from '#kit/inheritance.js';
import { startKeeper } from '#sandbox/keeper.js';
import { MIB } from '#sandbox/limits.js';
import { type ShellOptions, shellTool } from '#tools/shell/tool.js';
import { testCall } from '../harness/call.js';
import { missing, notRoot } from '../harness/parts.js';
import { countRunning, eventually, uniqueSleep } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

let workspace: string;

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'opsroom-shell-'));
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

interface Called extends ToolResult {
  readonly output: JsonObject & { stdout: string; stderr: string };
  readonly log: string;
}

async function call(args: JsonObject, over: Partial<CallContext> = {}, options: ShellOptions = {}): Promise<Called> {
  const made = testCall({ workspace, ...over });
  const result = await shellTool(options).run('run', args, made.context);
  return { ...result, output: result.output as Called['output'], log: made.text() };
}

describe('a script', () => {
  test(
    verifies('TOOL-01', 'runs in the workspace with the given environment only, its output streamed with colours'),
    async () => {
      const run = 'printf "\\033[32m%s\\033[0m\\n" "$NAME" ; echo "$COUNT $FLAG ${HOME:?}" >&2; pwd; env | sort';
      const result = await call(
        { run, env: { NAME: '$(id) "x"', COUNT: 3, FLAG: true } },
        { env: { HOME: '/h', GIVEN: 'g' } },
      );
      expect(result).toMatchObject({
        ok: true,
        isolation: 'none',
        output: { exitCode: 0, truncated: false, stderr: '3 true /h\n' },
      });
      const [first, second, ...variables] = result.output.stdout.trimEnd().split('\n');
      expect([first, second]).toEqual(['\u001b[32m$(id) "x"\u001b[0m', workspace]);
      expect(variables.map((line) => line.split('=')[0])).toEqual([
        'COUNT',
        'FLAG',
        'GIVEN',
        'HOME',
        'LANG',
        'NAME',
        'OPSROOM_OUTPUT',
        'PATH',
        'PWD',
        'SHLVL',
        '_',
      ]);
      expect(result.log).toContain('\u001b[32m$(id) "x"\u001b[0m');
    },
  );

  test('stops at the first command that fails, also within a pipe, and says which code', async () => {
    expect((await call({ run: 'false | true; echo no' })).output).toMatchObject({ exitCode: 1, stdout: '' });
    const result = await call({ run: 'echo "disk is gone" >&2; exit 7' });
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'STEP_FAILED', message: 'The command exited with code 7: disk is gone' },
    });
    expect((await call({ run: 'exit 7', allowExitCodes: [0, 7] })).ok).toBe(true);
    expect((await call({ run: 'kill -9 $$' })).error?.message).toBe('The command was ended by SIGKILL.');
  });

  test('runs in sh where it asks for it', async () => {
    expect((await call({ run: 'echo "${BASH_VERSION:-none}"', shell: 'sh' })).output.stdout).toMatch(/none|^$/);
    expect((await call({ run: 'echo ${UNSET}', shell: 'sh' })).ok).toBe(false);
  });

  test('leaves values, as lines or as JSON', async () => {
    const lines = await call({ run: 'echo "version=1.2" >> "$OPSROOM_OUTPUT"; echo "n=1" >> "$OPSROOM_OUTPUT"' });
    expect(lines.output['values']).toEqual({ version: '1.2', n: '1' });
    const json = await call({ run: 'echo \'{"n": [1]}\' > "$OPSROOM_OUTPUT"' });
    expect(json.output['values']).toEqual({ n: [1] });
    expect((await call({ run: 'true' })).output).not.toHaveProperty('values');
  });

  test.each(['ln -s /etc/passwd', 'mkfifo', 'mkdir', 'head -c 1100000 /dev/zero >', 'echo nonsense >'])(
    'cannot make the worker read what is not its file of values: %s',
    async (command) => {
      expect((await call({ run: `${command} "$OPSROOM_OUTPUT"` })).error).toMatchObject({
        code: 'OUTPUT_REFUSED',
        retryable: false,
      });
    },
  );
});

/** Why this machine cannot run a step at that level; undefined when it can. */
function lacks(level: IsolationLevel): boolean {
  if (level === 'uid') return notRoot('a step under another user');
  return level === 'bubblewrap' && missing('bwrap');
}

const pipe = (fd: number) => expect.stringMatching(new RegExp(`^${fd} -> /.*opsroom-pipes-`));
const levels = ISOLATION_LEVELS.filter((level) => !lacks(level));

describe.each(levels)('the descriptors of a step (%s)', (level) => {
  const isolated = { isolation: { level, network: true } } as const;

  test('are pipes that can be opened by name, and a file for stdin', async () => {
    const run = 'cat /dev/stdin | tee /dev/stderr > /dev/stdout; head -c 2';
    const { output } = await call({ run, stdin: 'text' }, isolated);
    expect(output).toMatchObject({ exitCode: 0, stdout: 'textte', stderr: 'text' });
  });

  test('are 0, 1 and 2, none of them a socket', async () => {
    // As our programs do when they start: whoever runs the tests may have left them a descriptor.
    disinherit();
    const keeper = startKeeper();
    const argv = ['ls', '-l', '/proc/self/fd'];
    const bystander = openSync('/etc/hostname', 'r');
    const found = [];
    for (const stdin of [{}, { stdin: 'text' }]) {
      const { output } = await call({ argv, ...stdin }, isolated, { keeper });
      found.push([...output.stdout.matchAll(/\d+ -> .*$/gm)].map(([line]) => line));
    }
    closeSync(bystander);
    keeper.close();
    const own = expect.stringMatching(/^3 -> \/proc\/\d+\/fd$/);
    expect(found).toEqual([
      ['0 -> /dev/null', pipe(1), pipe(2), own],
      [expect.stringMatching(/^0 -> \/.*opsroom-input-/), pipe(1), pipe(2), own],
    ]);
  });
});

const over = (message: unknown) => ({ ok: false, error: { code: 'STEP_OVER_LIMIT', message, retryable: false } });

describe.each(levels)('the limits of a step (%s)', (level) => {
  const isolated = { isolation: { level, network: true }, timeoutMs: 10_000 } as const;
  const limits = { processes: 100, memoryBytes: 256 * MIB, fileBytes: 4 * MIB };

  test('end a fork bomb, and all of it', async () => {
    const sleep = uniqueSleep();
    const bomb = `bomb() { ${sleep} & bomb | bomb; }; echo lit; bomb`;
    const result = await call({ run: bomb }, isolated, { limits });
    expect(result).toMatchObject(over(expect.stringContaining('a step may have 100 processes at once')));
    expect(result.output.stdout).toContain('lit\n');
    expect(await countRunning(sleep)).toBe(0);
  });

  test('end a file without end', async () => {
    const run = 'yes > "$HOME/file"';
    expect(await call({ run }, isolated, { limits })).toMatchObject(
      over(expect.stringContaining('a file may have 4 MiB')),
    );
  });

  test('end memory without end', async () => {
    const result = await call({ argv: ['tail', '/dev/zero'] }, isolated, { limits });
    expect(result).toMatchObject(over(expect.stringContaining('a process may use 256 MiB of memory')));
  });

  test('are off where they are 0', async () => {
    const run = 'head -c 5M /dev/zero > "$HOME/file"; head -c 300M /dev/zero | tail -c 280M | wc -c';
    expect(await call({ run }, isolated, { limits })).toMatchObject({ ok: false });
    const none = { processes: 0, memoryBytes: 0, fileBytes: 0 };
    expect(await call({ run }, isolated, { limits: none })).toMatchObject({ ok: true });
  });
});

test('the usual limits let a program run that reserves far more memory than it uses', async () => {
  const memory = 'new WebAssembly.Memory({ initial: 1, maximum: 65536 })';
  const script = `console.log(${memory}.buffer.byteLength)`;
  expect(await call({ argv: [process.execPath, '-e', script] })).toMatchObject({ ok: true });
});

describe('a program', () => {
  test('gets its arguments as they are, and stdin', async () => {
    const result = await call({ argv: ['printf', '%s|', '$HOME', '; rm x', ''] });
    expect(result.output.stdout).toBe('$HOME|; rm x||');
    expect((await call({ argv: ['cat'], stdin: 'höß' })).output.stdout).toBe('höß');
  });

  test('that does not read a large stdin is no error', async () => {
    expect((await call({ argv: ['true'], stdin: 'x'.repeat(5_000_000) })).ok).toBe(true);
  });

  test('that does not exist fails once and for all', async () => {
    const result = await call({ argv: ['no-such-program-here'] });
    expect(result.error).toEqual({
      code: 'STEP_FAILED',
      message: 'The program "no-such-program-here" was not found, or may not be executed.',
      retryable: false,
    });
  });

  test.each([
    [{ argv: ['pwd'], cwd: '../..' }, 'lies outside'],
    [{ argv: ['pwd'], cwd: '/' }, 'lies outside'],
    [{ argv: ['pwd'], cwd: 'link' }, 'lies outside'],
    [{}, 'give either run or argv'],
    [{ run: 'true', argv: ['true'] }, 'give either run or argv'],
    [{ run: 'a\0b' }, 'NUL'],
    [{ run: 'true', env: { 'A=B': '1' } }, 'env.A=B'],
    [{ argv: ['true'], shell: 'bash' }, 'only a script'],
  ])('%j is refused', async (args, why) => {
    await symlink('/', join(workspace, 'link'));
    const { error } = await call(args);
    expect(error).toMatchObject({ code: 'ARGUMENT_INVALID', message: expect.stringContaining(why), retryable: false });
  });
});

describe('output', () => {
  test('of 200 MB is streamed whole and kept only at its end, in flat memory', async () => {
    let streamed = 0;
    let most = 0;
    const before = process.memoryUsage.rss();
    const log = (_stream: string, chunk: Uint8Array) => {
      streamed += chunk.length;
      most = Math.max(most, process.memoryUsage.rss() - before);
    };
    const { output } = await call({ run: 'head -c 200000000 /dev/zero | tr "\\0" x; echo end' }, { log });
    expect(streamed).toBe(200_000_004);
    expect(output).toMatchObject({ truncated: true, stdout: `${'x'.repeat(65_532)}end\n` });
    expect(most).toBeLessThan(100_000_000);
  });

  test('that no database would take is made storable', async () => {
    const { output } = await call({ run: 'printf "a\\000b\\377c"; printf "\\355\\240\\200" >&2' });
    expect(output).toMatchObject({ stdout: 'ab\uFFFDc', stderr: '\uFFFD\uFFFD\uFFFD' });
  });
});

describe('ending', () => {
  test(verifies('RUN-07', 'an abort ends the whole process group, background children too'), async () => {
    const sleep = uniqueSleep();
    const stop = new AbortController();
    const running = call(
      { run: `${sleep} & (trap '' TERM; touch ready; ${sleep}) & ${sleep}` },
      { signal: stop.signal },
    );
    await eventually(() => existsSync(join(workspace, 'ready')));
    stop.abort(new OpsroomError('NOT_ALLOWED_NOW', { what: 'Cancelled.' }));
    const result = await running;
    expect(result).toMatchObject({ ok: false, error: { code: 'NOT_ALLOWED_NOW', message: 'Cancelled.' } });
    expect(await countRunning(sleep)).toBe(0);
  });

  test('too late is STEP_TIMEOUT, and what was printed is kept', async () => {
    const result = await call({ run: `echo begun; ${uniqueSleep()}` }, { timeoutMs: 500 });
    expect(result).toMatchObject({
      ok: false,
      output: { stdout: 'begun\n' },
      error: { code: 'STEP_TIMEOUT', retryable: true },
    });
  });

  test('what a script leaves in the background ends with it', async () => {
    const sleep = uniqueSleep();
    expect((await call({ run: `${sleep} & echo done` })).output).toMatchObject({ exitCode: 0, stdout: 'done\n' });
    expect(await countRunning(sleep)).toBe(0);
  });

  test('a process that left the group and holds the output open does not hold the result', async () => {
    const sleep = uniqueSleep();
    const leave = `setsid sh -c 'echo $$ > left; exec ${sleep}' & until [ -s left ]; do sleep 0.01; done; echo done`;
    const { output } = await call({ run: leave });
    expect(output).toMatchObject({ exitCode: 0, stdout: 'done\n' });
    process.kill(Number(await readFile(join(workspace, 'left'), 'utf8')), 'SIGKILL');
  });

  test('nothing is left of the step’s own folder', async () => {
    const { output } = await call({ run: 'echo "$OPSROOM_OUTPUT"; mkdir -p "$HOME/a/b"' }, { env: {} });
    const [, folder] = /opsroom-step-(\w+)/.exec(output.stdout) ?? [];
    expect(folder).toBeDefined();
    await eventually(async () => !(await readdir(tmpdir())).includes(`opsroom-step-${folder}`));
  });
});

test('a step under its own user reads nothing of its worker; an ordinary user is refused that level', async () => {
  const isolation = { level: 'uid', network: true } as const;
  const run = 'id -u; echo v=1 > "$OPSROOM_OUTPUT"; echo ok >/dev/stderr; cat "/proc/$PPID/environ"';
  const result = await call({ run }, { isolation });
  if (process.getuid?.() !== 0) {
    expect(result.error).toMatchObject({ code: 'ISOLATION_UNAVAILABLE', retryable: false });
    return;
  }
  expect(result).toMatchObject({ ok: false, isolation: 'uid', output: { stdout: '65531\n', values: { v: '1' } } });
  expect(result.output.stderr).toMatch(/^ok\n.*Permission denied/);
});

describe.skipIf(missing('bwrap'))('isolation by bubblewrap', () => {
  const sandboxed = { isolation: { level: 'bubblewrap', network: false } } as const;

  test(
    verifies('TOOL-01', 'a sandboxed step works in its workspace, and its values and exit code come out'),
    async () => {
      const run = 'echo hi > made; echo "v=$(cat made)" > "$OPSROOM_OUTPUT"; touch "$HOME/ok" /tmp/ok; echo x; exit 3';
      const result = await call({ run }, sandboxed);
      expect(result).toMatchObject({
        isolation: 'bubblewrap',
        output: { exitCode: 3, stdout: 'x\n', values: { v: 'hi' } },
      });
      expect(await readdir(workspace)).toEqual(['made']);
    },
  );

  test(
    verifies('TOOL-01', 'a sandboxed step cannot read the home folder, the data directory or other temporary files'),
    async () => {
      const home = await mkdtemp(join(userInfo().homedir, '.opsroom-test-'));
      const other = await mkdtemp(join(tmpdir(), 'opsroom-other-'));
      const named = join(workspace, 'state');
      const folders = [home, other, named, join(workspace, '.opsroom')];
      await Promise.all(folders.map((folder) => mkdir(folder, { recursive: true })));
      await Promise.all(folders.map((folder) => writeFile(join(folder, 'key'), 'TOP-SECRET')));
      try {
        const look = `for f in ${folders.join(' ')}; do cat "$f/key" || echo "none"; done; ls -A .opsroom; echo x > .opsroom/key`;
        const { output } = await call({ run: look }, sandboxed, { hidden: [named] });
        expect(output).toMatchObject({ exitCode: 0, stdout: 'none\n'.repeat(4) });
        const { output: open } = await call({ run: look.replace('; echo x > .opsroom/key', '') });
        expect(open['stdout']).toContain('TOP-SECRETTOP-SECRETTOP-SECRETTOP-SECRET');
      } finally {
        await Promise.all([home, other].map((folder) => rm(folder, { recursive: true })));
      }
    },
  );

  test(
    verifies('TOOL-01', 'a sandboxed step sees no environment but its own, and no process of the machine'),
    async () => {
      const run = 'cat /proc/[0-9]*/environ | tr "\\0" "\\n" | cut -d= -f1 | sort -u; ls -d /proc/[0-9]* | wc -l';
      const { output } = await call({ run, shell: 'sh', env: { MINE: 1 } }, sandboxed);
      const lines = output.stdout.trim().split('\n');
      expect(Number(lines.at(-1))).toBeLessThan(12);
      const known = ['HOME', 'LANG', 'MINE', 'OLDPWD', 'OPSROOM_OUTPUT', 'PATH', 'PWD', 'TMPDIR', '_'];
      expect(lines.slice(0, -1).filter((name) => !known.includes(name))).toEqual([]);
      expect(lines).toContain('MINE');
    },
  );

  test(verifies('TOOL-01', 'a sandboxed step reaches the network only when that is allowed'), async () => {
    const server = createServer((_request, response) => response.end('reached')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const run = `exec 3<>/dev/tcp/127.0.0.1/${port}; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3`;
    const closed = await call({ run }, sandboxed);
    const open = await call({ run }, { isolation: { level: 'bubblewrap', network: true } });
    server.close();
    expect(closed).toMatchObject({ ok: false, output: { stdout: '' } });
    expect(open.output.stdout).toContain('reached');
  });

  test('the step’s environment cannot run code outside of the sandbox', async () => {
    const result = await call({ run: 'echo in', env: { LD_PRELOAD: './evil.so', BASH_ENV: '/nowhere' } }, sandboxed);
    expect(result.output.stdout).toBe('in\n');
    expect(result.output.stderr.match(/evil\.so/g)?.length ?? 0).toBeLessThanOrEqual(1);
  });

  test('nothing of its values shows in the process list', async () => {
    const sleep = uniqueSleep();
    const stop = new AbortController();
    const running = call({ run: sleep, env: { TOKEN: `hidden-${sleep}` } }, { ...sandboxed, signal: stop.signal });
    await eventually(async () => (await countRunning(sleep)) > 0);
    expect(await countRunning(`hidden-${sleep}`)).toBe(0);
    stop.abort();
    await running;
  });

  test('a cancelled step has its grace inside, and is gone', async () => {
    const sleep = uniqueSleep();
    const stop = new AbortController();
    const run = `trap 'echo cleaned; exit 0' TERM; setsid ${sleep} & ${sleep} & touch ready; wait`;
    const running = call({ run }, { ...sandboxed, signal: stop.signal });
    await eventually(() => existsSync(join(workspace, 'ready')));
    stop.abort(new OpsroomError('STEP_TIMEOUT'));
    expect(await running).toMatchObject({
      ok: false,
      output: { stdout: 'cleaned\n' },
      error: { code: 'STEP_TIMEOUT' },
    });
    expect(await countRunning(sleep)).toBe(0);
  });

  test('a program that is not in the sandbox did not start', async () => {
    const program = join(await mkdtemp(join(tmpdir(), 'opsroom-program-')), 'tool');
    await writeFile(program, '#!/bin/sh\necho no\n', { mode: 0o755 });
    const { error } = await call({ argv: [program] }, sandboxed);
    expect(error).toMatchObject({
      code: 'STEP_FAILED',
      retryable: false,
      message: expect.stringContaining('bubblewrap did not start it'),
    });
  });

  test('a workspace that holds the home folder is refused', async () => {
    const { error } = await call({ run: 'true' }, { ...sandboxed, workspace: userInfo().homedir });
    expect(error).toMatchObject({
      code: 'ISOLATION_UNAVAILABLE',
      message: expect.stringContaining('holds the home folder'),
    });
  });
});
