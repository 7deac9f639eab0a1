import type { JsonValue } from './json.js';
import type { Plan, RollbackStep, Step } from './plan.js';

/** The steps, or compensations of the same step, that a manual step stands before: they are done only if somebody confirms it. */
export function guardedBy({ kind, action, args }: Step | RollbackStep): readonly string[] {
  const guards: JsonValue | undefined = kind === 'system' && action === 'manual' ? args['guards'] : undefined;
  return Array.isArray(guards) ? guards.filter((id) => typeof id === 'string') : [];
}

/** Of a question in a rollback: it is asked only once a compensation before it failed, or was left out. */
export function asksAfterFailure(step: Step | RollbackStep): boolean {
  return guardedBy(step).length > 0 && step.args['asks'] === AFTER_FAILURE;
}

export const AFTER_FAILURE = 'after_failure';

/** Of a question in a rollback, `asks: { unlessDone: STEP }`: the step where nobody is asked once its command was done, whatever its checks found. */
export function asksUnlessDone(step: Step | RollbackStep): string | undefined {
  const { asks } = step.args;
  if (guardedBy(step).length === 0 || typeof asks !== 'object' || asks === null || Array.isArray(asks))
    return undefined;
  return typeof asks['unlessDone'] === 'string' ? asks['unlessDone'] : undefined;
}

/** By the id of a step, or `step/compensation`: the ids of the manual steps that stand before it. */
export function guardsOf(plan: Pick<Plan, 'steps'>): ReadonlyMap<string, readonly string[]> {
  const guards = new Map<string, string[]>();
  const note = (asking: Step | RollbackStep, prefix: string) => {
    for (const id of guardedBy(asking)) {
      const known = guards.get(prefix + id);
      if (known) known.push(prefix + asking.id);
      else guards.set(prefix + id, [prefix + asking.id]);
    }
  };
  for (const step of plan.steps) {
    note(step, '');
    for (const back of step.rollback ?? []) note(back, `${step.id}/`);
  }
  return guards;
}
