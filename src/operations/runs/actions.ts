import { whyNothingToUndo } from '#execute/undoable.js';
import type { StepState } from '#execute/views/steps.js';
import type { ViewedRun } from '#execute/views/store.js';
import type { Permission } from '#identity/permissions.js';
import { type ActionState, actionStates, hasEnded, type RunAction } from '#ir/state.js';

const NEEDS: Readonly<Partial<Record<RunAction, Permission>>> = { rerun: 'run:start' };

/**
 * What can be done with a run now, and what not and why: for its state, for want of anything to act on, or because the principal
 * may not.
 *
 * @param permissions of the principal; undefined: all
 */
export function actionsOf(
  run: ViewedRun,
  steps: readonly StepState[],
  permissions: ReadonlySet<Permission> | undefined,
): ActionState[] {
  const states = actionStates({
    status: run.status,
    rollingBack: run.mode === 'rollback' && !hasEnded(run.status),
    undoable: whyNothingToUndo(run.plan, new Set(steps.filter(isOwn).map(({ id }) => id))) === undefined,
    asks: steps.some(({ status, wakeAt, question }) => status === 'waiting' && wakeAt === null && question === null),
    questions: steps.some(({ question }) => question !== null),
  });
  return states.map((state) => {
    const needed = NEEDS[state.action] ?? 'run:control';
    if (!state.allowed || permissions === undefined || permissions.has(needed)) return state;
    return { ...state, allowed: false, why: `You have not the permission ${needed}.` };
  });
}

/** Of a step with items one may have been taken over and another not. */
const isOwn = ({ status, reusedFrom, items }: StepState): boolean =>
  status !== 'pending' && status !== 'skipped' && (reusedFrom === null || items !== null);
