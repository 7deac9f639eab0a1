import type { Contracts } from '#compile/contracts.js';
import type { StepState } from '#execute/views/steps.js';
import { guardedBy } from '#ir/guards.js';
import type { Plan, Step } from '#ir/plan.js';
import { type Undoing, undoingOf } from '#ir/undoing.js';
import { onlyLooks } from './only-looks.js';

/** `left out`: somebody said no to it, or had it skipped. */
export const WHY_NOT_UNDONE = [
  'no rollback',
  'its rollback failed',
  'its rollback was not run',
  'its rollback was left out',
  'a part of its rollback was left out',
] as const;

/** What a rollback left as it was. */
export interface NotUndone {
  readonly step: string;
  readonly title: string;
  readonly why: (typeof WHY_NOT_UNDONE)[number];
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

/** The same as it is told: whoever reads it looks for damage, which what is known to only look has not done. */
export async function effectsLeft(
  plan: Plan,
  states: readonly StepState[],
  tools: Contracts['tools'],
): Promise<NotUndone[]> {
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  const left: NotUndone[] = [];
  for (const one of notUndone(plan, states)) {
    const step = one.why === 'no rollback' ? steps.get(one.step) : undefined;
    if (step === undefined || !(await onlyLooks(step, tools))) left.push(one);
  }
  return left;
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
  const statusOf = ({ owner, undo }: Undoing) => states.get(`${owner}/${undo.id}`)?.status;
  const undos = undoing.map(statusOf);
  if (undos.includes('failed')) return 'its rollback failed';
  if (!undos.every((status) => status === 'done' || status === 'skipped')) return 'its rollback was not run';
  return leftOut(undoing.filter(takesBack).map(statusOf));
}

/** A question whether others may be done takes nothing back itself, nor does a look. */
const takesBack = ({ undo }: Undoing): boolean => !undo.readOnly && guardedBy(undo).length === 0;

/** A compensation has no condition: one that was skipped was skipped by somebody's word, or for want of it. */
function leftOut(undos: readonly (StepState['status'] | undefined)[]): NotUndone['why'] | undefined {
  if (!undos.includes('skipped')) return undefined;
  return undos.includes('done') ? 'a part of its rollback was left out' : 'its rollback was left out';
}
