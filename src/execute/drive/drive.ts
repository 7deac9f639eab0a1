import type { Plan } from '#ir/plan.js';
import { OpsroomError } from '#kit/errors.js';
import type { Decision } from '../decide/units.js';
import { runWord } from '../decide/words.js';
import { type Committer, OutcomeUnknown, TurnRefused } from '../ledger/commit.js';
import { Journal } from '../ledger/journal.js';
import { loadAttempts, openSignals, runPosition, type Taken } from '../ledger/store.js';
import { TurnBuilder } from '../ledger/turn.js';
import type { LogStore } from '../logs/logs.js';
import type { Ports } from '../ports.js';
import { type Fault, type Parked, type RunRow, type SignalRow, unitKey } from '../records.js';
import { type Reads, readsOf } from '../scope.js';
import type { Sql } from '../sql.js';
import { Flow, type Result } from './flow.js';
import { applySignal } from './obedience.js';
import { Wake } from './wake.js';

/** How a segment ended. `lost`: the ledger has another owner, or must tell what became of the last commit. */
export interface SegmentEnd {
  readonly kind: 'ended' | 'parked' | 'stopped' | 'lost';
  readonly status?: RunRow['status'];
  /** Why the run was lost. */
  readonly why?: OpsroomError;
}

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

const MOST_REFUSALS = 3;
/** For calls to end that were told to: processes are given 10 s before they are killed. A call that never ends holds no run for good. */
const CALLS_END_MS = 15_000;
/** Of deciding before what was decided is committed: steps that never stop coming in must not hold back the rest. */
const MOST_ROUNDS = 4;

/**
 * Advances one run that this worker owns, until it ends, parks or is lost. All state lies in the ledger; what is here is
 * a cache of it that only the owner can have.
 */
export class Driver {
  private readonly wake = new Wake();
  private readonly reads: Reads;
  /** Results of calls until they are committed; a refused commit judges them again. */
  private readonly results = new Map<string, Result>();
  private readonly heard = new Set<number>();
  private flow: Flow;
  private journal: Journal;
  private work = new AbortController();
  private committing = false;
  private refusal: string | undefined;
  private refusals = 0;
  private signalled: boolean;
  private stopping = false;
  /** What the segment ends as once the last turn is committed. */
  private closing: SegmentEnd | undefined;
  private end: SegmentEnd | undefined;

  constructor(
    private readonly deps: DriverDeps,
    private readonly taken: Taken,
    private readonly plan: Plan,
    /** Why nothing of the plan may start; it can still be cancelled or rolled back. */
    private readonly hold?: Parked,
  ) {
    this.signalled = taken.signalled;
    this.reads = readsOf(plan);
    [this.journal, this.flow] = this.begin(taken);
  }

  private begin(from: Pick<Taken, 'head' | 'eventSeq'>): [Journal, Flow] {
    const { run } = this.taken;
    const { ports, logs, parallel, worker } = this.deps;
    const identity = { org: run.org_id, run: run.id, epoch: run.epoch, owner: worker };
    const journal = new Journal(new TurnBuilder(identity, from.head, from.eventSeq, ports), run.revision, ports.clock);
    const flow = new Flow({
      ports,
      logs,
      run,
      plan: this.plan,
      reads: this.reads,
      parallel,
      journal,
      signal: () => this.work.signal,
      wake: () => this.wake.up(),
      keepResult: (key, result) => this.results.set(key, result),
    });
    flow.state.hold = this.hold;
    return [journal, flow];
  }

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

  async run(): Promise<SegmentEnd> {
    const deadline = this.deadline();
    try {
      await this.load();
      for (;;) {
        if (this.refusal !== undefined && this.flow.calls === 0) await this.beginAnew(this.refusal);
        if (this.signalled) await this.readSignals();
        const wakeAt = await this.actOnAllReady();
        this.commit();
        if (this.end) break;
        await this.wake.wait(wakeAt, this.deps.ports.clock.now().getTime());
      }
      // Calls of a run that was lost are being ended; until they are, whoever takes it would do the same beside them.
      const patience = this.deps.ports.clock.monotonicMs() + CALLS_END_MS;
      while (this.flow.calls > 0 && this.deps.ports.clock.monotonicMs() < patience)
        await this.wake.wait(patience, this.deps.ports.clock.monotonicMs());
      return this.end;
    } finally {
      clearTimeout(deadline);
    }
  }

