import { expect, test } from 'vitest';
import { runCost } from './cost.js';

const nothing = { calls: 0, inputTokens: 0, outputTokens: 0, cost: 0, unpriced: 0, lost: 0 };
const agent = { runId: 'r', step: 'fix', attempts: 2, usd: 0.5, unpriced: 1, inputTokens: 1100, outputTokens: 60 };

test('a run costs what its agents told and what drafting its plan took; nothing is no cost at all', () => {
  expect(runCost([], nothing)).toBeNull();
  expect(runCost([agent], { ...nothing, calls: 1, cost: 0.25 })).toEqual({
    usd: 0.75,
    unpriced: 1,
    draftUsd: 0.25,
    agents: [{ step: 'fix', attempts: 2, usd: 0.5, unpriced: 1, inputTokens: 1100, outputTokens: 60 }],
  });
});
