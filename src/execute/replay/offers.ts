import type { Step } from '#ir/plan.js';
import type { RunState } from '../decide/state.js';
import type { Decision, Unit } from '../decide/units.js';

/**
 * What the rules allow at a moment and the records have not shown yet. The engine does at once what is decided; of what it did
 * side by side, and of what it held back because enough was running, the records alone know the order.
 */
export class Offers {
  readonly prepare = new Map<string, Unit>();
  readonly reconcile = new Map<string, Unit>();
  readonly expand = new Map<string, Step>();
  readonly sum = new Map<string, Step>();

  constructor(private readonly state: RunState) {}

  /** Decides, and takes note of what is named for the first time. */
  decide(nowMs: number): Decision {
    const decision = this.begin(nowMs);
    for (const unit of decision.reconcile) {
      this.state.running(unit, unit.attempt);
      this.reconcile.set(unit.key, unit);
    }
    return decision;
  }

  /** Takes note of what may begin. What a dead worker left is seen to by whoever finds it, when its records say so. */
  begin(nowMs: number): Decision {
    const decision = this.state.decide(nowMs);
    for (const unit of decision.prepare) {
      this.state.preparing(unit);
      this.prepare.set(unit.key, unit);
    }
    for (const step of decision.expand) this.expand.set(step.id, step);
    for (const step of decision.sum) this.sum.set(step.id, step);
    return decision;
  }

  /** Takes back the starts that did not come about. */
  withdraw(units: Iterable<Unit> = [...this.prepare.values()]): void {
    for (const unit of units) if (this.prepare.delete(unit.key)) this.state.unprepared(unit);
  }

  /** What must be seen to before a run can come to rest. What stops begins nothing more; what is undone, no list. */
  pending({ stops }: { readonly stops: boolean }): string | undefined {
    const [started] = stops ? [] : this.prepare.keys();
    const [expanded] = stops || this.state.mode === 'rollback' ? [] : this.expand.keys();
    return started ?? [...this.reconcile.keys()][0] ?? [...this.sum.keys()][0] ?? expanded;
  }
}
