import type { StepState } from '#execute/views/steps.js';
import type { Plan, Step } from '#ir/plan.js';
import { type Undoing, undoingOf } from '#ir/undoing.js';

/** What a rollback left as it was. */
export interface NotUndone {
  readonly step: string;
  readonly title: string;
  readonly why: 'no rollback' | 'its rollback failed' | 'its rollback was not run';
}

/**
 * The steps of a run that rolled back whose effect stays: what was called, may have changed something, and was not taken back. An
 * empty list of compensations (`rollback: []`) says that there is nothing of the step's own to take back.
 */
export function notUndone(plan: Plan, states: readonly StepState[]): NotUndone[] {
  const byId = new Map(states.map((state) => [state.id, state]));
  const undoing = undoingOf(plan);
  return plan.steps.flatMap((step) => {
    if (!wasCalled(byId.get(step.id)) || !changes(step)) return [];
    const why = whyNot(step, undoing.get(step.id) ?? [], byId);
    return why === undefined ? [] : [{ step: step.id, title: step.title, why }];
  });
}

function wasCalled(state: StepState | undefined): boolean {
  return state !== undefined && state.attempts > 0 && state.status !== 'skipped' && state.status !== 'pending';
}

/** A question to a person changes nothing, a query neither, and a background program ends with its run. */
function changes({ kind, tool, action, readOnly }: Step): boolean {
  return kind === 'tool' && !readOnly && action !== 'background' && !(tool === 'sql' && action === 'query');
}

function whyNot(
  { rollback }: Step,
  undoing: readonly Undoing[],
  states: ReadonlyMap<string, StepState>,
): NotUndone['why'] | undefined {
  if (rollback === undefined && undoing.length === 0) return 'no rollback';
  const undos = undoing.map(({ owner, undo }) => states.get(`${owner}/${undo.id}`)?.status);
  if (undos.includes('failed')) return 'its rollback failed';
  return undos.every((status) => status === 'done' || status === 'skipped') ? undefined : 'its rollback was not run';
}
