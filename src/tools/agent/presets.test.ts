import { describe, expect, test } from 'vitest';
import { commandOf } from './presets.js';

const start = { prompt: 'Mend it', options: ['--model', 'x'] };

/** That the programs know these options, test/parts/agents sees on the programs themselves. */
describe('how an agent is started', () => {
  test('Claude Code: outside of a sandbox it may edit; in one whatever it likes, as root too', () => {
    const { argv, env, stdin } = commandOf('claude-code', { ...start, isSandboxed: false });
    expect(argv.join(' ')).toBe(
      'claude -p --output-format stream-json --verbose --permission-mode acceptEdits --model x',
    );
    expect([env, stdin]).toEqual([undefined, 'Mend it']);
    const sandboxed = commandOf('claude-code', { ...start, isSandboxed: true });
    expect(sandboxed.argv).toContain('bypassPermissions');
    expect(sandboxed.env).toEqual({ IS_SANDBOX: '1' });
  });

  test('Claude Code is told its budget', () => {
    const { argv } = commandOf('claude-code', { ...start, isSandboxed: false, budgetUsd: 0.5 });
    expect(argv.join(' ')).toContain(' --max-budget-usd 0.5 ');
  });

  test('Codex keeps its own sandbox but in ours', () => {
    const { argv } = commandOf('codex', { ...start, isSandboxed: false });
    expect(argv.join(' ')).toBe('codex exec --json --sandbox workspace-write --model x -');
    const sandboxed = commandOf('codex', { ...start, isSandboxed: true });
    expect(sandboxed.argv.join(' ')).toBe('codex exec --json --dangerously-bypass-approvals-and-sandbox --model x -');
  });
});
