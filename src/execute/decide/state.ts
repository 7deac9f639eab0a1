import type { Answered } from '#ir/calls.js';
import { asksAfterFailure, asksUnlessDone, guardsOf } from '#ir/guards.js';
import { named } from '#ir/named.js';
import type { Plan, Step } from '#ir/plan.js';
import { type AttemptRow, type Fault, type Parked, type RollbackCause, type RunMode, unitKey } from '../records.js';
import type { OpenQuestion } from './asking.js';
import { Dependencies } from './dependencies.js';
import { Fan } from './fan.js';
import { atRest, earliest } from './rest.js';
import { Roster } from './roster.js';
import { notTakenBackBefore, undoNext } from './undo.js';
import { type Decision, failedByCheck, type Unit } from './units.js';

/** A commit of fewer starts costs nearly as much. */
const FEWEST_TOGETHER = 16;
/** Of what a compensation takes back: there may be thousands of items. */
const MOST_TOLD = 20;

/**
 * The state of one run, in memory and without effects: what is settled, what may start, how it ends. The driver tells it
 * what happened (`preparing`, `finished`, …) and asks `decide` what to do; a takeover rebuilds it from the ledger by `load`.
 */
export class RunState {
  mode: RunMode = 'forward';
  cause: RollbackCause | undefined;
  pausing = false;
  cancelling = false;
  /** Why nothing may start until a person has seen to it. */
  hold: Parked | undefined;
  failure: Fault | undefined;
  /** Compensations that failed: what could not be undone. */
  readonly notUndone: string[] = [];
  /** How many one decision starts at most: while these are being committed, others are prepared, called and judged. */
  readonly startsTogether: number;

  /** See `guardsOf`. */
  readonly guards: ReturnType<typeof guardsOf>;

  private readonly roster: Roster;
  private readonly dependencies: Dependencies;
  private readonly fans = new Map<string, Fan>();
  /** What may start, what is to be fanned out, and what is to be summed up, each to be named once by `decide`. */
  private readonly queue: Unit[] = [];
  private readonly toExpand: Step[] = [];
  private readonly toSum: Step[] = [];
  private undo: Unit[] = [];

  constructor(
    readonly plan: Plan,
    private readonly parallel: number,
  ) {
    this.startsTogether = Math.max(FEWEST_TOGETHER, Math.ceil(parallel / 2));
    this.roster = new Roster(plan);
    this.guards = guardsOf(plan);
    this.dependencies = new Dependencies(plan.steps, this.guards);
    for (const step of plan.steps) if (step.dependsOn.length === 0) this.open(step);
  }

  /** Units by key, as far as they have come up. */
  get units(): ReadonlyMap<string, Unit> {
    return this.roster.units;
  }

  get active(): number {
    return this.roster.active;
  }

  /** Whether there is anything to undo. */
  get undoable(): boolean {
    return this.roster.compensations().length > 0;
  }

  private open(step: Step): void {
    if (step.forEach) this.toExpand.push(step);
    else this.queue.push(this.roster.unit(step, step.id, -1));
  }

  private settle(stepId: string): void {
    for (const step of this.dependencies.settle(stepId)) this.open(step);
  }

  // ── taking over ──

  /**
   * Rebuilds the state from the ledger's rows.
   *
   * @param rows in the order in which they ended, open ones last
   * @param fanSize the number of items of a forEach that was begun; undefined for one that was not
   */
  load(rows: readonly AttemptRow[], fanSize: (step: Step) => number | undefined): void {
    for (const row of rows) this.loadRow(row);
    for (const unit of this.units.values()) this.settleLoaded(unit);
    for (const step of this.toExpand.splice(0)) {
      if (this.dependencies.isSettled(step.id)) continue;
      const size = fanSize(step);
      if (size === undefined) this.toExpand.push(step);
      else this.expanded(step, size);
    }
  }

  private loadRow(row: AttemptRow): void {
    const step = this.roster.definition(row.step);
    if (!step) return;
    if (row.item < 0 && 'forEach' in step && step.forEach !== undefined) this.settle(row.step);
    else this.roster.load(row, step);
  }

  private settleLoaded(unit: Unit): void {
    if (unit.phase === 'done' && unit.item < 0) this.settle(unit.stepId);
    if (unit.phase === 'failed') this.fail(unit, unit.last?.error ?? null);
  }

  // ── what happened ──

