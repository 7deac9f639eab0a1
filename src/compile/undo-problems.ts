import type { Plan, Step } from '#ir/plan.js';
import { didYouMean } from '#ir/suggest.js';
import type { StepProblem } from './contracts.js';

/** What a compensation takes back beside its own step must be there; and it is carried out once, not for each item. */
export function undoProblems({ steps }: Pick<Plan, 'steps'>): StepProblem[] {
  const ids = new Set(steps.map(({ id }) => id));
  return steps.flatMap((step) =>
    (step.rollback ?? []).flatMap(({ alsoUndoes = [] }, place) => {
      const path = ['rollback', place, 'alsoUndoes'];
      const each = step.forEach !== undefined && alsoUndoes.length > 0 ? [takenBackForEach(step, path)] : [];
      const seen = new Set([step.id]);
      const wrong = alsoUndoes.flatMap((id, i): StepProblem[] => {
        if (!ids.has(id)) return [unknown(step, [...path, i], id, ids)];
        if (seen.has(id)) return [named(step, [...path, i], id)];
        seen.add(id);
        return [];
      });
      return [...each, ...wrong];
    }),
  );
}

function unknown(step: Step, path: StepProblem['path'], id: string, known: ReadonlySet<string>): StepProblem {
  return { step: step.id, path, what: `there is no step "${id}" to take back`, mend: didYouMean(id, [...known]) };
}

function named(step: Step, path: StepProblem['path'], id: string): StepProblem {
  const what = id === step.id ? `"${id}" is the step whose rollback it is` : `"${id}" is named twice`;
  return { step: step.id, path, what, mend: 'Name each further step once, and not its own.' };
}

function takenBackForEach(step: Step, path: StepProblem['path']): StepProblem {
  const what = 'what takes back each item of a step cannot take back other steps';
  return { step: step.id, path, what, mend: 'Give it to a step without forEach, and name this step there.' };
}
