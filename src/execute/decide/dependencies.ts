import type { Step } from '#ir/plan.js';

/** Which steps of a plan are settled (done or skipped), and which come free by that. */
export class Dependencies {
  private readonly steps: ReadonlyMap<string, Step>;
  private readonly dependants = new Map<string, string[]>();
  /** How many of its predecessors a step still waits for. */
  private readonly missing = new Map<string, number>();
  private readonly settled = new Set<string>();

  /** @param guards by the id of a step: the questions before it. A re-run may ask them anew, and keep the steps in between. */
  constructor(steps: readonly Step[], guards: ReadonlyMap<string, readonly string[]>) {
    this.steps = new Map(steps.map((step) => [step.id, step]));
    for (const { id, dependsOn } of steps) {
      const awaited = new Set([...dependsOn, ...(guards.get(id) ?? [])]);
      this.missing.set(id, awaited.size);
      for (const before of awaited) {
        const known = this.dependants.get(before);
        if (known) known.push(id);
        else this.dependants.set(before, [id]);
      }
    }
  }

  isSettled(id: string): boolean {
    return this.settled.has(id);
  }

  /** @returns the steps that nothing stands before any more; none when the step was settled already */
  settle(id: string): Step[] {
    if (this.settled.has(id)) return [];
    this.settled.add(id);
    return (this.dependants.get(id) ?? []).flatMap((dependant) => {
      const left = (this.missing.get(dependant) ?? 0) - 1;
      this.missing.set(dependant, left);
      const step = this.steps.get(dependant);
      return left === 0 && step && !this.settled.has(dependant) ? [step] : [];
    });
  }
}
