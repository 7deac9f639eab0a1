import { render, type Scope } from '#ir/expressions.js';
import type { JsonObject } from '#ir/json.js';
import type { Plan, Step } from '#ir/plan.js';
import { OpsroomError } from '#kit/errors.js';
import type { Unit } from '../decide/units.js';
import type { Ports } from '../ports.js';
import { type AttemptRow, type RunRow, unitKey } from '../records.js';
import { attemptId, callContext, timeoutOf } from './context.js';
import { withTimeout } from './limits.js';

export interface RevivalDeps {
  readonly run: RunRow;
  readonly ports: Ports;
  /** With secrets: the arguments as the tool takes them. */
  scope(unit: Unit): Promise<Scope>;
}

/**
 * Starts anew what done steps had left running (servers, watchers) when the run goes on in a process that does not hold
 * it: after a takeover, a restart, or in a re-run. The ledger's record of the step stays as it is: the program serves the run, it is no result.
 */
export class Revival {
  private left: readonly Unit[] = [];
  private revived: Promise<void> | undefined;

  constructor(private readonly deps: RevivalDeps) {}

  /** Notes what the ledger says is done. */
  load(plan: Plan, rows: readonly AttemptRow[]): void {
    const leaving = new Map(plan.steps.filter((step) => this.leaves(step)).map((step) => [step.id, step]));
    if (leaving.size === 0) return;
    this.left = rows.flatMap((row) => {
      const step = leaving.get(row.step);
      if (step === undefined || row.status !== 'done') return [];
      // The row that sums up a forEach stands for no call.
      return step.forEach !== undefined && row.item < 0 ? [] : [doneUnit(step, row)];
    });
  }

  private leaves({ tool, action }: Step): boolean {
    return this.deps.ports.tools.get(tool ?? '')?.holding?.leaves(action) ?? false;
  }

  /**
   * Resolves when everything runs that steps of the run count on; at once where there is nothing.
   * @param asked `isNeeded` is false for a compensation: what is to be undone may be what keeps a program from coming up
   * @throws OpsroomError STEP_FAILED naming the step whose program does not come up again, when it is needed
   */
  async ensure(signal: AbortSignal, { isNeeded }: { isNeeded: boolean }): Promise<void> {
    if (this.left.length === 0) return;
    this.revived ??= this.reviveAll(signal).catch((error: unknown) => {
      this.revived = undefined;
      throw error;
    });
    await this.revived.catch((error: unknown) => {
      if (isNeeded) throw error;
    });
  }

  /** In their order: a program may count on the ones before it. */
  private async reviveAll(signal: AbortSignal): Promise<void> {
    for (const unit of this.left) await this.revive(unit, signal);
  }

  private async revive(unit: Unit, outer: AbortSignal): Promise<void> {
    const { run, ports } = this.deps;
    const tool = ports.tools.get(unit.step.tool ?? '');
    if (tool === undefined || tool.holding?.holds(attemptId(run, unit))) return;
    const limit = withTimeout(outer, timeoutOf(unit), unit.key);
    try {
      const context = callContext({ run, unit, ports, signal: limit.signal });
      const args = render(unit.step.args, await this.deps.scope(unit)) as JsonObject;
      const { ok, error } = await tool.run(unit.step.action, args, context);
      if (ok) return;
      throw new OpsroomError('STEP_FAILED', {
        what: `What step ${unit.key} had left running could not be started again: ${error?.message ?? 'no reason was given'}`,
        mend: 'Correct what keeps it from starting, then `opsroom rerun RUN`.',
      });
    } finally {
      limit.clear();
    }
  }
}

function doneUnit(step: Step, row: AttemptRow): Unit {
  const { item, attempt } = row;
  const key = unitKey(row.step, item);
  return { key, stepId: row.step, item, step, phase: 'done', attempt, failures: 0, wakeAt: undefined, last: row };
}
