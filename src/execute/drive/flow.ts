import type { Asked } from '#ir/calls.js';
import { bareExpression, evaluate, render } from '#ir/expressions.js';
import type { JsonValue } from '#ir/json.js';
import type { Plan, Step } from '#ir/plan.js';
import { MOST_QUESTIONS } from '#ir/question.js';
import type { Baseline, VerdictWord } from '#ir/verdict.js';
import { OpsroomError } from '#kit/errors.js';
import { type Called, faultOf } from '../attempts/called.js';
import type { Calls, Known, Prepared } from '../attempts/calls.js';
import { requireExpected } from '../decide/expected.js';
import { afterCut, retryDelayMs } from '../decide/outcome.js';
import { RunState } from '../decide/state.js';
import type { Unit } from '../decide/units.js';
import { weakest } from '../decide/words.js';
import type { Journal } from '../ledger/journal.js';
import type { Held, Ports } from '../ports.js';
import { type AttemptRow, type Fault, type RollbackBegun, type RunRow, unitKey } from '../records.js';
import { type Reads, RunScope } from '../scope.js';

/** A call whose write-ahead record is written but not yet committed. */
export interface Begun {
  readonly unit: Unit;
  readonly baseline: readonly Baseline[];
  readonly startedAt: Date;
}

/** A call that is over. */
export interface Result {
  readonly called: Called;
  readonly baseline: readonly Baseline[];
  readonly startedAt: Date;
}

export interface FlowDeps {
  readonly ports: Pick<Ports, 'planEnv' | 'random' | 'clock' | 'schemaMismatch'>;
  /** Whoever makes the calls of the run. */
  calls(known: Known): Calls;
  readonly run: RunRow;
  readonly plan: Plan;
  readonly reads: Reads;
  readonly parallel: number;
  readonly journal: Journal;
  /** Aborted when the run's calls must end. */
  signal(): AbortSignal;
  wake(): void;
  keepResult(key: string, result: Result): void;
}

const MOST_ITEMS = 10_000;
const DECLINED: Prepared = { kind: 'skip', why: 'declined' };
/** All before it was taken back: there is nothing to ask. */
const NOT_ASKED: Prepared = { kind: 'skip' };

/** Moves the units of one run: what is prepared, called, judged and settled, written to the journal and told to the state. */
export class Flow {
  readonly state: RunState;
  readonly words = new Map<string, VerdictWord>();
  /** Calls whose write-ahead record awaits its commit. */
  begun: Begun[] = [];
  calls = 0;
  /** Set when the driver has begun anew from the ledger: what still comes in here counts no more. */
  discarded = false;

  private readonly scope: RunScope;
  private readonly attempts: Calls;
  private readonly lists = new Map<string, readonly JsonValue[]>();
  private readonly itemOutputs = new Map<string, JsonValue>();

  constructor(private readonly deps: FlowDeps) {
    const { plan, run, ports, reads } = deps;
    this.scope = new RunScope(plan, run, ports.planEnv, reads);
    const element = (unit: Unit): JsonValue => this.element(unit);
    const undone = (unit: Unit) => this.undone(unit);
    const held = (unit: Unit, by: Held | null) => this.held(unit, by);
    this.attempts = deps.calls({ scope: this.scope, element, undone, held });
    this.state = new RunState(plan, deps.parallel);
  }

  private get journal(): Journal {
    return this.deps.journal;
  }

  /** Takes over what the ledger knows. @param undone how its rollback began, where one has */
  load(rows: readonly AttemptRow[], undone: RollbackBegun | undefined): void {
    this.attempts.load(rows);
    // Before what the rows say: it came first.
    if (undone?.fault) this.state.failRun(undone.fault);
    const lists = new Set(this.deps.plan.steps.flatMap(({ id, forEach }) => (forEach === undefined ? [] : [id])));
    for (const row of rows) {
      if (row.status !== 'done' && row.status !== 'skipped') continue;
      if (row.item < 0) this.scope.settle(row.step, row.status, row.output);
      else this.itemOutputs.set(unitKey(row.step, row.item), row.output);
      // The sum of a list says nothing beside its items: of none, it would weaken the word of the run.
      const sums = row.item < 0 && lists.has(row.step);
      if (row.word && row.status === 'done' && !sums) this.words.set(unitKey(row.step, row.item), row.word);
    }
    const begun = new Set(rows.filter((r) => r.item >= 0).map((r) => r.step));
    this.state.load(rows, (step) => (begun.has(step.id) ? this.list(step).length : undefined));
    if (undone) this.state.beginRollback(undone.cause);
  }

