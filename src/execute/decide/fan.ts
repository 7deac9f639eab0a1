import type { Step } from '#ir/plan.js';
import type { Unit } from './units.js';

/** The items of one forEach, of which no more run at once than its limit. */
export class Fan {
  private readonly limit: number;
  private next = 0;
  private active = 0;
  private settled = 0;

  /** @param done how many items are settled already */
  constructor(
    step: Step,
    private readonly size: number,
    done: number,
  ) {
    this.limit = step.forEach?.limit ?? 1;
    this.settled = done;
  }

  get complete(): boolean {
    return this.settled === this.size;
  }

  /** Brings in items while there is room. One that is under way already (it waits, or was cut short) takes up room as well. */
  fill(unitOf: (item: number) => Unit): Unit[] {
    const ready: Unit[] = [];
    while (this.active < this.limit && this.next < this.size) {
      const unit = unitOf(this.next);
      this.next += 1;
      if (unit.phase === 'done') continue;
      this.active += 1;
      if (unit.phase === 'ready') ready.push(unit);
    }
    return ready;
  }

  /** An item is done or skipped. One that failed keeps its place: should a person have it run again, there is room for it. */
  ended(): void {
    this.active -= 1;
    this.settled += 1;
  }
}