  private deadline(): NodeJS.Timeout | undefined {
    const { timeoutMs } = this.plan;
    const { started_at: startedAt } = this.taken.run;
    if (!timeoutMs || !startedAt) return undefined;
    const left = startedAt.getTime() + timeoutMs - this.deps.ports.clock.now().getTime();
    const fault = new OpsroomError('RUN_TIMEOUT', { where: `${timeoutMs} ms` });
    const expire = () => {
      this.flow.state.failRun(fault.toJSON());
      this.work.abort(fault);
      this.wake.up();
    };
    return setTimeout(expire, Math.min(Math.max(0, left), 2 ** 31 - 1));
  }

  private async load(): Promise<void> {
    const { run } = this.taken;
    const fresh = run.epoch <= 2 && !run.parent_id;
    if (!fresh) this.flow.load(await loadAttempts(this.deps.sql, run.org_id, run.id, [...this.reads.steps]));
    this.journal.turn.event(fresh ? 'run.started' : 'run.taken', {}, { worker: this.deps.worker, epoch: run.epoch });
  }

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

  // ── deciding ──

  /** Goes on while results come in at once, so that a result and the start that follows from it share a commit. */
  private async actOnAllReady(): Promise<number | undefined> {
    for (let round = 1; ; round++) {
      const wakeAt = this.actGuarded();
      await this.wake.tick();
      if (this.signalled || this.end || this.refusal !== undefined) return wakeAt;
      if (round === MOST_ROUNDS || !this.wake.consume()) return wakeAt;
    }
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
      if (decision.sum.length + decision.expand.length + decision.elapsed.length === 0) return this.follow(decision);
    }
  }

  private follow({ next }: Decision): number | undefined {
    if (next.kind === 'continue') return next.wakeAt;
    if (next.kind === 'rollback') this.beginRollback(next.cause);
    else if (next.kind === 'park') {
      const { status, parked, wakeAt } = next;
      this.journal.obeyed();
      this.journal.turn.change({
        status,
        parked,
        wake_at: wakeAt === undefined ? null : new Date(wakeAt).toISOString(),
      });
      this.journal.turn.event(`run.${status}`, {}, { ...parked });
      this.closing = { kind: 'parked', status };
    } else this.finish(next.status);
    return undefined;
  }

  private beginRollback(cause: 'failure' | 'cancel' | 'request'): void {
    this.work = new AbortController();
    this.flow.state.beginRollback(cause);
    this.journal.obeyed();
    this.journal.turn.change({ status: 'running', mode: 'rollback', rollback_cause: cause });
    this.journal.turn.event('run.rollback', {}, { cause });
    this.wake.up();
  }

  private finish(status: 'succeeded' | 'failed' | 'rolled_back' | 'cancelled'): void {
    const unmet = status === 'succeeded' ? this.flow.unmetOutput() : undefined;
    if (unmet) {
      this.flow.state.failRun(unmet);
      return this.wake.up();
    }
    this.journal.obeyed();
    const word = runWord(status, this.plan, this.flow.words);
    const error = status === 'failed' || status === 'rolled_back' ? this.fault() : undefined;
    this.journal.turn.change({ status, parked: null, wake_at: null, word, ...(error ? { error } : {}) });
    this.journal.turn.event(`run.${status}`, {}, { word, error: error ? { ...error } : null });
    this.closing = { kind: 'ended', status };
  }

  private fault(): Fault | undefined {
    const { failure, notUndone } = this.flow.state;
    if (notUndone.length === 0) return failure;
    const what = `${failure ? `${failure.message} ` : ''}Not undone: ${notUndone.join(', ')}.`;
    return new OpsroomError('ROLLBACK_INCOMPLETE', { what }).toJSON();
  }

  // ── signals ──

  private async readSignals(): Promise<void> {
    this.signalled = false;
    // A lost connection: the next beat names the run again.
    const signals = await openSignals(this.deps.sql, this.taken.run.id).catch((): SignalRow[] => []);
    for (const signal of signals) {
      if (this.heard.has(signal.id) || this.closing) continue;
      this.heard.add(signal.id);
      const follow = applySignal(signal, this.flow, this.journal);
      if (follow === 'cancel')
        this.work.abort(
          new OpsroomError('CANCELLED', { what: `Cancelled by ${signal.sent_by}: ${signal.payload.reason}` }),
        );
      if (follow === 'rollback') this.beginRollback('request');
    }
  }

  // ── commits ──

  private commit(): void {
    if (this.committing || this.end || this.refusal !== undefined) return;
    if (!this.journal.turn.dirty) {
      this.end = this.closing;
      return;
    }
    const { closing } = this;
    const turn = this.journal.turn.take();
    const begun = this.flow.begun.splice(0);
    this.committing = true;
    this.deps.committer
      .submit(turn)
      .then((fate) => {
        if (fate === 'fenced')
          return this.lose(new OpsroomError('INTERRUPTED', { what: 'Another worker owns the run now.' }));
        this.refusals = 0;
        for (const row of turn.finished) this.results.delete(unitKey(row.step, row.item));
        this.deps.changed(turn.run);
        for (const call of begun) this.guard(this.flow.call(call));
        this.end ??= closing;
      })
      .catch((error: unknown) => this.failedCommit(error))
      .finally(() => {
        this.committing = false;
        this.wake.up();
      });
  }

  private failedCommit(error: unknown): void {
    if (error instanceof TurnRefused) this.refuse(error.message);
    else if (error instanceof OutcomeUnknown)
      this.lose(new OpsroomError('INTERRUPTED', { what: 'The database did not answer.', cause: error }));
    else this.lose(new OpsroomError('INTERNAL', { cause: error }));
  }

  /**
   * The server refused a turn: nothing of it is in the ledger. Begins anew from there, with the calls that are over
   * committed one by one, so that only the one that cannot be stored fails.
   */
  private async beginAnew(refusal: string): Promise<void> {
    const { run } = this.taken;
    const rows = await loadAttempts(this.deps.sql, run.org_id, run.id, [...this.reads.steps]);
    [this.journal, this.flow] = this.begin(await runPosition(this.deps.sql, run.org_id, run.id));
    this.flow.load(rows);
    this.heard.clear();
    this.signalled = true;
    this.closing = undefined;
    for (const [key, result] of this.results) {
      const unit = this.flow.state.units.get(key);
      if (unit?.phase === 'unknown') await this.commitAlone(unit.key, result, refusal);
    }
    this.results.clear();
    this.refusal = undefined;
    this.refusals += 1;
    if (this.refusals >= MOST_REFUSALS) this.parkRefused(refusal);
  }

  /** Not even what follows from the ledger can be written: only a person can help. */
  private parkRefused(refusal: string): void {
    const parked = {
      code: 'REFUSED',
      what: `What follows in the run cannot be written down: ${refusal}`,
      mend: 'See the log; then `opsroom resume RUN`.',
    } as const;
    this.flow.discarded = true;
    this.journal.turn.change({ status: 'waiting', parked });
    this.closing = { kind: 'parked', status: 'waiting' };
  }

  private async commitAlone(key: string, result: Result, refusal: string): Promise<void> {
    const unit = this.flow.state.units.get(key);
    if (!unit || this.end) return;
    this.flow.called(unit, result);
    const fate = await this.deps.committer.submit(this.journal.turn.take()).catch((error: unknown) => error);
    if (fate === 'held') return;
    if (!(fate instanceof TurnRefused))
      return this.lose(new OpsroomError('INTERRUPTED', { what: 'The run was lost.', cause: fate }));
    const fault = new OpsroomError('OUTPUT_REFUSED', {
      what: `The output of step ${key} cannot be stored: ${refusal}`,
    }).toJSON();
    [this.journal, this.flow] = this.begin(await runPosition(this.deps.sql, this.taken.run.org_id, this.taken.run.id));
    this.flow.load(await loadAttempts(this.deps.sql, this.taken.run.org_id, this.taken.run.id, [...this.reads.steps]));
    const again = this.flow.state.units.get(key);
    if (!again) return;
    const called = {
      ...result.called,
      ok: false,
      interrupted: false,
      fault,
      retryable: false,
      output: null,
      verdicts: [],
      word: 'failed' as const,
    };
    this.flow.called(again, { ...result, called });
    await this.deps.committer
      .submit(this.journal.turn.take())
      .catch((error: unknown) => this.lose(new OpsroomError('INTERNAL', { cause: error })));
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
