import type { RunStatus } from '#ir/state.js';
import type { Fault, RunRow } from '../records.js';

/**
 * The fault that a run has now. The row keeps the latest for good: a run that failed and went on by somebody's word has it no more,
 * even when it was cancelled later, since a cancel writes none of its own. A run that rolls back mostly does so for its sake; one that
 * had gone on, and was rolled back later by request, cannot be told from it here.
 */
export function standingFault({ status, mode, error }: Pick<RunRow, 'status' | 'mode' | 'error'>): Fault | null {
  // A rollback that was taken up again, and perhaps came to its end, is not the one that left something.
  if (error?.code === 'ROLLBACK_INCOMPLETE' && status !== 'failed') return null;
  return mode === 'rollback' || FAULTY.has(status) ? error : null;
}

const FAULTY: ReadonlySet<RunStatus> = new Set(['failed', 'rolled_back']);
