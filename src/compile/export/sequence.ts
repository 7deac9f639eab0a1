import type { Plan, Step } from '#ir/plan.js';

/** The steps of a plan in an order in which each comes after all that it depends on; otherwise as the plan has them. */
export function inSequence({ steps }: Pick<Plan, 'steps'>): Step[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const placed = new Set<string>();
  const ordered: Step[] = [];
  for (const first of steps) {
    const stack = [first];
    for (let step = stack.at(-1); step !== undefined; step = stack.at(-1)) {
      const missing = step.dependsOn.find((id) => !placed.has(id) && byId.has(id));
      const before = missing === undefined ? undefined : byId.get(missing);
      if (before !== undefined) {
        stack.push(before);
        continue;
      }
      stack.pop();
      if (placed.has(step.id)) continue;
      placed.add(step.id);
      ordered.push(step);
    }
  }
  return ordered;
}
