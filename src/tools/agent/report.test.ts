import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AgentReport } from './report.js';

const after = (...lines: (object | string)[]) => {
  const report = new AgentReport();
  for (const line of lines) report.push(Buffer.from(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`));
  report.close();
  return report;
};

describe('what agents say of themselves', () => {
  test('Claude Code: messages as they come, each once, then the sum of all with its price', () => {
    const usage = { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 100, cache_creation_input_tokens: 20 };
    const part = {
      type: 'assistant',
      message: { id: 'a', usage, content: [{ type: 'tool_use', name: 'Bash', input: { command: 'ls' } }] },
    };
    const half = after({ type: 'system' }, part, {
      ...part,
      message: { id: 'a', usage, content: [{ type: 'text', text: 'x' }] },
    });
    expect(half.usage()).toEqual({ tokens: 135, inputTokens: 130, outputTokens: 5, costUsd: null });
    const whole = after(part, {
      type: 'result',
      is_error: false,
      total_cost_usd: 0.5,
      usage: { input_tokens: 1, output_tokens: 2 },
      result: 'done',
    });
    expect(whole.usage()).toEqual({ tokens: 3, inputTokens: 1, outputTokens: 2, costUsd: 0.5 });
    expect([whole.commands, whole.said, whole.failed]).toEqual([['ls'], 'done', false]);
  });

  test('models whose counts have names that are not known do not make what was used nothing', () => {
    const result = { type: 'result', usage: { input_tokens: 7, output_tokens: 2 } };
    const told = (modelUsage: object) => after({ ...result, modelUsage }).usage()?.tokens;
    expect(told({ some: { inputTokens: 70, outputTokens: 20 } })).toBe(90);
    expect(told({ some: { tokensIn: 70, tokensOut: 20 } })).toBe(9);
  });

  test('a message counts by the most that it says, however long its id', () => {
    const message = (id: string, output_tokens: number) => ({
      type: 'assistant',
      message: { id, usage: { output_tokens } },
    });
    const long = 'x'.repeat(1024 * 1024);
    const report = after(
      message('a', 5),
      message('a', 8),
      message('a', 3),
      message(`${long}1`, 1),
      message(`${long}2`, 1),
    );
    expect(report.usage()?.tokens).toBe(10);
  });

  test('of messages without end only the first are told apart; the others count each time', () => {
    const message = (id: number) =>
      `${JSON.stringify({ type: 'assistant', message: { id: `m${id}`, usage: { input_tokens: 1 } } })}\n`;
    const report = new AgentReport();
    report.push(Buffer.from(Array.from({ length: 10_001 }, (_, id) => message(id)).join('')));
    expect(report.usage()?.tokens).toBe(10_001);
    report.push(Buffer.from(message(0) + message(9_999)));
    expect(report.usage()?.tokens).toBe(10_001);
    report.push(Buffer.from(message(10_000)));
    expect(report.usage()?.tokens).toBe(10_002);
  });

  test('Codex: turns add up', () => {
    const turn = { type: 'turn.completed', usage: { input_tokens: 100, cached_input_tokens: 90, output_tokens: 7 } };
    const item = { type: 'item.completed', item: { type: 'command_execution', command: 'bash -lc ls', exit_code: 0 } };
    const report = after(
      { type: 'thread.started', thread_id: 'x' },
      item,
      turn,
      { type: 'item.completed', item: { type: 'agent_message', text: 'done' } },
      turn,
    );
    expect(report.usage()).toMatchObject({ tokens: 214, costUsd: null });
    expect([report.commands, report.said]).toEqual([['bash -lc ls'], 'done']);
    expect(after({ type: 'turn.failed', error: { message: 'x' } }).failed).toBe(true);
  });

  test('Cursor: commands, and nothing of what it used', () => {
    const call = { type: 'tool_call', subtype: 'started', tool_call: { shellToolCall: { args: { command: 'ls' } } } };
    const report = after(call, { ...call, subtype: 'completed' }, { type: 'result', is_error: true, result: 'no' });
    expect([report.commands, report.usage(), report.failed, report.said]).toEqual([['ls'], undefined, true, 'no']);
  });

  test('a budget is exceeded only by what is known', () => {
    const report = after({ type: 'result', usage: { input_tokens: 10, output_tokens: 1 } });
    expect(report.exceeded({ tokens: 11, usd: 0.01 })).toBeUndefined();
    expect(report.exceeded({ tokens: 10 })).toBe('11 tokens, of 10 allowed');
    expect(after({ type: 'result', total_cost_usd: 2, usage: {} }).exceeded({ usd: 1 })).toBe('2 USD, of 1 allowed');
  });

  test('any output at all, however it is cut, is read without harm', () => {
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          type: fc.constantFrom('assistant', 'result', 'turn.completed', 'item.completed', 'tool_call'),
          usage: fc.anything(),
          modelUsage: fc.anything(),
          errors: fc.anything(),
          message: fc.anything(),
          item: fc.anything(),
          tool_call: fc.anything(),
        })
        .map((value) => JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v)) ?? ''),
    );
    fc.assert(
      fc.property(fc.array(line), fc.nat(50), (lines, cut) => {
        const bytes = Buffer.from(lines.join('\n'));
        const report = new AgentReport();
        report.push(bytes.subarray(0, cut));
        report.push(bytes.subarray(cut));
        report.close();
        expect(report.usage()?.tokens ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('a line without end does not fill the memory', () => {
    const report = new AgentReport();
    for (let i = 0; i < 12; i += 1) report.push(Buffer.alloc(1024 * 1024, '{'));
    report.push(Buffer.from('\n{"type":"result","usage":{"input_tokens":1}}\n'));
    expect(report.usage()?.tokens).toBe(1);
  });
});
