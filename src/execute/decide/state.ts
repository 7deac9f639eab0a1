import type { Plan, RollbackStep, Step } from '#ir/plan.js';
import { type AttemptRow, type Fault, type RollbackCause, type RunMode, unitKey } from '../records.js';
import { compensations } from './compensations.js';
import { type Decision, HELD, loadedPhase, type Next, PAUSED, personParked, timerParked, type Unit } from './units.js';

interface Fan {
  readonly size: number;
  next: number;
  active: number;
  settled: number;
}

/** A shorter wait is sat out by the worker; a longer one parks the run, which then holds nothing. */
const SIT_OUT_MS = 20_000;

/**
 * The state of one run, in memory and without effects: what is settled, what may start, how it ends. The driver tells it
 * what happened (`prepared`, `finished`, …) and asks `decide` what to do; a takeover rebuilds it from the ledger by `load`.
 */
export class RunState {
  readonly units = new Map<string, Unit>();
  mode: RunMode = 'forward';
  cause: RollbackCause | undefined;
  pausing = false;
  cancelling = false;
  failure: Fault | undefined;
  /** Compensations that failed: what could not be undone. */
  readonly notUndone: string[] = [];
  settledSteps = 0;

  private readonly steps: ReadonlyMap<string, Step>;
  private readonly dependants = new Map<string, string[]>();
  private readonly missing = new Map<string, number>();
  private readonly settled = new Set<string>();
  private readonly queue: Unit[] = [];
  private readonly toExpand: Step[] = [];
  private readonly toSum: Step[] = [];
  private readonly fans = new Map<string, Fan>();
  /** Units in the order in which they last ended: compensation goes backwards through it. */
  private readonly order = new Map<string, Unit>();
  private undo: Unit[] = [];
  /** Units that wait, for a time or a person; kept apart so that deciding does not scan a large plan. */
  private readonly held = new Set<Unit>();
  private busy = 0;

  constructor(
    readonly plan: Plan,
    private readonly parallel: number,
  ) {
    this.steps = new Map(plan.steps.map((step) => [step.id, step]));
    for (const step of plan.steps) {
      this.missing.set(step.id, step.dependsOn.length);
      for (const before of step.dependsOn) {
        const list = this.dependants.get(before);
        if (list) list.push(step.id);
        else this.dependants.set(before, [step.id]);
      }
    }
    for (const step of plan.steps) if (step.dependsOn.length === 0) this.open(step);
  }

  get active(): number {
    return this.busy;
  }

  /** Whether a step may start because everything before it is settled. */
  private open(step: Step): void {
    if (this.settled.has(step.id)) return;
    if (step.forEach) this.toExpand.push(step);
    else this.queue.push(this.unit(step, step.id, -1));
  }

  private unit(step: Step | RollbackStep, stepId: string, item: number): Unit {
    const key = unitKey(stepId, item);
    const known = this.units.get(key);
    if (known) return known;
    const unit: Unit = {
      key,
      stepId,
      item,
      step,
      phase: 'ready',
      attempt: 0,
      failures: 0,
      wakeAt: undefined,
      last: undefined,
    };
    this.units.set(key, unit);
    return unit;
  }

  /**
   * Rebuilds the state from the ledger's rows.
   *
   * @param rows in the order in which they ended, open ones last
   * @param fanSize the number of items of a forEach that was begun; undefined for one that was not
   */
  load(rows: readonly AttemptRow[], fanSize: (step: Step) => number | undefined): void {
    for (const row of rows) this.loadRow(row);
    for (const unit of this.units.values()) this.settleLoaded(unit);
    this.expandLoaded(fanSize);
  }

  private loadRow(row: AttemptRow): void {
    const step = this.definition(row.step);
    if (!step) return;
    if (row.item < 0 && 'forEach' in step && step.forEach !== undefined) return this.settle(row.step);
    const unit = this.unit(step, row.step, row.item);
    if (row.status === 'failed') unit.failures += 1;
    // An attempt that was cut short may have done anything: it is undone like those that ended.
    if ((row.endedAt || row.status === 'running') && row.args !== null) this.touch(unit);
    if (row.attempt < unit.attempt) return;
    unit.attempt = row.attempt;
    unit.last = row;
    unit.wakeAt = row.wakeAt?.getTime();
    this.enter(unit, loadedPhase(row));
  }

  private settleLoaded(unit: Unit): void {
    if (unit.phase === 'done' && unit.item < 0) this.settle(unit.stepId);
    if (unit.phase === 'failed') this.fail(unit, unit.last?.error ?? null);
  }

  private expandLoaded(fanSize: (step: Step) => number | undefined): void {
    for (const step of this.toExpand.splice(0)) {
      if (this.settled.has(step.id)) continue;
      const size = fanSize(step);
      if (size === undefined) this.toExpand.push(step);
      else this.expanded(step, size);
    }
  }

