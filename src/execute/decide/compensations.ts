import type { Plan, RollbackStep, Step } from '#ir/plan.js';
import { undoingOf } from '#ir/undoing.js';
import { unitKey } from '../records.js';
import type { Unit } from './units.js';

export interface Compensation {
  /** `step/compensation`: compensations are recorded under an id of their own, nothing that was done is edited. */
  readonly id: string;
  readonly item: number;
  readonly step: RollbackStep;
}

/**
 * What undoes a run: for every step whose tool was called (done, failed or cut short), latest first, the compensations
 * that take it back, in their own order. One that takes several steps back comes once, where the first of them that was
 * called has its turn. Steps that promised to change nothing have none.
 *
 * @param touched units in the order in which they last ended
 */
export function compensations(
  plan: Pick<Plan, 'steps'>,
  touched: readonly Pick<Unit, 'stepId' | 'item' | 'step'>[],
): Compensation[] {
  const undoing = undoingOf(plan);
  const named = new Set<string>();
  const turns = touched.map(({ stepId, item, step }) => {
    if ((step as Step).readOnly || stepId.includes('/')) return [];
    return (undoing.get(stepId) ?? []).flatMap(({ owner, undo }) => {
      const found = { id: `${owner}/${undo.id}`, item: owner === stepId ? item : -1, step: undo };
      const key = unitKey(found.id, found.item);
      if (named.has(key)) return [];
      named.add(key);
      return [found];
    });
  });
  return turns.toReversed().flat();
}
