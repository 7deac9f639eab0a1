import type { RunStatus } from '#ir/state.js';
import type { Fault, RunRow } from '../records.js';

/**
 * The fault that a run has now. The row keeps the first one for good: a run that failed and went on by somebody's word has it no more,
 * and one that rolls back does so for its sake.
 */
export function standingFault({ status, mode, error }: Pick<RunRow, 'status' | 'mode' | 'error'>): Fault | null {
  return mode === 'rollback' || FAULTY.has(status) ? error : null;
}

const FAULTY: ReadonlySet<RunStatus> = new Set(['failed', 'cancelled', 'rolled_back']);