  /** The forEach of a step has `size` items. */
  expanded(step: Step, size: number): void {
    const items = Array.from({ length: size }, (_, item) => this.units.get(unitKey(step.id, item)));
    const fan = new Fan(step, size, items.filter((unit) => unit?.phase === 'done').length);
    this.fans.set(step.id, fan);
    this.advance(step, fan);
  }

  private advance(step: Step, fan: Fan): void {
    if (fan.complete) this.toSum.push(step);
    else this.queue.push(...fan.fill((item) => this.roster.unit(step, step.id, item)));
  }

  /** The summing record of a forEach was written. */
  summed(step: Step): void {
    this.settle(step.id);
  }

  preparing(unit: Unit): void {
    this.roster.enter(unit, 'preparing');
  }

  /** Its preparation was cut off before anything was recorded. */
  unprepared(unit: Unit): void {
    if (unit.attempt > 0) return this.again(unit);
    this.roster.enter(unit, 'ready');
    this.queue.unshift(unit);
  }

  running(unit: Unit, attempt: number): void {
    unit.attempt = attempt;
    this.roster.enter(unit, 'running');
  }

  /** @param wakeAt ms since the epoch; undefined: until a person says so */
  waiting(unit: Unit, attempt: number, wakeAt: number | undefined): void {
    unit.attempt = attempt;
    unit.wakeAt = wakeAt;
    this.roster.enter(unit, 'waiting');
  }

  /** Its tool was called, and asks something of a person. */
  asking(unit: Unit, asked: OpenQuestion): void {
    unit.asked = asked;
    this.roster.touch(unit);
    this.waiting(unit, unit.attempt, undefined);
  }

  /** Somebody has answered: it is called again, at once. */
  answered(unit: Unit, answered: Answered): void {
    unit.asked = undefined;
    unit.answers = [...(unit.answers ?? []), answered];
    this.again(unit);
  }

  /** Its wait was called off. It is not queued: the run ends or rolls back, or has been taken up again by then. */
  withdrawn(unit: Unit): void {
    unit.asked = undefined;
    unit.answers = [];
    this.roster.enter(unit, 'ready');
  }

  /** Nobody knows how far it came; a person has been asked when `asked`. */
  unknown(unit: Unit, asked: boolean): void {
    this.roster.touch(unit);
    this.roster.enter(unit, asked ? 'asked' : 'unknown');
  }

  retrying(unit: Unit, wakeAt: number): void {
    unit.failures += 1;
    unit.wakeAt = wakeAt;
    this.roster.touch(unit);
    this.roster.enter(unit, 'retrying');
  }

  /** Runs again after a crash or on a person's word, at once. */
  again(unit: Unit): void {
    unit.wakeAt = 0;
    this.roster.enter(unit, 'retrying');
  }

  /** @param acted whether something may have been done that a rollback must undo */
  finished(unit: Unit, ok: boolean, fault: Fault | null, acted: boolean): void {
    this.roster.enter(unit, ok ? 'done' : 'failed');
    unit.wasDone = failedByCheck(fault);
    if (acted) this.roster.touch(unit);
    if (!ok) {
      unit.failures += 1;
      return this.fail(unit, fault);
    }
    const fan = unit.item < 0 ? undefined : this.fans.get(unit.stepId);
    const step = this.roster.step(unit.stepId);
    fan?.ended();
    if (fan && step) this.advance(step, fan);
    else this.settle(unit.stepId);
  }

  private fail(unit: Unit, fault: Fault | null): void {
    if (unit.stepId.includes('/')) this.notUndone.push(unit.key);
    else this.failure ??= fault ?? { code: 'STEP_FAILED', message: `step ${unit.key} failed`, mend: '' };
  }

  /** A step could not even be begun (a forEach that does not evaluate, a run that took too long). */
  failRun(fault: Fault): void {
    this.failure ??= fault;
  }

  /**
   * A failure was taken back by a person (`resolve`): the unit counts as the person said. Should it run again, it asks again. What
   * the run rolls back for stays as it was.
   */
  forgive(unit: Unit): void {
    unit.asked = undefined;
    unit.answers = [];
    if (this.mode === 'forward') this.failure = undefined;
    this.notUndone.splice(0, this.notUndone.length, ...this.notUndone.filter((key) => key !== unit.key));
  }

  /** Compensation begins: nothing of the plan starts any more. */
  beginRollback(cause: RollbackCause): void {
    this.mode = 'rollback';
    this.cause = cause;
    this.cancelling = false;
    this.undo = this.roster.compensations().map((c) => this.roster.unit(c.step, c.id, c.item));
  }

