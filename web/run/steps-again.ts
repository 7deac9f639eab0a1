import type { Plan } from '#ir/plan.js';
import { reusableSteps } from '#ir/reusable-steps.js';
import type { RunStep } from './data.js';

/**
 * What a re-run does again, and what it takes over, by the rule of the room. Of a step of whose items some were not done, the others
 * are taken over all the same; it counts as done again.
 *
 * @param starts undefined: all of it runs again; empty: what was not done
 */
export function stepsAgain(
  plan: Pick<Plan, 'steps'>,
  states: readonly Pick<RunStep, 'id' | 'status' | 'items' | 'tries'>[],
  starts: readonly string[] | undefined,
): { readonly again: readonly string[]; readonly kept: readonly string[] } {
  const rows = states.flatMap(rowsOf);
  const kept = new Set(starts === undefined ? [] : reusableSteps(plan, rows, starts));
  const ids = plan.steps.map(({ id }) => id);
  return { again: ids.filter((id) => !kept.has(id)), kept: [...kept] };
}

/** As the room has them. Items of a compensation are summed up nowhere: whichever stands for them. */
function rowsOf({ id: step, status, items, tries }: Pick<RunStep, 'id' | 'status' | 'items' | 'tries'>) {
  const item = items !== null && step.includes('/') ? 0 : -1;
  return [{ status }, ...tries].map(({ status }) => ({ step, item, status }));
}

/** Of what is taken over, what counts on a person's word: it may not hold any more, and nobody is asked for it again. */
export function spokenFor(
  states: readonly Pick<RunStep, 'id' | 'person'>[],
  kept: readonly string[],
): { readonly id: string; readonly by: string }[] {
  return states.flatMap(({ id, person }) => (person && kept.includes(id) ? [{ id, by: person.by }] : []));
}
