import { readdir, readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { agentTool } from '#tools/agent/tool.js';
import { testCall } from '../../harness/call.js';
import { eventually } from '../../harness/processes.js';
import { verifies } from '../../harness/requirements.js';
import { type FakeModel, fakeModel } from './model.js';
import { AgentHome, missingAgents, modelArgs } from './programs.js';
import { MEND, shopWorkspace } from './shop.js';

const PRESETS = ['claude-code', 'codex'] as const;
const tool = agentTool();

/** Whether any process works in the folder, wherever it has gone to. */
async function isWorkedIn(folder: string): Promise<boolean> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const cwds = await Promise.all(ids.map((id) => readlink(`/proc/${id}/cwd`).catch(() => '')));
  return cwds.some((cwd) => cwd.startsWith(folder));
}

describe.skipIf(missingAgents()).each(PRESETS)('%s itself, by the agent tool', (preset) => {
  let workspace: string;
  let home: AgentHome;
  let model: FakeModel | undefined;
  beforeEach(async () => {
    workspace = await shopWorkspace();
    home = new AgentHome();
  });
  afterEach(async () => {
    await model?.close();
    model = undefined;
    home.close();
    await rm(workspace, { recursive: true, force: true });
  });

  const clone = () => join(workspace, '.opsroom-agents/step/clone');
  const call = (over: Parameters<typeof testCall>[0] = {}) =>
    testCall({ workspace, env: home.env, timeoutMs: 60_000, ...over });
  const argsFor = (url: string, more: JsonObject & { options?: string[] } = {}): JsonObject => {
    const { options, env } = modelArgs(preset, url);
    return {
      repository: 'shop',
      preset,
      prompt: 'Mend the sum',
      env,
      ...more,
      options: [...options, ...(more.options ?? [])],
    };
  };

  test(verifies('TOOL-07', 'mends a file by its own tools; diff, commands, tokens and cost are recorded'), async () => {
    model = await fakeModel(() => MEND[preset](clone()));
    const allowed = preset === 'claude-code' ? ['--allowedTools', 'Bash(node --test)'] : [];
    const { context, text } = call();
    const done = await tool.run('work', argsFor(model.url, { options: allowed, budget: { usd: 2 } }), context);
    expect(done, text()).toMatchObject({
      ok: true,
      output: {
        files: [{ path: 'src/sum.mjs', kind: 'changed' }],
        said: 'The sum is mended.',
        usage: { tokens: 660, inputTokens: 600, outputTokens: 60 },
        exitCode: 0,
      },
    });
    const { usage, budget, commands, result } = done.output as {
      usage: { costUsd: number | null };
      budget: string;
      commands: string[];
      result: string;
    };
    expect(commands.at(-1)).toContain('node --test');
    expect(model.answers().at(-1)).toContain('pass 1');
    expect(await readFile(join(workspace, result, 'src/sum.mjs'), 'utf8')).toContain('a + b');
    const diff = done.artefacts?.find(({ name }) => name === 'diff')?.path ?? '';
    expect(await readFile(join(workspace, diff), 'utf8')).toContain('+export const sum = (a, b) => a + b;');
    // Codex tells no price: that is unknown, and not nothing.
    if (preset === 'codex') expect([usage.costUsd, budget]).toEqual([null, expect.stringContaining('unknown')]);
    else expect([usage.costUsd, budget]).toEqual([expect.closeTo(0.0036, 6), 'kept']);
  });

  test(verifies('TOOL-07', 'one whose model falls silent is ended with its time, and leaves no process'), async () => {
    model = await fakeModel(() => MEND[preset](clone()).slice(0, 1));
    const { context } = call({ timeoutMs: 10_000 });
    const done = await tool.run('work', argsFor(model.url), context);
    // Codex tells what it used at the end of a turn, Claude Code with each answer; Claude Code its price at the end.
    const usage = preset === 'codex' ? null : { tokens: 110, inputTokens: 100, outputTokens: 10, costUsd: null };
    expect(done).toMatchObject({ ok: false, error: { code: 'STEP_TIMEOUT' }, output: { usage } });
    await eventually(async () => !(await isWorkedIn(workspace)));
  });
});
