import type { Step } from '#ir/plan.js';

/** Which steps of a plan are settled (done or skipped), and which come free by that. */
export class Dependencies {
  private readonly steps: ReadonlyMap<string, Step>;
  private readonly dependants = new Map<string, string[]>();
  /** How many of its predecessors a step still waits for. */
  private readonly missing = new Map<string, number>();
  private readonly settled = new Set<string>();

  constructor(steps: readonly Step[]) {
    this.steps = new Map(steps.map((step) => [step.id, step]));
    for (const { id, dependsOn } of steps) {
      this.missing.set(id, dependsOn.length);
      for (const before of dependsOn) {
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
