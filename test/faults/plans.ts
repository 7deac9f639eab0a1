import type { PlanSource } from '#ir/plan.js';
import { pick } from './random.js';

export type StepSource = PlanSource['steps'][number];

export const plan = (steps: readonly StepSource[], more: Partial<PlanSource> = {}): PlanSource => ({
  apiVersion: 'opsroom/v1',
  title: 'faults',
  steps: [...steps],
  ...more,
});

/** A step with an effect of its own. What becomes of it after a cut is the point of `kind`. */
export function effectStep(
  id: string,
  kind: 'idempotent' | 'proving' | 'bare',
  more: Partial<StepSource> = {},
): StepSource {
  const verifiers = kind === 'proving' ? [{ id: 'made', kind: 'custom' as const, config: {} }] : [];
  return {
    id,
    tool: 'effect',
    args: { ms: 5 },
    verifiers,
    ...(kind === 'idempotent' ? { idempotent: true } : {}),
    ...more,
  };
}

/** A small DAG of each kind of step: a diamond, a fan-out, and steps that survive a cut in different ways. */
export function mixedPlan(random: () => number, kinds: readonly ('idempotent' | 'proving' | 'bare')[]): PlanSource {
  const ms = () => Math.floor(random() * 30);
  const step = (id: string, dependsOn: string[], more: Partial<StepSource> = {}) =>
    effectStep(id, pick(random, kinds), { dependsOn, args: { ms: ms() }, ...more });
  const steps = [step('a', []), step('b', ['a']), step('c', ['a']), step('d', ['b', 'c'])];
  if (random() < 0.5) steps.push(step('e', ['a'], { forEach: { items: [1, 2, 3], limit: 2 } }));
  if (random() < 0.2) steps.push({ id: 'f', tool: 'fail', dependsOn: ['d'] });
  const undo = [{ id: 'undo', tool: 'effect', args: { ms: 1 }, idempotent: true }];
  return plan(steps.map((s) => (random() < 0.3 && s.tool === 'effect' ? { ...s, rollback: undo } : s)));
}
