import { z } from 'zod';
import type { Spent } from '../models/store.js';
import type { AgentUse } from './cost-store.js';

/** What a run cost, in US dollars: its agents by their own word, and the language model that drafted its plan. */
export const runCostView = z.object({
  /** Of all whose price is known. */
  usd: z.number(),
  /** Calls and attempts whose price is not. */
  unpriced: z.int(),
  agents: z.array(
    z.object({
      step: z.string(),
      attempts: z.int(),
      usd: z.number(),
      /** Attempts that did not tell what they cost. */
      unpriced: z.int(),
      inputTokens: z.number(),
      outputTokens: z.number(),
    }),
  ),
  /** Of it, what drafting the plan cost, once for all its runs. */
  draftUsd: z.number(),
});
export type RunCost = z.infer<typeof runCostView>;

/** Null: nothing was spent. */
export function runCost(use: readonly AgentUse[], draft: Spent): RunCost | null {
  if (use.length === 0 && draft.calls === 0) return null;
  return {
    usd: use.reduce((sum, { usd }) => sum + usd, draft.cost),
    unpriced: use.reduce((sum, { unpriced }) => sum + unpriced, draft.unpriced),
    agents: use.map(({ runId: _, ...agent }) => agent),
    draftUsd: draft.cost,
  };
}