  /** The elements of a forEach; the same whenever it is asked, because it is computed from what is recorded. */
  private list(step: Step): readonly JsonValue[] {
    const known = this.lists.get(step.id);
    if (known) return known;
    const where = `step ${step.id}, forEach`;
    const source = step.forEach?.items ?? [];
    const scope = this.scope.at(undefined, { revision: this.deps.run.revision });
    const value =
      typeof source === 'string' ? evaluate(bareExpression(source), scope, where) : render(source, scope, where);
    if (!Array.isArray(value)) throw new OpsroomError('PLAN_EXPRESSION', { what: 'forEach needs a list.', where });
    if (value.length > MOST_ITEMS) {
      throw new OpsroomError('PLAN_EXPRESSION', {
        what: `forEach has ${value.length} items; at most ${MOST_ITEMS} are allowed.`,
        where,
      });
    }
    this.lists.set(step.id, value);
    return value;
  }

  /** Of a compensation: the element that the step it undoes was given. */
  private element({ stepId, item }: Unit): JsonValue {
    if (item < 0) return null;
    const [id = ''] = stepId.split('/');
    const known = this.lists.get(id);
    const step = known ? undefined : this.deps.plan.steps.find((one) => one.id === id);
    return (known ?? (step && this.list(step)))?.[item] ?? null;
  }

  private undone({ stepId, item }: Unit): JsonValue | undefined {
    const [step = '', compensation] = stepId.split('/');
    if (compensation === undefined) return undefined;
    return (item < 0 ? this.scope.outputOf(step) : this.itemOutputs.get(unitKey(step, item))) ?? null;
  }

  /** Written down at once, for whoever looks at the step; only waits that matter are told. */
  private held(unit: Unit, by: Held | null): void {
    if (this.discarded) return;
    this.journal.held(unit, by);
    this.deps.wake();
  }

  async prepare(unit: Unit): Promise<void> {
    this.state.preparing(unit);
    const signal = this.deps.signal();
    const prepared = this.skipped(unit) ?? (await this.attempts.prepare(unit, signal));
    if (this.discarded) return;
    if (signal.aborted) this.state.unprepared(unit);
    else this.prepared(unit, prepared);
    this.deps.wake();
  }

  private skipped(unit: Unit): Prepared | undefined {
    if (this.isDeclined(unit)) return DECLINED;
    return this.state.isCalledFor(unit) ? undefined : NOT_ASKED;
  }

  /** A step stands before it in which somebody was to say yes, and nobody did. */
  private isDeclined(unit: Unit): boolean {
    const { stepId, item } = unit;
    const { units, guards } = this.state;
    // Of a step with items, all were asked about at once; of a compensation of an item, each.
    const asking = (guards.get(stepId) ?? []).map((id) => units.get(unitKey(id, item)) ?? units.get(unitKey(id, -1)));
    return asking.some((one) => one === undefined || (one.settled !== 'done' && !this.needsNoYes(unit, one)));
  }

  /** Nobody had to be asked when the question had its turn, and nothing has failed since. What a person said no to stays left out. */
  private needsNoYes(unit: Unit, asking: Unit): boolean {
    const unasked = asking.settled === 'skipped' && !asking.spoken;
    return unasked && !this.state.isCalledFor(asking, unit) && !this.isDeclined(asking);
  }

  private prepared(unit: Unit, prepared: Prepared): void {
    const attempt = unit.attempt + 1;
    switch (prepared.kind) {
      case 'skip':
        unit.attempt = attempt;
        this.journal.skipped(unit, prepared.why ?? 'condition');
        return this.settled(unit, 'skipped', null, false);
      case 'refuse':
        unit.attempt = attempt;
        this.journal.refused(unit, prepared.fault);
        return this.state.finished(unit, false, prepared.fault, false);
      case 'wait':
        this.state.waiting(unit, attempt, prepared.wakeAt?.getTime());
        return this.journal.waiting(unit, prepared.args, prepared.wakeAt);
      case 'call': {
        const startedAt = this.deps.ports.clock.now();
        this.state.running(unit, attempt);
        this.journal.started(unit, prepared, startedAt);
        this.begun.push({ unit, baseline: prepared.baseline, startedAt });
      }
    }
  }

  /** Calls the tool; only once its write-ahead record is committed. `after`: not before this. */
  async call({ unit, baseline, startedAt }: Begun, after?: Promise<void>): Promise<void> {
    this.calls += 1;
    // Taken now: a rollback that begins meanwhile has a signal of its own.
    const signal = this.deps.signal();
    await after;
    // However it ends: the run is begun anew, and given back, only once no call is under way.
    const called = await this.attempts.call(unit, { baseline, startedAt }, signal).finally(() => {
      this.calls -= 1;
    });
    const result = { called, baseline, startedAt };
    this.deps.keepResult(unit.key, result);
    if (!this.discarded) this.called(unit, result);
    this.deps.wake();
  }

