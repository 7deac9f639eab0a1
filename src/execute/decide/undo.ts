import { guardedBy } from '#ir/guards.js';
import { named } from '#ir/named.js';
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
  /** Why things are taken back, and what was done of what a compensation takes back: for whoever is asked. */
  readonly told: (unit: Unit) => string;
}

/** Compensations before one that failed, or were left out: what comes after them finds things otherwise than it was written for. */
export function notTakenBackBefore(undo: readonly Unit[], unit: Unit): readonly Unit[] {
  const before = undo.slice(0, Math.max(undo.indexOf(unit), 0));
  // A question that was not asked, or to which somebody said no, takes nothing back itself.
  return before.filter(
    ({ phase, settled, step }) => phase === 'failed' || (settled === 'skipped' && guardedBy(step).length === 0),
  );
}

const goOn = (wakeAt?: number): Next => ({ kind: 'continue', wakeAt });

/** What a rollback does next: one compensation at a time, in order; one that failed does not keep the rest from running. */
export function undoNext({ undo, active, unknown, notUndone, told }: Undoing, nowMs: number): Decision {
  const decided = (next: Next, prepare: readonly Unit[] = []): Decision => {
    return { prepare, reconcile: unknown, expand: [], sum: [], elapsed: [], withdraw: [], next };
  };
  if (active > 0 || unknown.length > 0) return decided(goOn());
  const unit = undo.find((u) => u.phase !== 'done' && u.phase !== 'failed');
  if (!unit) return decided({ kind: 'end', status: notUndone.length > 0 ? 'failed' : 'rolled_back' });
  const due = unit.phase === 'ready' || (unit.phase === 'retrying' && (unit.wakeAt ?? 0) <= nowMs);
  if (due) return decided(goOn(), [unit]);
  if (unit.wakeAt !== undefined) return decided(goOn(unit.wakeAt));
  const context = `${toldBefore(notTakenBackBefore(undo, unit))}${told(unit)}`;
  return decided({ kind: 'park', status: 'waiting', parked: personParked(unit, context), wakeAt: undefined });
}

function toldBefore(before: readonly Unit[]): string {
  if (before.length === 0) return '';
  const told = before.map(({ key, phase }) => `${key} ${phase === 'failed' ? 'failed' : 'was left out'}`);
  return ` Before it, ${named(told)}.`;
}