  /** The step behind an id; a compensation's id is `step/compensation`. */
  private definition(id: string): Step | RollbackStep | undefined {
    const [owner, compensation] = id.split('/');
    const step = this.steps.get(owner ?? '');
    return compensation === undefined ? step : step?.rollback?.find((r) => r.id === compensation);
  }

  private touch(unit: Unit): void {
    this.order.delete(unit.key);
    this.order.set(unit.key, unit);
  }

  /** The forEach of a step has `size` items. */
  expanded(step: Step, size: number): void {
    const fan: Fan = { size, next: 0, active: 0, settled: 0 };
    this.fans.set(step.id, fan);
    for (let item = 0; item < size; item++)
      if (this.units.get(unitKey(step.id, item))?.phase === 'done') fan.settled += 1;
    if (fan.settled === size) this.toSum.push(step);
    else this.fill(step, fan);
  }

  private fill(step: Step, fan: Fan): void {
    const limit = step.forEach?.limit ?? 1;
    while (fan.active < limit && fan.next < fan.size) {
      const unit = this.unit(step, step.id, fan.next);
      fan.next += 1;
      if (unit.phase === 'done') continue;
      fan.active += 1;
      if (unit.phase === 'ready') this.queue.push(unit);
    }
  }

  /** A step is done or skipped: its dependants may become ready. */
  private settle(stepId: string): void {
    if (this.settled.has(stepId)) return;
    this.settled.add(stepId);
    if (!stepId.includes('/')) this.settledSteps += 1;
    for (const id of this.dependants.get(stepId) ?? []) {
      const left = (this.missing.get(id) ?? 0) - 1;
      this.missing.set(id, left);
      const step = this.steps.get(id);
      if (left === 0 && step) this.open(step);
    }
  }

  /** The summing record of a forEach was written. */
  summed(step: Step): void {
    this.settle(step.id);
  }

  private fail(unit: Unit, fault: Fault | null): void {
    if (unit.stepId.includes('/')) this.notUndone.push(unit.key);
    else this.failure ??= fault ?? { code: 'STEP_FAILED', message: `step ${unit.key} failed`, mend: '' };
  }

  /** A step could not even be begun (a forEach that does not evaluate, a run that took too long). */
  failRun(fault: Fault): void {
    this.failure ??= fault;
  }

  private enter(unit: Unit, phase: Unit['phase']): void {
    if (HELD.has(phase)) this.held.add(unit);
    else this.held.delete(unit);
    const counted = (p: Unit['phase']) => p === 'preparing' || p === 'running';
    this.busy += Number(counted(phase)) - Number(counted(unit.phase));
    unit.phase = phase;
  }

  preparing(unit: Unit): void {
    this.enter(unit, 'preparing');
  }

  /** Its preparation was cut off before anything was recorded. */
  unprepared(unit: Unit): void {
    if (unit.attempt > 0) return this.again(unit);
    this.enter(unit, 'ready');
    this.queue.unshift(unit);
  }

  running(unit: Unit, attempt: number): void {
    unit.attempt = attempt;
    this.enter(unit, 'running');
  }

  waiting(unit: Unit, attempt: number, wakeAt: number | undefined): void {
    unit.attempt = attempt;
    unit.wakeAt = wakeAt;
    this.enter(unit, 'waiting');
  }

  /** Nobody knows how far it came; a person has been asked when `asked`. */
  unknown(unit: Unit, asked: boolean): void {
    this.touch(unit);
    this.enter(unit, asked ? 'asked' : 'unknown');
  }

  retrying(unit: Unit, wakeAt: number): void {
    unit.failures += 1;
    unit.wakeAt = wakeAt;
    this.touch(unit);
    this.enter(unit, 'retrying');
  }

  /** Runs again after a crash or on a person's word, at once. */
  again(unit: Unit): void {
    unit.wakeAt = 0;
    this.enter(unit, 'retrying');
  }

  finished(unit: Unit, ok: boolean, fault: Fault | null, called: boolean): void {
    this.enter(unit, ok ? 'done' : 'failed');
    if (called) this.touch(unit);
    if (!ok) {
      unit.failures += 1;
      this.fail(unit, fault);
    }
    const fan = this.fans.get(unit.stepId);
    if (!fan || unit.item < 0) {
      if (ok) this.settle(unit.stepId);
      return;
    }
    fan.active -= 1;
    if (ok) fan.settled += 1;
    const step = this.steps.get(unit.stepId);
    if (step && fan.settled === fan.size) this.toSum.push(step);
    else if (step) this.fill(step, fan);
  }

  /** A failure was taken back by a person (`resolve`): the unit counts as the person said. */
  forgive(unit: Unit): void {
    this.failure = undefined;
    this.notUndone.splice(0, this.notUndone.length, ...this.notUndone.filter((key) => key !== unit.key));
  }