  /** Judges a call that is over: done, tried again, failed, or cut short. */
  called(unit: Unit, { called, baseline, startedAt }: Result): void {
    if (called.interrupted) {
      this.journal.called(unit, called, baseline, startedAt, undefined);
      return this.state.unknown(unit, false);
    }
    if (called.ok) {
      this.journal.called(unit, called, baseline, startedAt, undefined);
      this.words.set(unit.key, called.word);
      return this.settled(unit, 'done', called.output, true);
    }
    if (called.asks && (unit.answers ?? []).length < MOST_QUESTIONS)
      return this.asks(unit, called, called.asks, startedAt);
    const { retryable, retryAfterMs } = called;
    const random = this.deps.ports.random();
    const waitMs = retryDelayMs(
      unit.step.retryPolicy,
      { failures: unit.failures + 1, retryable, retryAfterMs },
      random,
    );
    const wakeAt = waitMs === undefined ? undefined : new Date(this.deps.ports.clock.now().getTime() + waitMs);
    const retry = unit.step.retryPolicy && { random, waitMs, retryable, retryAfterMs };
    this.journal.called(unit, called, baseline, startedAt, wakeAt, retry);
    if (wakeAt) this.state.retrying(unit, wakeAt.getTime());
    else this.state.finished(unit, false, called.fault, true);
  }

  /** Its tool asks something of a person: it waits, and holds nothing. */
  private asks(unit: Unit, { isolation, logDigest }: Called, asked: Asked, startedAt: Date): void {
    const open = { asked, startedAt, isolation, logDigest };
    this.journal.asked(unit, open);
    this.state.asking(unit, open);
  }

  /** A unit is done or skipped: others see its output from here on. */
  settled(unit: Unit, status: 'done' | 'skipped', output: JsonValue, wasCalled: boolean): void {
    if (unit.item < 0) this.scope.settle(unit.stepId, status, output);
    else if (this.deps.reads.steps.has(unit.stepId)) this.itemOutputs.set(unit.key, output);
    unit.settled = status;
    this.state.finished(unit, true, null, wasCalled);
  }

  expand(step: Step): void {
    try {
      const size = this.list(step).length;
      this.journal.turn.event('step.expanded', { step: step.id }, { items: size });
      this.state.expanded(step, size);
    } catch (error) {
      const fault = faultOf(error);
      this.journal.turn.event('step.failed', { step: step.id }, { ...fault });
      this.state.failRun(fault);
    }
  }

  sum(step: Step): void {
    const keys = this.list(step).map((_, item) => unitKey(step.id, item));
    const output = this.deps.reads.steps.has(step.id) ? keys.map((key) => this.itemOutputs.get(key) ?? null) : null;
    this.journal.summed(step, output, weakest(keys.flatMap((key) => this.words.get(key) ?? [])));
    this.scope.settle(step.id, 'done', output);
    this.state.summed(step);
  }

  /** The time of a wait has come. */
  elapse(unit: Unit): void {
    this.journal.waited(unit, null);
    this.settled(unit, 'done', null, true);
  }

  /** A wait is called off: the run does not go on. */
  withdraw(unit: Unit): void {
    this.journal.withdrawn(unit);
    this.state.withdrawn(unit);
  }

  /** An attempt that was cut short: proven, run again, or a person is asked. */
  async reconcile(unit: Unit): Promise<void> {
    this.state.running(unit, unit.attempt);
    const baseline = unit.last?.baseline ?? [];
    const startedAt = unit.last?.startedAt ?? this.deps.ports.clock.now();
    const signal = this.deps.signal();
    const isEnding = signal.aborted;
    const found = await this.attempts.proveCut(unit, { baseline, startedAt }, signal);
    if (this.discarded) return;
    // The look was cut off as well, and says nothing: whoever goes on with the run looks anew.
    if (!found.proven && signal.aborted && !isEnding) {
      this.state.unknown(unit, false);
      return this.deps.wake();
    }
    // A proof does not bring back the output, so a step whose output others read cannot be done without running again.
    const next = afterCut(unit.step, found.proven && !this.deps.reads.steps.has(unit.stepId));
    if (next === 'done') {
      this.journal.proven(unit, found.verdicts, baseline);
      this.words.set(unit.key, 'proven');
      this.settled(unit, 'done', null, true);
    } else if (next === 'again') {
      this.journal.cut(unit, new OpsroomError('INTERRUPTED').toJSON());
      this.state.again(unit);
    } else {
      this.journal.cut(unit, new OpsroomError('ASKED', { where: `step ${unit.key}` }).toJSON());
      this.state.unknown(unit, true);
    }
    this.deps.wake();
  }

  /** What the plan's `expectedOutputs` lack, first of all. */
  unmetOutput(): Fault | undefined {
    const { plan, run, ports } = this.deps;
    try {
      requireExpected(plan, this.scope.at(undefined, { revision: run.revision }), ports.schemaMismatch);
      return undefined;
    } catch (error) {
      return faultOf(error);
    }
  }
}
