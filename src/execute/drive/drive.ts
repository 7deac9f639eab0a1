import { setMaxListeners } from 'node:events';
import type { Plan } from '#ir/plan.js';
import { later } from '#kit/clock.js';
import { OpsroomError } from '#kit/errors.js';
import type { Decision } from '../decide/units.js';
import { type Committer, type Fate, OutcomeUnknown, TurnRefused } from '../ledger/commit.js';
import { loadAttempts, openSignals, rollbackBegun, runPosition, type Taken } from '../ledger/store.js';
import type { LogStore } from '../logs/logs.js';
import type { Ports } from '../ports.js';
import { type Parked, type RollbackCause, type SignalRow, type Turn, unitKey } from '../records.js';
import { readsOf } from '../scope.js';
import type { Sql } from '../sql.js';
import { finish, overtime, park, parkRefused, rollBack, type SegmentEnd } from './closing.js';
import type { Begun, Flow, Result } from './flow.js';
import { beginMemory, type Memory, type MemoryParts } from './memory.js';
import { applySignal } from './obedience.js';
import { salvage } from './salvage.js';
import { Wake } from './wake.js';

export interface DriverDeps {
  readonly ports: Ports;
  readonly sql: Sql;
  readonly committer: Committer;
  readonly logs: LogStore;
  readonly worker: string;
  /** Steps of one run at once. */
  readonly parallel: number;
  /** Called after each commit of the run. */
  changed(run: string): void;
}

/** A run that its driver is to advance. */
export interface Driven {
  readonly taken: Taken;
  readonly plan: Plan;
  /** See `MemoryParts`. */
  readonly hold?: Parked | undefined;
}

const MOST_REFUSALS = 3;
/** For calls to end that were told to: processes are given 10 s before they are killed. A call that never ends holds no run for good. */
const CALLS_END_MS = 15_000;
/** Of deciding before what was decided is committed: steps that never stop coming in must not hold back the rest. */
const MOST_ROUNDS = 4;

/** Advances one run that this worker owns, until it ends, parks or is lost. All that lasts lies in the ledger. */
export class Driver {
  private readonly wake = new Wake();
  /** Results of calls until they are committed; a refused commit judges them again. */
  private readonly results = new Map<string, Result>();
  private readonly heard = new Set<number>();
  private readonly parts: MemoryParts;
  private memory: Memory;
  private work = workSignal();
  private committing = false;
  private refusal: string | undefined;
  private refusals = 0;
  private signalled: boolean;
  /** Calls off the end of the run's time. */
  private disarm: () => void = () => undefined;
  private stopping = false;
  /** What the segment ends as once the last turn is committed. */
  private closing: SegmentEnd | undefined;
  private end: SegmentEnd | undefined;

  constructor(
    private readonly deps: DriverDeps,
    private readonly driven: Driven,
  ) {
    const { taken, plan, hold } = driven;
    const { ports, logs, worker, parallel } = deps;
    this.signalled = taken.signalled;
    this.parts = {
      ports,
      logs,
      worker,
      parallel,
      taken,
      plan,
      hold,
      reads: readsOf(plan),
      signal: () => this.work.signal,
      wake: () => this.wake.up(),
      keepResult: (key, result) => this.results.set(key, result),
    };
    this.memory = beginMemory(this.parts, taken);
  }

  private get flow(): Flow {
    return this.memory.flow;
  }

  // ── what others tell it ──

  /** Something happened outside: a signal was sent to the run. */
  poke(): void {
    this.signalled = true;
    this.wake.up();
  }

  /** Ends the running steps as interrupted, records that, and leaves the run for another worker. */
  stop(reason: OpsroomError): void {
    this.stopping = true;
    this.work.abort(reason);
    this.wake.up();
  }

  /** The run is no longer ours: ends the running steps and writes nothing more. */
  lose(reason: OpsroomError): void {
    this.end ??= { kind: 'lost', why: reason };
    this.flow.discarded = true;
    this.work.abort(reason);
    this.wake.up();
  }

  // ── the loop ──

