import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallContext, ToolResult } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { agentTool } from '#tools/agent/tool.js';
import { testCall } from '../harness/call.js';
import { missing } from '../harness/parts.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

const AGENT = fileURLToPath(new URL('../fixtures/agent.mjs', import.meta.url));
const tool = agentTool();

let workspace: string;
let repository: string;
const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: repository, encoding: 'utf8', stdio: 'pipe' }).trim();

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'opsroom-agent-'));
  repository = join(workspace, 'shop');
  await mkdir(join(repository, 'src'), { recursive: true });
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@octo.example');
  await writeFile(join(repository, 'README.md'), 'shop\n');
  git('add', '-A');
  git('commit', '-q', '-m', 'Begin');
  await writeFile(join(repository, 'src/sum.mjs'), 'export const sum = (a, b) => a - b;\n');
  git('add', '-A');
  git('commit', '-q', '-m', 'Sum');
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

const context = (over: Partial<CallContext> = {}) =>
  testCall({ workspace, env: { PATH: process.env['PATH'] ?? '' }, ...over });
const work = (prompt: string, more: JsonObject = {}, over: Partial<CallContext> = {}): Promise<ToolResult> =>
  tool.run('work', { repository: 'shop', argv: [process.execPath, AGENT], prompt, ...more }, context(over).context);
const apply = (head: string, branch: string) =>
  tool.run('apply', { repository: 'shop', from: 'step', head, branch }, context().context);
const headOf = ({ output }: ToolResult) => (output as { head: string }).head;

