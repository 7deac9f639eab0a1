import { expect, test } from 'vitest';
import { agentText, costParts, costText } from './cost-words.js';

const agent = { step: 'fix', attempts: 1, usd: 0.0123, unpriced: 0, inputTokens: 1100, outputTokens: 60 };
const silent = { ...agent, usd: 0, unpriced: 1, inputTokens: 0, outputTokens: 0 };

test('what is known of the cost is told, and that there is more', () => {
  expect(costText({ usd: 12.3, unpriced: 0, agents: [agent], draftUsd: 1 })).toBe('$12.30');
  expect(costText({ usd: 0.0123, unpriced: 1, agents: [agent, silent], draftUsd: 0 })).toBe('$0.0123 and more');
  expect(costText({ usd: 0, unpriced: 1, agents: [silent], draftUsd: 0 })).toBe('not told');
});

test('each part of it stands with its step', () => {
  expect(agentText(agent)).toBe('$0.0123, 1,100 tokens in, 60 out');
  expect(agentText({ ...agent, attempts: 2 })).toContain('of 2 attempts');
  expect(agentText(silent)).toBe('it does not tell what it cost');
  expect(costParts({ usd: 0.02, unpriced: 0, agents: [agent], draftUsd: 0.0077 })).toEqual([
    'fix: $0.0123, 1,100 tokens in, 60 out',
    'drafting its plan, once for all its runs: $0.0077',
  ]);
});