  async run(): Promise<SegmentEnd> {
    const { clock } = this.deps.ports;
    try {
      await this.load();
      // A request to roll back comes first: the run's time is for what the plan does, not for undoing it.
      if (this.signalled) await this.readSignals();
      this.armDeadline();
      for (;;) {
        if (this.refusal !== undefined && this.flow.calls === 0) await this.beginAnew(this.refusal);
        if (this.signalled) await this.readSignals();
        const wakeAt = await this.actOnAllReady();
        this.commit();
        if (this.end) break;
        await this.wake.wait(wakeAt, clock.now().getTime());
      }
      // Calls of a run that was lost are being ended; until they are, whoever takes it would do the same beside them.
      const patience = clock.monotonicMs() + CALLS_END_MS;
      while (this.flow.calls > 0 && clock.monotonicMs() < patience) await this.wake.wait(patience, clock.monotonicMs());
      return this.end;
    } finally {
      this.disarm();
    }
  }

  private armDeadline(): void {
    const { plan, taken } = this.driven;
    const { started_at: startedAt } = taken.run;
    if (!plan.timeoutMs || !startedAt || this.flow.state.mode === 'rollback') return;
    const left = startedAt.getTime() + plan.timeoutMs - this.deps.ports.clock.now().getTime();
    const fault = overtime(plan.timeoutMs);
    const expire = () => {
      this.flow.state.failRun(fault.toJSON());
      this.work.abort(fault);
      this.wake.up();
    };
    this.disarm = later(left, expire);
  }

  private async load(): Promise<void> {
    const { run } = this.driven.taken;
    const fresh = run.epoch <= 2 && !run.parent_id;
    if (!fresh) await this.loadInto(this.memory);
    const { turn } = this.memory.journal;
    turn.event(fresh ? 'run.started' : 'run.taken', {}, { worker: this.deps.worker, epoch: run.epoch });
  }

  private async loadInto({ flow }: Memory): Promise<void> {
    const { sql } = this.deps;
    const { org_id: org, id } = this.driven.taken.run;
    // Asked of the ledger: where a worker begins anew, the rollback may have begun since it took the run.
    const undone = await rollbackBegun(sql, org, id);
    flow.load(await loadAttempts(sql, org, id, [...this.parts.reads.steps]), undone);
  }

  // ── deciding ──

  /** Goes on while results come in at once, so that a result and the start that follows from it share a commit. */
  private async actOnAllReady(): Promise<number | undefined> {
    for (let round = 1; ; round++) {
      const wakeAt = this.actGuarded();
      if (this.nothingUnderWay) return wakeAt;
      await this.wake.tick();
      if (this.signalled || this.end || this.refusal !== undefined) return wakeAt;
      const enough = round === MOST_ROUNDS || this.flow.begun.length >= this.flow.state.startsTogether;
      if (enough || !this.wake.consume()) return wakeAt;
    }
  }

  /** All that goes on waits for the commit: nothing more can come in before it. */
  private get nothingUnderWay(): boolean {
    const { begun, state } = this.flow;
    return this.closing !== undefined || (begun.length > 0 && state.active === begun.length);
  }

  private actGuarded(): number | undefined {
    try {
      return this.act();
    } catch (error) {
      this.refuse(messageOf(error));
      this.wake.up();
      return undefined;
    }
  }

  private act(): number | undefined {
    if (this.closing || this.end || this.refusal !== undefined) return undefined;
    const { flow } = this;
    if (this.stopping) {
      if (flow.state.active === 0) this.closing = { kind: 'stopped' };
      return undefined;
    }
    // What one decision settles may make the next one possible; each round names new work or ends.
    for (;;) {
      const decision = flow.state.decide(this.deps.ports.clock.now().getTime());
      for (const step of decision.sum) flow.sum(step);
      for (const step of decision.expand) flow.expand(step);
      for (const unit of decision.elapsed) flow.elapse(unit);
      for (const unit of decision.withdraw) flow.withdraw(unit);
      for (const unit of decision.prepare) this.guard(flow.prepare(unit));
      for (const unit of decision.reconcile) this.guard(flow.reconcile(unit));
      // There may be more: the next decision starts it.
      if (decision.prepare.length === flow.state.startsTogether) this.wake.up();
      if (decision.sum.length + decision.expand.length + decision.elapsed.length === 0) return this.follow(decision);
    }
  }

  /** @returns when to decide again at the latest, ms since the epoch */
  private follow({ next }: Decision): number | undefined {
    if (next.kind === 'continue') return next.wakeAt;
    if (next.kind === 'rollback') this.beginRollback(next.cause);
    else if (next.kind === 'park') this.closing = park(this.memory, next);
    else {
      this.closing = finish(this.memory, this.driven.plan, next.status);
      if (!this.closing) this.wake.up();
    }
    return undefined;
  }