  // ── what to do ──

  /** What to do now. What it names is taken off the queues: each ready unit, list and sum is named once. */
  decide(nowMs: number): Decision {
    if (this.mode === 'forward') return this.decideForward(nowMs);
    const { undo, active, notUndone } = this;
    const unknown = this.roster.inPhase('unknown').filter((u) => u.stepId.includes('/'));
    return undoNext({ undo, active, unknown, notUndone, told: (unit) => this.toldOf(unit) }, nowMs);
  }

  /** Why things are taken back, and what of that which a compensation takes back was done in this run; of items each has its own. */
  private toldOf({ stepId, step, item }: Unit): string {
    const [owner = ''] = stepId.split('/');
    const back = new Set([owner, ...(('alsoUndoes' in step ? step.alsoUndoes : undefined) ?? [])]);
    const isOther = (unit: Unit) => item >= 0 && unit.stepId === owner && unit.item !== item;
    const begun = this.roster.begun().filter((unit) => back.has(unit.stepId) && !isOther(unit));
    const failed = begun.filter(({ phase }) => phase === 'failed').map(({ key }) => `${key} (failed)`);
    const rest = begun.filter(({ phase }) => phase !== 'failed').map(({ key }) => key);
    const why = this.failure === undefined ? '' : ` The run failed: ${sentence(this.failure.message)}`;
    return `${why}${begun.length === 0 ? '' : ` It takes back: ${named([...failed, ...rest], MOST_TOLD)}.`}`;
  }

  /**
   * Whether a question must be asked: in a rollback it may be only once a compensation before it failed, or was left out, or where the
   * command of a step did not come to its end.
   *
   * @param about what is to be done: what comes before that counts, too
   */
  isCalledFor(asking: Unit, about = asking): boolean {
    const done = asksUnlessDone(asking.step);
    if (done !== undefined) return !this.wasDone(done);
    return !asksAfterFailure(asking.step) || notTakenBackBefore(this.undo, about).length > 0;
  }

  /** Whether the command of a step, or of all its items that were begun, came to its end. */
  private wasDone(id: string): boolean {
    const units = this.roster.begun().filter(({ stepId }) => stepId === id);
    return units.length > 0 && units.every(({ phase, wasDone }) => phase === 'done' || wasDone === true);
  }

  private decideForward(nowMs: number): Decision {
    const { roster } = this;
    const ending = this.cancelling || this.failure !== undefined;
    const stop = ending || this.pausing || this.hold !== undefined;
    const due = (unit: Unit) => (unit.wakeAt ?? Number.POSITIVE_INFINITY) <= nowMs;
    const unknown = roster.inPhase('unknown');
    const work = {
      prepare: stop ? [] : this.startable(roster.inPhase('retrying').filter(due)),
      expand: stop ? [] : this.toExpand.splice(0),
      sum: this.toSum.splice(0),
      // A run that ends asks no more about what was cut short, but closes what a dead worker left open.
      reconcile: ending ? unknown.filter(leftOpen) : unknown,
      elapsed: ending ? [] : roster.inPhase('waiting').filter(due),
    };
    if (roster.active > 0 || Object.values(work).some((named) => named.length > 0))
      return { ...work, withdraw: [], next: { kind: 'continue', wakeAt: ending ? undefined : this.nextTime(nowMs) } };
    const { plan, cancelling, pausing, hold, failure, undoable } = this;
    const waiting = roster.inPhase('retrying', 'waiting', 'asked');
    const next = atRest({ plan, cancelling, pausing, hold, failure, undoable, waiting }, nowMs);
    return { ...work, withdraw: ending ? roster.inPhase('waiting') : [], next };
  }

  /** What is due already and found no room goes on once something ends. */
  private nextTime(nowMs: number): number | undefined {
    return earliest(this.roster.inPhase('retrying', 'waiting').filter(({ wakeAt = 0 }) => wakeAt > nowMs));
  }

  /** What there is room for: retries whose time has come, then what is ready for the first time. */
  private startable(due: readonly Unit[]): Unit[] {
    const room = Math.min(this.startsTogether, Math.max(0, this.parallel - this.active));
    const taken = due.slice(0, room);
    while (taken.length < room) {
      const unit = this.queue.shift();
      if (!unit) break;
      if (unit.phase === 'ready') taken.push(unit);
    }
    return taken;
  }
}

const leftOpen = ({ last, attempt }: Unit): boolean => last?.status === 'running' && last.attempt === attempt;

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
