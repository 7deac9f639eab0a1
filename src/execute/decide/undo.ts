import { type Decision, type Next, personParked, type Unit } from './units.js';

/** A run that rolls back. */
export interface Undoing {
  /** Compensations in the order in which they run. */
  readonly undo: readonly Unit[];
  /** Units that are being prepared or run. */
  readonly active: number;
  /** Compensations that were cut short. */
  readonly unknown: readonly Unit[];
  /** Compensations that failed. */
  readonly notUndone: readonly string[];
}

const goOn = (wakeAt?: number): Next => ({ kind: 'continue', wakeAt });

/** What a rollback does next: one compensation at a time, in order; one that failed does not keep the rest from running. */
export function undoNext({ undo, active, unknown, notUndone }: Undoing, nowMs: number): Decision {
  const decided = (next: Next, prepare: readonly Unit[] = []): Decision => {
    return { prepare, reconcile: unknown, expand: [], sum: [], elapsed: [], withdraw: [], next };
  };
  if (active > 0 || unknown.length > 0) return decided(goOn());
  const unit = undo.find((u) => u.phase !== 'done' && u.phase !== 'failed');
  if (!unit) return decided({ kind: 'end', status: notUndone.length > 0 ? 'failed' : 'rolled_back' });
  const due = unit.phase === 'ready' || (unit.phase === 'retrying' && (unit.wakeAt ?? 0) <= nowMs);
  if (due) return decided(goOn(), [unit]);
  if (unit.wakeAt !== undefined) return decided(goOn(unit.wakeAt));
  return decided({ kind: 'park', status: 'waiting', parked: personParked(unit), wakeAt: undefined });
}
