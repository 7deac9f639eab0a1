import { guardedBy } from './guards.js';
import { nameOf } from './name-of.js';
import type { Plan } from './plan.js';

/** A question in front of steps to which somebody said no. */
export interface Declined {
  readonly step: string;
  readonly by: string;
  readonly reason: string;
  /** The steps behind it that were left out. */
  readonly notDone: readonly string[];
}

interface State {
  readonly id: string;
  readonly status: string;
  readonly person: { readonly by: string; readonly reason: string } | null;
}

/** What people's noes left out of a run. A step stands with the first of them; a question that fell away with others is none itself. */
export function declinedIn(plan: Pick<Plan, 'steps'>, states: readonly State[]): Declined[] {
  const byId = new Map(states.map((state) => [state.id, state]));
  const told = new Set<string>();
  return plan.steps.flatMap((step) => {
    const guarded = guardedBy(step);
    const asked = byId.get(step.id);
    if (guarded.length === 0 || asked?.status !== 'skipped' || asked.person === null) return [];
    const asks = new Set(plan.steps.filter((one) => guardedBy(one).length > 0).map(({ id }) => id));
    const notDone = guarded.filter((id) => byId.get(id)?.status === 'skipped' && !asks.has(id) && !told.has(id));
    for (const id of notDone) told.add(id);
    return notDone.length === 0 ? [] : [{ step: step.id, ...asked.person, notDone }];
  });
}

/** `3 steps not done: Ada said no at ask-drop`. Undefined where nobody did. */
export function declinedWords(declined: readonly Declined[]): string | undefined {
  const count = declined.reduce((sum, { notDone }) => sum + notDone.length, 0);
  if (count === 0) return undefined;
  const who = declined.map(({ by, step }) => `${nameOf(by)} said no at ${step}`);
  return `${count} ${count === 1 ? 'step' : 'steps'} not done: ${who.join(', ')}`;
}