  private beginRollback(cause: RollbackCause): void {
    this.disarm();
    this.work = workSignal();
    rollBack(this.memory, cause);
    this.wake.up();
  }

  private async readSignals(): Promise<void> {
    this.signalled = false;
    // A lost connection: the next beat names the run again.
    const signals = await openSignals(this.deps.sql, this.driven.taken.run.id).catch((): SignalRow[] => []);
    for (const signal of signals) {
      if (this.heard.has(signal.id) || this.closing) continue;
      this.heard.add(signal.id);
      const follow = applySignal(signal, this.flow, this.memory.journal);
      const what = `Cancelled by ${signal.sent_by}: ${signal.payload.reason}`;
      if (follow === 'cancel') this.work.abort(new OpsroomError('CANCELLED', { what }));
      if (follow === 'rollback') this.beginRollback('request');
    }
  }

  // ── committing ──

  private commit(): void {
    if (this.committing || this.end || this.refusal !== undefined) return;
    const { turn: builder } = this.memory.journal;
    if (!builder.dirty) {
      this.end = this.closing;
      return;
    }
    const { closing } = this;
    const begun = this.flow.begun.splice(0);
    const turn = builder.take();
    this.committing = true;
    this.deps.committer
      .submit(turn)
      .then((fate) => this.committed(fate, turn, begun, closing))
      .catch((error: unknown) => {
        this.committing = false;
        this.failedCommit(error);
      })
      .finally(() => this.wake.up());
  }

  /** Calls begin only now that their write-ahead records are in the ledger. */
  private committed(fate: Fate, turn: Turn, begun: readonly Begun[], closing: SegmentEnd | undefined): void {
    if (fate === 'fenced')
      return this.lose(new OpsroomError('INTERRUPTED', { what: 'Another worker owns the run now.' }));
    this.refusals = 0;
    for (const row of turn.finished) this.results.delete(unitKey(row.step, row.item));
    this.deps.changed(turn.run);
    this.end ??= closing;
    this.committing = false;
    const gone = this.flow.begun.length > 0 ? this.commitWaiting() : undefined;
    for (const call of begun) this.guard(this.flow.call(call, gone));
  }

  /** Starts that wait go at once: the server commits them while the calls that may begin now are made and judged here. */
  private commitWaiting(): Promise<void> {
    this.commit();
    // By then they are on their way: a pool hands out its connection only when all else that is at hand is done.
    return this.wake.tick();
  }

  private failedCommit(error: unknown): void {
    if (error instanceof TurnRefused) this.refuse(error.message);
    else if (error instanceof OutcomeUnknown)
      this.lose(new OpsroomError('INTERRUPTED', { what: 'The database did not answer.', cause: error }));
    else this.lose(new OpsroomError('INTERNAL', { cause: error }));
  }

  // ── what went wrong ──

  /** A mistake of ours costs its own run and not the worker with all of its others. */
  private guard(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.refuse(messageOf(error));
      this.wake.up();
    });
  }

  /** What was to be written cannot be: what is in memory counts no more, the run begins anew from the ledger. */
  private refuse(why: string): void {
    this.refusal = why;
    this.flow.discarded = true;
  }

  private async beginAnew(refusal: string): Promise<void> {
    const submit = (turn: Turn) => this.deps.committer.submit(turn);
    try {
      this.memory = await salvage(this.results, refusal, { recall: () => this.recall(), submit });
    } catch (error) {
      if (!(error instanceof OpsroomError)) throw error;
      return this.lose(error);
    }
    this.results.clear();
    this.heard.clear();
    this.signalled = true;
    this.closing = undefined;
    this.refusal = undefined;
    this.refusals += 1;
    // That the time of the run is over was known to the memory that counts no more.
    this.disarm();
    if (!this.stopping) this.work = workSignal();
    this.armDeadline();
    if (this.refusals >= MOST_REFUSALS) this.closing = parkRefused(this.memory, refusal);
  }

  private async recall(): Promise<Memory> {
    const { run } = this.driven.taken;
    const memory = beginMemory(this.parts, await runPosition(this.deps.sql, run.org_id, run.id));
    await this.loadInto(memory);
    return memory;
  }
}

/** Every call of the run listens to it, and there may be as many as the run may have steps at once. */
function workSignal(): AbortController {
  const work = new AbortController();
  setMaxListeners(0, work.signal);
  return work;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
