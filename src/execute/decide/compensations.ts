import type { RollbackStep, Step } from '#ir/plan.js';
import type { Unit } from './units.js';

export interface Compensation {
  /** `step/compensation`: compensations are recorded under an id of their own, nothing that was done is edited. */
  readonly id: string;
  readonly item: number;
  readonly step: RollbackStep;
}

/**
 * What undoes a run: for every step whose tool was called (done, failed or cut short), latest first, its compensation
 * steps in their own order. Steps that promised to change nothing have none.
 *
 * @param touched units in the order in which they last ended
 */
export function compensations(touched: readonly Pick<Unit, 'stepId' | 'item' | 'step'>[]): Compensation[] {
  return touched
    .filter((unit) => !unit.stepId.includes('/'))
    .toReversed()
    .flatMap((unit) => {
      const step = unit.step as Step;
      if (step.readOnly) return [];
      return (step.rollback ?? []).map((undo) => ({ id: `${unit.stepId}/${undo.id}`, item: unit.item, step: undo }));
    });
}
