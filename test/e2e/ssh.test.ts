import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallContext } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { sshTool } from '#tools/ssh/tool.js';
import { testCall } from '../harness/call.js';
import { missing } from '../harness/parts.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';
import { type Sshd, startSshd } from '../harness/sshd.js';

const tool = sshTool();

/** A process that has ended may lie about as a zombie until somebody asks for its end. */
async function runs(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
  return !/\) [ZX]/.test(state);
}
const running = (pids: readonly number[]) => Promise.all(pids.map(runs));

describe.skipIf(missing('sshd', 'a host to log in to needs OpenSSH’s server'))('a real host', () => {
  let host: Sshd;
  let workspace: string;
  beforeAll(async () => {
    host = await startSshd();
    workspace = await mkdtemp(join(tmpdir(), 'opsroom-ssh-'));
    await mkdir(join(workspace, 'there'));
  });
  afterAll(async () => {
    await host?.stop();
    await rm(workspace, { recursive: true, force: true });
  });

  const reach = (): JsonObject => ({
    host: '127.0.0.1',
    port: host.port,
    user: host.user,
    hostKey: host.fingerprint,
    auth: { privateKey: host.privateKey },
  });
  const call = (action: string, args: JsonObject, over: Partial<CallContext> = {}) => {
    const { context, text } = testCall({ workspace, allowAddresses: ['127.0.0.1'], ...over });
    return { text, result: tool.run(action, { ...reach(), ...args }, context) };
  };
  const run = (args: JsonObject, over: Partial<CallContext> = {}) => call('run', args, over).result;

  test(verifies('TOOL-08', 'a script runs there, streams its output, and its exit code is kept'), async () => {
    const { result, text } = call('run', { run: 'echo out; echo err >&2; exit 3' });
    expect(await result).toMatchObject({
      ok: false,
      output: { exitCode: 3, stdout: 'out\n', stderr: 'err\n', truncated: false },
      error: { code: 'STEP_FAILED', message: 'The remote command exited with code 3: err' },
    });
    expect(text()).toContain('out\n');
    expect(await run({ run: 'exit 3', allowExitCodes: [3] })).toMatchObject({ ok: true });
  });

  test('values are data: as arguments, as environment, as standard input', async () => {
    const hostile = `'; touch ${workspace}/pwned; echo $(id) \`id\` "`;
    expect(await run({ argv: ['printf', '%s', hostile] })).toMatchObject({ output: { stdout: hostile } });
    const script = { run: 'printf %s "$VALUE"; cat', env: { VALUE: hostile }, stdin: hostile };
    expect(await run(script)).toMatchObject({ output: { stdout: hostile + hostile } });
    expect(existsSync(join(workspace, 'pwned'))).toBe(false);
  });

  test('what the environment holds stands in no command line of the host', async () => {
    const look = 'tr "\\0" " " </proc/$PPID/cmdline; tr "\\0" " " </proc/$$/cmdline';
    const found = await run({ run: look, env: { TOKEN: 'correct-horse' } });
    expect(found).toMatchObject({ ok: true });
    expect(JSON.stringify(found.output)).not.toContain('correct-horse');
  });

  test('the run and its idempotency key are there', async () => {
    const env = { OPSROOM_IDEMPOTENCY_KEY: 'run:step:-1:0', SECRET_OF_THE_WORKER: 'x' };
    const found = run({ run: 'echo "$OPSROOM_IDEMPOTENCY_KEY ${SECRET_OF_THE_WORKER-none}"', cwd: '/' }, { env });
    expect(await found).toMatchObject({ output: { stdout: 'run:step:-1:0 none\n' } });
  });

  test('a flood is cut, and its end is kept', async () => {
    const flood = await run({ run: 'head -c 3000000 /dev/zero | tr "\\0" x; echo end', outputCapBytes: 1000 });
    expect(flood).toMatchObject({ ok: true, output: { truncated: true, stdout: expect.stringMatching(/^x+end\n$/) } });
    expect((flood.output as { stdout: string }).stdout).toHaveLength(1000);
  });

  describe('who the host is', () => {
    test(verifies('TOOL-08', 'a host whose key nothing says is refused, and the refusal says the key'), async () => {
      const { hostKey: _, ...unpinned } = reach();
      const { context } = testCall({ workspace, allowAddresses: ['127.0.0.1'] });
      const found = await tool.run('run', { ...unpinned, run: 'true' }, context);
      expect(found).toMatchObject({ ok: false, error: { code: 'HOST_KEY_REFUSED', retryable: false } });
      expect(found.error?.message).toContain(host.fingerprint);
    });

    test(
      verifies('TOOL-08', 'another key than the pinned one is refused before the credentials are sent'),
      async () => {
        const other = `SHA256:${createHash('sha256').update('other').digest('base64').replace('=', '')}`;
        const found = await run({ hostKey: other, run: `touch ${workspace}/in`, auth: { password: 'correct-horse' } });
        expect(found).toMatchObject({
          error: { code: 'HOST_KEY_REFUSED', message: expect.stringContaining('another key') },
        });
        expect(existsSync(join(workspace, 'in'))).toBe(false);
      },
    );

    test('a known_hosts file of the workspace says it, too; one outside is not read', async () => {
      await writeFile(join(workspace, 'known_hosts'), `# ours\n${host.knownHosts}`);
      const { hostKey: _, ...unpinned } = reach();
      const { context } = testCall({ workspace, allowAddresses: ['127.0.0.1'] });
      expect(await tool.run('run', { ...unpinned, knownHosts: 'known_hosts', run: 'true' }, context)).toMatchObject({
        ok: true,
      });
      const outside = await tool.run('run', { ...unpinned, knownHosts: '../known_hosts', run: 'true' }, context);
      expect(outside).toMatchObject({ error: { code: 'ARGUMENT_INVALID' } });
    });

    test('credentials that do not hold, an address that is not allowed, a port where nobody is', async () => {
      expect(await run({ auth: { password: 'wrong' }, run: 'true' })).toMatchObject({
        error: { code: 'LOGIN_REFUSED', retryable: false },
      });
      expect(await run({ auth: { privateKey: 'not a key' }, run: 'true' })).toMatchObject({
        error: { code: 'ARGUMENT_INVALID', message: expect.not.stringContaining('not a key') },
      });
      expect(await run({ run: 'true' }, { allowAddresses: [] })).toMatchObject({ error: { code: 'ADDRESS_REFUSED' } });
      expect(await run({ port: 1, run: 'true' })).toMatchObject({ error: { code: 'UNREACHABLE', retryable: true } });
    });
  });

  test(verifies('TOOL-08', 'a cancelled command is ended on the host, with what it started'), async () => {
    const cancel = new AbortController();
    const script = 'sleep 1000 & echo "$! $$"; wait';
    const { result, text } = call('run', { run: script }, { signal: cancel.signal });
    await eventually(() => /^\d+ \d+$/m.test(text()));
    const pids = text().trim().split(' ').map(Number);
    expect(await running(pids)).toEqual([true, true]);
    cancel.abort(new OpsroomError('CANCELLED'));
    expect(await result).toMatchObject({ ok: false, output: { exitCode: null }, error: { code: 'CANCELLED' } });
    expect(await running(pids)).toEqual([false, false]);
  });

  test('a command that takes too long is ended there as well', async () => {
    const { result, text } = call('run', { run: 'echo $$; exec sleep 1000' }, { timeoutMs: 1500 });
    expect(await result).toMatchObject({ error: { code: 'STEP_TIMEOUT' } });
    expect(await running([Number(text().trim())])).toEqual([false]);
  });

  describe('copies', () => {
    const digest = (text: string) => createHash('sha256').update(text).digest('hex');

    test(verifies('TOOL-08', 'a file goes there and back whole, with its digest'), async () => {
      await writeFile(join(workspace, 'up.bin'), 'content\n');
      const remote = join(workspace, 'there', 'on host.bin');
      const up = await call('put', { local: 'up.bin', remote, mode: '640' }).result;
      expect(up).toMatchObject({ ok: true, output: { bytes: 8, sha256: digest('content\n') } });
      expect((await stat(remote)).mode & 0o777).toBe(0o640);
      await writeFile(join(workspace, 'up.bin'), 'newer\n');
      expect(await call('put', { local: 'up.bin', remote }).result).toMatchObject({ ok: true });
      const down = await call('get', { remote, local: 'down.bin', sha256: digest('newer\n') }).result;
      expect(down).toMatchObject({ ok: true, output: { bytes: 6 } });
      expect(await readFile(join(workspace, 'down.bin'), 'utf8')).toBe('newer\n');
    });

    test('what does not fit leaves nothing behind, on either side', async () => {
      await writeFile(join(workspace, 'up.bin'), 'x'.repeat(100_000));
      const before = await readdir(join(workspace, 'there'));
      const remote = join(workspace, 'there', 'refused.bin');
      expect(await call('put', { local: 'up.bin', remote, sha256: digest('other') }).result).toMatchObject({
        ok: false,
      });
      expect(await call('put', { local: 'up.bin', remote, maxBytes: 10 }).result).toMatchObject({
        error: { code: 'STEP_OVER_LIMIT' },
      });
      expect(await readdir(join(workspace, 'there'))).toEqual(before);
      const down = { remote: join(workspace, 'up.bin'), local: 'there/down.bin', maxBytes: 10 };
      expect(await call('get', down).result).toMatchObject({ error: { code: 'STEP_OVER_LIMIT' } });
      expect(await readdir(join(workspace, 'there'))).toEqual(before);
      expect(await call('get', { remote: '/no/such', local: 'x' }).result).toMatchObject({
        error: { code: 'STEP_FAILED', message: expect.stringContaining('/no/such') },
      });
    });

    test('neither end of a copy leads out of the workspace', async () => {
      const outside = await mkdtemp(join(tmpdir(), 'opsroom-outside-'));
      await symlink(outside, join(workspace, 'way-out'));
      await writeFile(join(outside, 'secret'), 'secret');
      await chmod(outside, 0o755);
      const remote = join(workspace, 'up.bin');
      for (const local of ['../x', 'way-out/x', '/etc/x'])
        expect(await call('get', { remote, local }).result).toMatchObject({ error: { code: 'ARGUMENT_INVALID' } });
      expect(await call('put', { local: 'way-out/secret', remote: '/tmp/x' }).result).toMatchObject({
        error: { code: 'ARGUMENT_INVALID' },
      });
      expect(await readdir(outside)).toEqual(['secret']);
      await rm(outside, { recursive: true });
    });
  });
});
