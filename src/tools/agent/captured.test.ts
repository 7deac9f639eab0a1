import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AgentReport } from './report.js';

/** What the programs printed to test/parts/agents, with the folders of that day renamed. */
function captured(name: string): AgentReport {
  const report = new AgentReport();
  report.push(readFileSync(new URL(`../../../test/fixtures/agents/${name}.jsonl`, import.meta.url)));
  report.close();
  return report;
}

describe('Claude Code 2.1.330', () => {
  test('a command that it was not allowed to run is not among those that ran', () => {
    const report = captured('claude-code-denied');
    expect(report.commands).toEqual(['cat new.txt']);
    expect(report.usage()).toEqual({ tokens: 660, inputTokens: 600, outputTokens: 60, costUsd: 0.0036 });
    expect([report.said, report.failed]).toEqual(['It is written.', false]);
  });

  test('what was used is what its models used: the sum beside it leaves out a turn that was not ended', () => {
    const report = captured('claude-code-budget');
    expect(report.usage()).toMatchObject({ inputTokens: 300, outputTokens: 30, costUsd: 0.0018000000000000002 });
    expect([report.failed, report.said]).toEqual([true, 'Reached maximum budget ($0.001)']);
  });

  test('the price of a model whose price it does not know is not known', () => {
    expect(captured('claude-code-unpriced').usage()).toEqual({
      tokens: 11,
      inputTokens: 5,
      outputTokens: 6,
      costUsd: null,
    });
  });
});

describe('Codex 0.169.0', () => {
  test('commands, words and tokens; no price', () => {
    const report = captured('codex');
    expect(report.commands).toEqual([
      "/bin/bash -lc 'printf hello > new.txt'",
      "/bin/bash -lc 'cat new.txt; sleep 1; false'",
    ]);
    expect(report.usage()).toEqual({ tokens: 660, inputTokens: 600, outputTokens: 60, costUsd: null });
    expect([report.said, report.failed]).toEqual(['It is written.', false]);
  });

  test('a turn that failed says why, and nothing of what it used', () => {
    const report = captured('codex-failed');
    expect([report.failed, report.usage()]).toEqual([true, undefined]);
    expect(report.said).toContain('The model is out');
  });
});
