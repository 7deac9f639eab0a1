import type { Plan, RollbackStep, Step } from '#ir/plan.js';
import { type AttemptRow, unitKey } from '../records.js';
import { answerIn, hasAsked, isGivenUp, openQuestion } from './asking.js';
import { type Compensation, compensations } from './compensations.js';
import { failedByCheck, HELD, loadedPhase, type Phase, type Unit } from './units.js';

const counted = (phase: Phase): boolean => phase === 'preparing' || phase === 'running';

/** The units of a run that have come up so far, by phase and in the order in which they ended. */
export class Roster {
  readonly units = new Map<string, Unit>();
  private readonly steps: ReadonlyMap<string, Step>;
  /** Units that wait, for a time or a person; kept apart so that deciding does not scan a large plan. */
  private readonly held = new Set<Unit>();
  /** Units in the order in which they last ended: compensation goes backwards through it. */
  private readonly touched = new Map<string, Unit>();
  private busy = 0;

  constructor(private readonly plan: Plan) {
    this.steps = new Map(plan.steps.map((step) => [step.id, step]));
  }

  /** Units that are being prepared or run. */
  get active(): number {
    return this.busy;
  }

  /** The step behind an id; a compensation's id is `step/compensation`. */
  definition(id: string): Step | RollbackStep | undefined {
    const [owner, compensation] = id.split('/');
    const step = this.steps.get(owner ?? '');
    return compensation === undefined ? step : step?.rollback?.find((r) => r.id === compensation);
  }

  step(id: string): Step | undefined {
    return this.steps.get(id);
  }

  unit(step: Step | RollbackStep, stepId: string, item: number): Unit {
    const key = unitKey(stepId, item);
    const known = this.units.get(key);
    if (known) return known;
    const fresh = { attempt: 0, failures: 0, wakeAt: undefined, last: undefined };
    const unit: Unit = { key, stepId, item, step, phase: 'ready', ...fresh };
    this.units.set(key, unit);
    return unit;
  }

  /** Brings in what the ledger knows of one attempt. */
  load(row: AttemptRow, step: Step | RollbackStep): void {
    const unit = this.unit(step, row.step, row.item);
    const answered = answerIn(row);
    if (answered) unit.answers = [...(unit.answers ?? []), answered];
    // To have asked is no failure.
    else if (row.status === 'failed') unit.failures += 1;
    if (!answered && isGivenUp(row)) unit.answers = [];
    // An attempt that was cut short may have done anything: it is undone like those that ended.
    const calledOff = row.status === 'cancelled' || row.status === 'skipped';
    const acted = row.status === 'running' || hasAsked(row) || (row.endedAt !== null && !calledOff);
    if (acted && row.args !== null) this.touch(unit);
    if (row.attempt < unit.attempt) return;
    unit.attempt = row.attempt;
    unit.last = row;
    if (row.status === 'done' || row.status === 'skipped') unit.settled = row.status;
    unit.spoken = Boolean(row.person);
    unit.wasDone = failedByCheck(row.error);
    unit.wakeAt = row.wakeAt?.getTime();
    unit.asked = openQuestion(row);
    this.enter(unit, loadedPhase(row));
  }

  enter(unit: Unit, phase: Phase): void {
    if (HELD.has(phase)) this.held.add(unit);
    else this.held.delete(unit);
    this.busy += Number(counted(phase)) - Number(counted(unit.phase));
    unit.phase = phase;
  }

  inPhase(...phases: Phase[]): Unit[] {
    return [...this.held].filter((u) => phases.includes(u.phase));
  }

  /** Its tool was called: what it did must be undone when the run rolls back. */
  touch(unit: Unit): void {
    this.touched.delete(unit.key);
    this.touched.set(unit.key, unit);
  }

  /** Steps whose tool was called, in the order in which they last ended. */
  begun(): Unit[] {
    return [...this.touched.values()].filter(({ stepId }) => !stepId.includes('/'));
  }

  compensations(): Compensation[] {
    return compensations(this.plan, [...this.touched.values()]);
  }
}