  /** Compensation begins: nothing of the plan starts any more. */
  beginRollback(cause: RollbackCause): void {
    this.mode = 'rollback';
    this.cause = cause;
    this.cancelling = false;
    this.undo = compensations([...this.order.values()]).map((c) => this.unit(c.step, c.id, c.item));
  }

  /** Whether there is anything to undo. */
  get undoable(): boolean {
    return compensations([...this.order.values()]).length > 0;
  }

  private fromQueue(room: number): Unit[] {
    const taken: Unit[] = [];
    while (taken.length < room) {
      const unit = this.queue.shift();
      if (!unit) break;
      if (unit.phase === 'ready') taken.push(unit);
    }
    return taken;
  }

  /** What to do now. What it names is taken off the queues: each ready unit, list and sum is named once. */
  decide(nowMs: number): Decision {
    if (this.mode === 'rollback') return this.decideRollback(nowMs);
    const stop = this.failure !== undefined || this.cancelling || this.pausing;
    const due = stop ? [] : this.due(nowMs);
    const room = Math.max(0, this.parallel - this.busy);
    const prepare = stop ? [] : [...due.slice(0, room), ...this.fromQueue(room - due.length)];
    const expand = stop ? [] : this.toExpand.splice(0);
    const sum = this.toSum.splice(0);
    const ending = this.cancelling || this.failure !== undefined;
    const unknown = this.inPhase('unknown');
    // A run that ends asks no more about what was cut short, but closes what a dead worker left open.
    const reconcile = ending ? unknown.filter(leftOpen) : unknown;
    const elapsed = ending
      ? []
      : this.inPhase('waiting').filter((u) => (u.wakeAt ?? Number.POSITIVE_INFINITY) <= nowMs);
    const moving = prepare.length + expand.length + sum.length + reconcile.length + elapsed.length + this.busy > 0;
    return {
      prepare,
      expand,
      sum,
      reconcile,
      elapsed,
      next: moving ? { kind: 'continue', wakeAt: undefined } : this.rest(nowMs),
    };
  }

  private inPhase(...phases: Unit['phase'][]): Unit[] {
    return [...this.held].filter((u) => phases.includes(u.phase));
  }

  private due(nowMs: number): Unit[] {
    return this.inPhase('retrying').filter((u) => (u.wakeAt ?? 0) <= nowMs);
  }

  /** Nothing moves: the run ends, rolls back, parks, or sits out a short wait. */
  private rest(nowMs: number): Next {
    if (this.cancelling) {
      return this.plan.onCancel === 'rollback' && this.undoable
        ? { kind: 'rollback', cause: 'cancel' }
        : { kind: 'end', status: 'cancelled' };
    }
    if (this.failure) {
      return this.plan.onFailure !== 'stop' && this.undoable
        ? { kind: 'rollback', cause: 'failure' }
        : { kind: 'end', status: 'failed' };
    }
    const timed = this.inPhase('retrying', 'waiting').filter((u) => u.wakeAt !== undefined);
    const wakeAt = timed.length > 0 ? Math.min(...timed.map((u) => u.wakeAt ?? 0)) : undefined;
    if (this.pausing) return { kind: 'park', status: 'paused', parked: PAUSED, wakeAt: undefined };
    if (wakeAt !== undefined && wakeAt - nowMs < SIT_OUT_MS) return { kind: 'continue', wakeAt };
    const person = this.inPhase('waiting', 'asked').find((u) => u.wakeAt === undefined);
    if (person) return { kind: 'park', status: 'waiting', parked: personParked(person), wakeAt };
    if (wakeAt !== undefined) return { kind: 'park', status: 'waiting', parked: timerParked(timed, wakeAt), wakeAt };
    return { kind: 'end', status: 'succeeded' };
  }

  private decideRollback(nowMs: number): Decision {
    const none = {
      expand: [],
      sum: [],
      elapsed: [],
      reconcile: this.inPhase('unknown').filter((u) => u.stepId.includes('/')),
    };
    if (this.busy > 0 || none.reconcile.length > 0)
      return { prepare: [], ...none, next: { kind: 'continue', wakeAt: undefined } };
    const unit = this.undo.find((u) => u.phase !== 'done' && u.phase !== 'failed');
    if (!unit) {
      const status = this.notUndone.length > 0 ? 'failed' : 'rolled_back';
      return { prepare: [], ...none, next: { kind: 'end', status } };
    }
    if (unit.phase === 'ready' || (unit.phase === 'retrying' && (unit.wakeAt ?? 0) <= nowMs)) {
      return { prepare: [unit], ...none, next: { kind: 'continue', wakeAt: undefined } };
    }
    if (unit.wakeAt !== undefined) return { prepare: [], ...none, next: { kind: 'continue', wakeAt: unit.wakeAt } };
    return {
      prepare: [],
      ...none,
      next: { kind: 'park', status: 'waiting', parked: personParked(unit), wakeAt: undefined },
    };
  }
}

const leftOpen = ({ last, attempt }: Unit): boolean => last?.status === 'running' && last.attempt === attempt;
