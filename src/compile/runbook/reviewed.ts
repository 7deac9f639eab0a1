import type { Decision } from './decision.js';
import type { Checked, LockCheck } from './review.js';

/** The decisions as people have reviewed them: what they skip is left out, what they know does not ask. */
export function applyReview({ blocks }: LockCheck): Decision[] {
  return blocks.map(reviewed);
}

function reviewed({ decision, state, entry }: Checked): Decision {
  if (state !== 'unchanged' || entry === undefined) return decision;
  if (entry.decision === 'skip') {
    return { ...decision, label: 'leave_out', rule: 'review-skip', why: 'the review of this file says to skip it' };
  }
  const known = { ...decision, ask: undefined };
  if (entry.decision === decision.label || decision.block.kind !== 'code') return known;
  return { ...known, label: entry.decision, rule: 'review-run', why: 'the review of this file says so' };
}
