import { z } from 'zod';
import type { ModelCall, Spent } from './store.js';

export const callView = z.object({
  callId: z.string(),
  at: z.string(),
  by: z.string(),
  provider: z.string(),
  model: z.string(),
  prompt: z.string(),
  promptVersion: z.int(),
  promptDigest: z.string(),
  inputTokens: z.int().nullable(),
  outputTokens: z.int().nullable(),
  /** US dollars by the price of `pricesAsOf`; null: the price is not known, or nothing was answered. */
  cost: z.number().nullable(),
  /** The day of the maker's price list, or the setting that says the price; empty: it is not known. */
  pricesAsOf: z.string(),
  ms: z.int(),
  /** `refused`: the answer was of no use. */
  outcome: z.enum(['used', 'refused', 'failed']),
  /** Its answer was lost on the way: tokens and cost are the most that it may have taken. */
  lost: z.boolean(),
  planDigest: z.string().nullable(),
});

export const spentView = z.object({
  calls: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  /** US dollars, of the calls whose price is known. */
  cost: z.number(),
  /** Calls whose price is not. */
  unpriced: z.int(),
  /** Calls whose answer was lost on the way, which count with the most that they may have taken. */
  lost: z.int(),
});

export const showCall = ({ id, at, ...rest }: ModelCall): z.infer<typeof callView> => ({
  callId: id,
  at: at.toISOString(),
  lost: rest.outcome === 'failed' && rest.inputTokens !== null,
  ...rest,
});

export const showSpent = (found: Spent): z.infer<typeof spentView> => ({ ...found });
