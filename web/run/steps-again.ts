import type { Plan } from '#ir/plan.js';
import type { RunStep } from './data.js';

/**
 * What a re-run does again, and what it takes over: nothing of the steps to begin with and of what comes after them, nothing that was
 * undone, nothing that was not settled.
 *
 * @param starts undefined: all of it runs again; empty: what was not done
 */
export function stepsAgain(
  { steps }: Pick<Plan, 'steps'>,
  states: readonly Pick<RunStep, 'id' | 'status'>[],
  starts: readonly string[] | undefined,
): { readonly again: readonly string[]; readonly kept: readonly string[] } {
  const ids = steps.map(({ id }) => id);
  if (starts === undefined) return { again: ids, kept: [] };
  const settled = new Set(states.filter(({ status }) => status === 'done' || status === 'skipped').map(({ id }) => id));
  const lost = new Set([...starts, ...states.flatMap(({ id }) => (id.includes('/') ? [id.split('/')[0] ?? ''] : []))]);
  for (let size = -1; size !== lost.size; ) {
    size = lost.size;
    for (const { id, dependsOn } of steps) if (dependsOn.some((name) => lost.has(name))) lost.add(id);
  }
  const kept = ids.filter((id) => settled.has(id) && !lost.has(id));
  const keeps = new Set(kept);
  return { again: ids.filter((id) => !keeps.has(id)), kept };
}

/** Of what is taken over, what counts on a person's word: it may not hold any more, and nobody is asked for it again. */
export function spokenFor(
  states: readonly Pick<RunStep, 'id' | 'person'>[],
  kept: readonly string[],
): { readonly id: string; readonly by: string }[] {
  return states.flatMap(({ id, person }) => (person && kept.includes(id) ? [{ id, by: person.by }] : []));
}
