import { expect, test } from 'vitest';
import { runCostText } from './cost-text.js';

const agent = { step: 'fix', attempts: 2, usd: 0.5, unpriced: 0, inputTokens: 1100, outputTokens: 60 };
const silent = { ...agent, usd: 0, unpriced: 2 };

test('a price that nobody told is no price of nothing', () => {
  const none = { usd: 0, unpriced: 2, agents: [silent], draftUsd: 0 };
  expect(runCostText(none)).toBe('cost not told (agent fix does not tell)');
});

test('what is known is told, and how much is not', () => {
  expect(runCostText({ usd: 0.5, unpriced: 0, agents: [agent], draftUsd: 0 })).toBe('cost $0.5000 (agent fix $0.5000)');
  const both = { usd: 0.52, unpriced: 2, agents: [agent, { ...silent, step: 'test' }], draftUsd: 0.02 };
  expect(runCostText(both)).toBe(
    'cost $0.5200, 2 of unknown price (agent fix $0.5000, agent test does not tell, drafting its plan $0.0200)',
  );
  const part = { ...agent, unpriced: 1 };
  expect(runCostText({ usd: 0.5, unpriced: 1, agents: [part], draftUsd: 0 })).toContain('$0.5000, 1 of unknown price');
});
