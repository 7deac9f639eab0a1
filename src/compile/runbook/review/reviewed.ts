import { dangerOfBlock } from '../blocks/dangers.js';
import type { Decision } from '../blocks/decision.js';
import type { Checked, LockCheck } from './review.js';

/** The decisions as people have reviewed them: what they skip is left out, what they know does not ask. */
export function applyReview({ blocks, complete }: LockCheck): Decision[] {
  return blocks.map((checked) => reviewed(checked, complete));
}

/**
 * That a block is known to be destructive holds for the file as it was reviewed: what a variable stands for, the folder and what
 * was done before are said elsewhere in it. Once anything has changed, it asks again.
 */
function reviewed({ decision, state, entry }: Checked, complete: boolean): Decision {
  if (state !== 'unchanged' || entry === undefined) return decision;
  if (entry.decision === 'skip') {
    return { ...decision, label: 'leave_out', rule: 'review-skip', why: 'the review of this file says to skip it' };
  }
  const known = complete ? { ...decision, ask: undefined } : decision;
  if (entry.decision === decision.label || decision.block.kind !== 'code') return known;
  const ask = complete ? undefined : (decision.ask ?? dangerOfBlock(decision));
  return { ...known, ask, label: entry.decision, rule: 'review-run', why: 'the review of this file says so' };
}