describe('an agent', () => {
  test(
    verifies(
      'TOOL-07',
      'changes a clone; its prompt, diff, commands, tokens and cost are recorded; the repository stays',
    ),
    async () => {
      const before = git('rev-parse', 'HEAD');
      const done = await work('fix the sum', { message: 'Mend the sum', budget: { tokens: 10_000, usd: 1 } });
      expect(done).toMatchObject({
        ok: true,
        output: {
          base: before,
          files: [{ path: 'src/sum.mjs', kind: 'changed' }],
          commands: ['npm test'],
          usage: { tokens: 1160, inputTokens: 1100, outputTokens: 60, costUsd: 0.0123 },
          budget: 'kept',
          said: 'I did: fix',
          exitCode: 0,
        },
      });
      const kept = Object.fromEntries((done.artefacts ?? []).map(({ name, path }) => [name, path]));
      expect(await readFile(join(workspace, kept['prompt'] ?? ''), 'utf8')).toBe('fix the sum');
      expect(await readFile(join(workspace, kept['diff'] ?? ''), 'utf8')).toContain(
        '+export const sum = (a, b) => a + b;',
      );
      const { result } = done.output as { result: string };
      expect(await readFile(join(workspace, result, 'src/sum.mjs'), 'utf8')).toContain('a + b');
      expect(git('rev-parse', 'HEAD')).toBe(before);
      expect(git('status', '--porcelain')).toBe('');
      expect(git('for-each-ref')).not.toContain('opsroom');
    },
  );

  test(verifies('TOOL-07', 'only apply brings its work to the repository, and only forward'), async () => {
    const done = await work('commit');
    expect(done).toMatchObject({ ok: true, output: { commits: [{ subject: 'Mend the sum' }], filesInAll: 2 } });
    const head = headOf(done);
    expect(await apply(head, 'agents/sum')).toMatchObject({ ok: true, output: { before: null, changed: true } });
    expect(git('log', '--format=%s', 'main..agents/sum')).toBe('Change made by an agent');
    expect(await apply(head, 'main')).toMatchObject({ ok: true, output: { changed: true } });
    // The branch is checked out: its files follow.
    expect(await readFile(join(repository, 'src/sum.mjs'), 'utf8')).toContain('a + b');
    expect(await apply(head, 'main')).toMatchObject({ ok: true, output: { changed: false } });
    git('checkout', '-q', '-b', 'other', 'main~1');
    git('commit', '-q', '--allow-empty', '-m', 'Meanwhile');
    expect(await apply(head, 'other')).toMatchObject({ ok: false, error: { code: 'CHANGE_REFUSED' } });
    expect(await apply('f'.repeat(40), 'main')).toMatchObject({ ok: false, error: { code: 'CHANGE_REFUSED' } });
  });

  test.each([
    ['rewrites history', 'rewrite', 'rewrote the history'],
    ['drops a commit', 'drop', 'rewrote the history'],
    ['makes away with the repository', 'unmake', 'cannot be read'],
    ['links to files of the machine', 'link', 'leads out of the repository: src/passwd'],
    ['links to them by way of another link', 'chain', 'leads out of the repository: src/passwd'],
    ['hides a repository', 'nested', 'repository within the repository: vendor'],
  ])('that %s is refused, and nothing is left for apply', async (_, deed, why) => {
    const done = await work(deed);
    expect(done).toMatchObject({ ok: false, error: { code: 'CHANGE_REFUSED', message: expect.stringContaining(why) } });
    expect(await apply(git('rev-parse', 'HEAD'), 'main')).toMatchObject({ ok: false });
  });

  test(verifies('TOOL-07', 'outside of the allowed paths nothing may change'), async () => {
    expect(await work('outside', { allowedPaths: ['src/'] })).toMatchObject({
      error: { code: 'CHANGE_REFUSED', message: expect.stringContaining('deploy.sh') },
    });
    expect(await work('outside', { allowedPaths: ['src', 'deploy.sh'] })).toMatchObject({ ok: true });
  });

  test('the hooks and settings that it leaves in its clone are never run', async () => {
    const caught = join(workspace, 'caught');
    const done = await work(`hooks ${caught}`);
    expect(done).toMatchObject({ ok: true });
    expect(await apply(headOf(done), 'main')).toMatchObject({ ok: true });
    expect(existsSync(caught)).toBe(false);
  });

  test('hooks and settings of the repository do not reach it either', async () => {
    const caught = join(workspace, 'caught');
    await writeFile(join(repository, '.git/hooks/post-checkout'), `#!/bin/sh\ntouch ${caught}\n`);
    await chmod(join(repository, '.git/hooks/post-checkout'), 0o755);
    git('remote', 'add', 'origin', 'https://user:token@example.com/shop.git');
    const done = await work('look /');
    expect(done).toMatchObject({ ok: true });
    const { result } = done.output as { result: string };
    expect(JSON.parse(await readFile(join(workspace, result, 'src/seen.json'), 'utf8'))).toMatchObject({ remotes: '' });
    expect(await readFile(join(workspace, result, '../clone/.git/config'), 'utf8')).not.toContain('token');
    expect(existsSync(caught)).toBe(false);
  });

  test(verifies('TOOL-07', 'one that never ends is ended: by its time, by a cancel, by its budget'), async () => {
    expect(await work('forever', {}, { timeoutMs: 1500 })).toMatchObject({
      ok: false,
      error: { code: 'STEP_TIMEOUT' },
    });
    const cancel = new AbortController();
    const { context: call, text } = context({ signal: cancel.signal });
    const running = tool.run('work', { repository: 'shop', argv: [process.execPath, AGENT], prompt: 'forever' }, call);
    await eventually(() => text().includes('"pid"'));
    cancel.abort(new OpsroomError('CANCELLED'));
    expect(await running).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
    expect(await work('spend', { budget: { tokens: 5000 } })).toMatchObject({
      ok: false,
      output: { usage: { tokens: 1_002_250 } },
      error: { code: 'STEP_OVER_LIMIT', retryable: false, message: expect.stringContaining('1002250 tokens, of 5000') },
    });
  });

  test('one that fails, changes nothing, changes too much, or does not say what it used', async () => {
    expect(await work('fail')).toMatchObject({ ok: false, output: { exitCode: 3 }, error: { code: 'STEP_FAILED' } });
    expect(await work('nothing')).toMatchObject({ ok: false, error: { message: 'The agent changed nothing' } });
    expect(await work('fix', { maxDiffBytes: 20 })).toMatchObject({ error: { code: 'STEP_OVER_LIMIT' } });
    const silent = { argv: ['sh', '-c', 'cat >/dev/null; echo x > new'], budget: { usd: 1 } };
    expect(await work('x', silent)).toMatchObject({
      ok: true,
      output: { usage: null, budget: expect.stringContaining('unknown') },
    });
  });

  test.each([
    ['a base that is an option', { base: '--upload-pack=x' }],
    ['a repository outside', { repository: '..' }],
    ['no agent', { argv: null }],
    ['a path that climbs out', { allowedPaths: ['../x'] }],
  ])('%s is refused', async (_, more) => {
    const args = Object.fromEntries(
      Object.entries({ repository: 'shop', argv: ['true'], prompt: 'x', ...more }).filter(([, v]) => v !== null),
    );
    expect(await tool.run('work', args as JsonObject, context().context)).toMatchObject({
      ok: false,
      error: { code: 'ARGUMENT_INVALID' },
    });
  });
});

describe.skipIf(missing('bwrap'))('an agent in bubblewrap', () => {
  test(verifies('TOOL-07', 'sees its clone, and neither the repository nor what lies beside it'), async () => {
    // Inside, programs are those of the system: /usr/bin/node where there is one; a shell script is enough here.
    const look =
      'cat >/dev/null; ls "$0" 2>/dev/null || echo unseen > src/seen; ls "$0/../.opsroom-agents" 2>/dev/null || echo alone >> src/seen';
    const done = await work(
      'x',
      { argv: ['sh', '-c', look, repository] },
      { isolation: { level: 'bubblewrap', network: false }, env: {} },
    );
    expect(done).toMatchObject({ ok: true, isolation: 'bubblewrap' });
    const { result } = done.output as { result: string };
    expect(await readFile(join(workspace, result, 'src/seen'), 'utf8')).toBe('unseen\nalone\n');
    expect(await apply(headOf(done), 'main')).toMatchObject({ ok: true });
  });
});
