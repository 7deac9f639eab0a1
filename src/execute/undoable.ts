import type { Plan } from '#ir/plan.js';
import { undoingOf } from '#ir/undoing.js';

/**
 * Why a run that has ended has nothing to undo; undefined when it may have.
 *
 * @param own steps that the run began itself: what it took over from another run is undone with that one
 */
export function whyNothingToUndo(plan: Pick<Plan, 'steps'>, own: ReadonlySet<string>): string | undefined {
  const undoing = undoingOf(plan);
  const undoes = ({ id, readOnly }: Plan['steps'][number]) => readOnly !== true && (undoing.get(id) ?? []).length > 0;
  const undone = plan.steps.filter(undoes);
  if (undone.length === 0) return 'No step of the plan has a rollback: there is nothing to undo.';
  return undone.some(({ id }) => own.has(id))
    ? undefined
    : 'No step that the run did itself has a rollback: there is nothing to undo.';
}
