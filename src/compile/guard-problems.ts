import { AFTER_FAILURE, asksUnlessDone, guardedBy } from '#ir/guards.js';
import type { Plan, Step } from '#ir/plan.js';
import { didYouMean } from '#ir/suggest.js';
import type { StepProblem } from './contracts.js';

/** What a manual step guards must come after it: otherwise it would be skipped, or begun, before anybody was asked. */
export function guardProblems(plan: Plan): StepProblem[] {
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  return plan.steps.flatMap((step) => [
    ...(step.forEach !== undefined && guardedBy(step).length > 0 ? [askedForEach(step)] : []),
    ...(isForRollback(step) ? [askedInRollback(step)] : []),
    ...guardedBy(step).flatMap((id, i): StepProblem[] => {
      if (comesAfter(steps, id, step.id)) return [];
      return [problem(step, ['args', 'guards', i], id, mendOf(id, [...steps.keys()], step.id, DEPEND))];
    }),
    ...(step.rollback ?? []).flatMap((back, place, list) => {
      const ids = list.map((one) => one.id);
      const guards = guardedBy(back).flatMap((id, i): StepProblem[] => {
        if (ids.includes(id, place + 1)) return [];
        return [problem(step, ['rollback', place, 'args', 'guards', i], id, mendOf(id, ids, back.id, BEHIND))];
      });
      const done = asksUnlessDone(back);
      return done === undefined || steps.has(done)
        ? guards
        : [...guards, noSuchStep(step, place, done, [...steps.keys()])];
    }),
  ]);
}

const DEPEND = 'Let it depend on this step.';
/** Compensations are carried out in the order of their list. */
const BEHIND = 'Put it behind this one in the list.';

function mendOf(id: string, known: readonly string[], own: string, after: string): string {
  const others = known.filter((one) => one !== own);
  if (id === own) return 'Name what is done only after it.';
  return known.includes(id) ? after : didYouMean(id, others);
}

function problem(step: Step, path: StepProblem['path'], id: string, mend: string): StepProblem {
  return { step: step.id, path, what: `"${id}" does not come after the step that guards it`, mend };
}

function askedForEach(step: Step): StepProblem {
  const what = 'a step that asks once for each item cannot say which of them its guards stand for';
  return { step: step.id, path: ['forEach'], what, mend: 'Leave out forEach here: what it guards may have items.' };
}

function isForRollback(step: Step): boolean {
  return step.kind === 'system' && (step.args['asks'] === AFTER_FAILURE || asksUnlessDone(step) !== undefined);
}

function noSuchStep(step: Step, place: number, id: string, known: readonly string[]): StepProblem {
  const path = ['rollback', place, 'args', 'asks', 'unlessDone'];
  return { step: step.id, path, what: `there is no step "${id}"`, mend: didYouMean(id, known) };
}

function askedInRollback(step: Step): StepProblem {
  const what = 'this is asked in a rollback only';
  return { step: step.id, path: ['args', 'asks'], what, mend: 'Leave it out, or put the question into `rollback`.' };
}

/** Whether a step waits for another, be it through others. */
function comesAfter(steps: ReadonlyMap<string, Pick<Step, 'dependsOn'>>, id: string, before: string): boolean {
  const seen = new Set<string>();
  const open = [id];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one === before) return id !== before;
    if (seen.has(one)) continue;
    seen.add(one);
    open.push(...(steps.get(one)?.dependsOn ?? []));
  }
  return false;
}
