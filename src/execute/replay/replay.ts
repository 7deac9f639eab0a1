import type { Unit } from '../decide/units.js';
import { type RollbackBegun, unitKey } from '../records.js';
import { readsOf } from '../scope.js';
import type { RunEvent } from '../views/store.js';
import { Comparison, subject } from './comparison.js';
import { Differs, lineWords, type ReplayDifference, type Subject } from './difference.js';
import { calledAnew, type Fact, retryFacts, rollbackIn } from './facts.js';
import { requireGenesis } from './genesis.js';
import { attemptKey, ReplayLedger } from './ledger.js';
import type { PersonsWord, RecordedRun, ReplayPorts } from './recorded.js';
import { atRestAnew } from './rest.js';
import { beginSegment, type Segment } from './segment.js';
import { obeyAnew, personsWord, unownedAnew } from './signals.js';
import { readsEnv, whyNotYet } from './why.js';

export interface Replayed {
  /** How many decisions follow from the records, by what they are about. */
  readonly counts: ReadonlyMap<string, number>;
  readonly people: readonly PersonsWord[];
  /** Where the records and the rules part for the first time; undefined: nowhere. */
  readonly difference: ReplayDifference | undefined;
}

/**
 * Decides a run that has ended a second time, by the engine's own rules, from its records: what tools said, what verifiers
 * saw and what people told it are taken as recorded; everything that followed from it is decided anew, and held against
 * what was recorded. Nothing is called and nothing is written.
 */
export async function replayRun(recorded: RecordedRun, ports: ReplayPorts): Promise<Replayed> {
  const replay = new Replay(recorded, ports);
  const difference = await replay.follow().then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof Differs) return error.difference;
      throw error;
    },
  );
  return { counts: replay.comparison.counts, people: replay.people, difference };
}

const BREATH = 200;

class Replay {
  readonly comparison: Comparison;
  readonly people: PersonsWord[] = [];
  private readonly ledger: ReplayLedger;
  private readonly reads: ReturnType<typeof readsOf>;
  private readonly lastOf: ReadonlyMap<string, number>;
  private readonly readingEnv: ReadonlySet<string>;
  private segment: Segment;
  private undone: RollbackBegun | undefined;
  private wasTaken = false;
  private heard = 0;

  constructor(
    private readonly recorded: RecordedRun,
    private readonly ports: ReplayPorts,
  ) {
    this.comparison = new Comparison(recorded);
    this.ledger = new ReplayLedger(recorded.attempts);
    this.reads = readsOf(recorded.plan);
    this.lastOf = lastEvents(recorded.events);
    this.readingEnv = new Set(recorded.plan.steps.filter(readsEnv).map(({ id }) => id));
    this.segment = this.begin(recorded.events[0]);
  }

  async follow(): Promise<void> {
    requireGenesis(this.recorded);
    this.comparison.count('beginnings');
    for (const [n, event] of this.recorded.events.entries()) {
      // Others in this process have work as well.
      if (n % BREATH === 0) await new Promise((resolve) => setImmediate(resolve));
      await this.one(event);
    }
    this.comparison.end();
    this.requireRows();
    this.requireEnd();
  }

  private begin(event: RunEvent | undefined): Segment {
    const { recorded, ports, reads } = this;
    return beginSegment({ recorded, ports, reads, from: event?.seq ?? 0 });
  }

  private async one(event: RunEvent): Promise<void> {
    const { segment, comparison } = this;
    if (UNDECIDED.has(event.type)) return;
    if (event.type === 'run.started' || event.type === 'run.taken') return this.taken(event);
    segment.now = event.at;
    if (!comparison.awaits) {
      const isDecided = await this.act(event);
      if (!isDecided) return;
    }
    this.held(event);
  }

  /** A worker begins with the run: from nothing, or from the rows as they stand. */
  private taken(event: RunEvent): void {
    this.segment = this.begin(event);
    if (event.type === 'run.taken') this.segment.flow.load(this.ledger.load(), this.undone);
    this.wasTaken = true;
  }

  /** Lets the rules write what follows; false: no rule has a part in this event. */
  private async act(event: RunEvent): Promise<boolean> {
    if (event.step !== null && event.type !== 'run.signal') {
      await this.actOnStep(event);
      return true;
    }
    const { recorded, segment } = this;
    if (event.type === 'run.signal') {
      this.heard = obeyAnew(event, recorded, segment, this.heard);
      const said = personsWord(event);
      if (said) this.people.push(said);
      return true;
    }
    const asks = [...segment.flow.state.units.values()].some((unit) => unit.asked !== undefined);
    const told = unownedAnew(event, recorded.plan, { wasTaken: this.wasTaken, asks });
    if (!told) return atRestAnew(event, recorded, segment);
    if (told.said) this.people.push(told.said);
    this.comparison.unowned(event, told.signal);
    this.comparison.count('signals');
    if (told.ends) this.ledger.closeOpen(event.at);
    return false;
  }

  private async actOnStep(event: RunEvent): Promise<void> {
    const { segment } = this;
    const step = event.step ?? '';
    const unit = segment.flow.state.units.get(unitKey(step, event.item ?? -1));
    if (event.type === 'step.interrupted') segment.noteOvertime(event);
    const { elapsed } = segment.offers.decide(event.at.getTime());
    if (this.actOnList(event, step)) return;
    if (!unit) throw this.refused(event);
    const fact = this.fact(event, unit);
    if (!fact.row) throw missingRow(event, lineWords(event));
    this.segment.fact = fact;
    if (segment.offers.prepare.delete(unit.key)) return segment.flow.prepare(unit);
    if (isRecovery(event) && segment.offers.reconcile.delete(unit.key)) return segment.flow.reconcile(unit);
    if (unit.phase === 'running') return this.called(unit, event);
    if (unit.phase !== 'waiting') throw this.refused(event);
    if (event.type === 'step.cancelled') return this.withdrawn(unit, event);
    if (!elapsed.includes(unit)) throw this.refused(event);
    segment.flow.elapse(unit);
  }

  /** Of a forEach as a whole: its list, and its summing record. */
  private actOnList({ attempt, item, type }: RunEvent, id: string): boolean {
    const { flow, offers } = this.segment;
    const toExpand = attempt === null ? offers.expand.get(id) : undefined;
    const toSum = type === 'step.done' && (item ?? -1) < 0 ? offers.sum.get(id) : undefined;
    offers.expand.delete(toExpand?.id ?? '');
    offers.sum.delete(toSum?.id ?? '');
    if (toExpand) flow.expand(toExpand);
    else if (toSum) flow.sum(toSum);
    return toExpand !== undefined || toSum !== undefined;
  }

  private called(unit: Unit, event: RunEvent): void {
    let { segment } = this;
    // What could not be stored: the worker began anew from the rows.
    if (isUnstorable(event)) {
      this.taken({ ...event, type: 'run.taken' });
      segment = this.segment;
      segment.now = event.at;
    }
    const own = segment.flow.state.units.get(unit.key) ?? unit;
    segment.offers.reconcile.delete(own.key);
    const fact = this.fact(event, own);
    const called = calledAnew(own, fact, this.ports);
    const retry = retryFacts(event);
    segment.retry(event, retry, fact.row?.startedAt);
    // An older version did not write down what the tool said of another try.
    const unsaid = retry === undefined && event.type === 'step.failed' && !called.ok ? { retryable: false } : {};
    const startedAt = fact.row?.startedAt ?? event.at;
    segment.flow.called(own, { called: { ...called, ...unsaid }, baseline: fact.row?.baseline ?? [], startedAt });
    if (retry === undefined && event.type === 'step.retrying') own.wakeAt = fact.row?.wakeAt?.getTime() ?? own.wakeAt;
    segment.now = event.at;
  }

  private withdrawn(unit: Unit, event: RunEvent): void {
    const { offers, flow } = this.segment;
    offers.withdraw();
    if (!offers.decide(event.at.getTime()).withdraw.includes(unit)) throw this.refused(event);
    flow.withdraw(unit);
  }

  private fact(event: RunEvent, unit: Unit): Fact {
    const { stepId: step, item } = unit;
    const proofs = this.comparison.nextProofs();
    return {
      event,
      row: this.ledger.recordedOf({ step, item, attempt: event.attempt ?? 0 }),
      verdicts: proofs.flatMap((body) => (body.type === 'verdict' ? [body] : [])),
      proof: proofs.find((body) => body.type === 'step'),
    };
  }

  /** What the rules wrote must be what is recorded. */
  private held(event: RunEvent): void {
    const { comparison, ledger, segment } = this;
    const turn = segment.take();
    comparison.take(turn);
    ledger.write(turn, event.at);
    const step = event.step?.split('/')[0] ?? '';
    comparison.event(event, { rendersEnv: this.readingEnv.has(step) });
    const isKnown = this.reads.steps.has(event.step ?? '');
    comparison.proofs(turn.proofs, event, isKnown);
    for (const row of [...turn.started, ...turn.finished]) {
      const recorded = ledger.recordedOf(row);
      const decided = ledger.decidedOf(row);
      const isLast = (this.lastOf.get(attemptKey(row)) ?? 0) <= event.seq;
      if (recorded && decided && isLast) comparison.row(recorded, decided, event, isKnown);
    }
    if (event.type === 'run.rollback') this.undone = rollbackIn(event);
  }

  private refused(event: RunEvent): Differs {
    const { flow } = this.segment;
    const at = { step: event.step ?? '', item: event.item ?? -1 };
    const why = whyNotYet(flow.state, at, (id) => this.ledger.isSettled(id));
    return new Differs({
      ...subject(event),
      seq: event.seq,
      recorded: lineWords(event),
      decided: 'not at this point',
      why,
    });
  }

  /** Every attempt that is recorded was decided, and the other way round. */
  private requireRows(): void {
    for (const recorded of this.recorded.attempts) {
      if (recorded.reusedFrom !== null) continue;
      const decided = this.ledger.decidedOf(recorded);
      if (decided?.status === recorded.status) continue;
      const words = { recorded: recorded.status, decided: decided?.status ?? 'no such attempt' };
      throw new Differs({ ...subject(recorded), seq: null, ...words, why: 'No event of the run leads to this row.' });
    }
    const missing = this.ledger.all().find((row) => this.ledger.recordedOf(row) === undefined);
    if (missing) throw missingRow({ ...missing, seq: null }, missing.status);
  }

  /** The run's own row says how it ended. */
  private requireEnd(): void {
    const { run, events } = this.recorded;
    const last = events.findLast(({ type }) => ENDINGS.has(type));
    const decided = last?.type.slice('run.'.length) ?? 'no end';
    if (decided === run.status) return;
    const why = 'The row of the run does not say how its records end.';
    throw new Differs({ ...subject({}), seq: last?.seq ?? null, recorded: run.status, decided, why });
  }
}

function missingRow(at: Subject & { readonly seq: number | null }, decided: string): Differs {
  const why = 'The row of an attempt that the events tell of is missing.';
  return new Differs({ ...subject(at), seq: at.seq, recorded: 'no such attempt', decided, why });
}

const ENDINGS: ReadonlySet<string> = new Set(['run.succeeded', 'run.failed', 'run.rolled_back', 'run.cancelled']);

/** What no rule decides: that a run was asked for, and that a rate held a call back. */
const UNDECIDED = new Set(['run.created', 'step.held', 'step.going']);

const isRecovery = ({ type, data }: RunEvent): boolean =>
  type === 'step.unknown' || (type === 'step.done' && Object(data)['afterCrash'] === true);

const isUnstorable = ({ data }: RunEvent): boolean => Object(Object(data)['error'])['code'] === 'OUTPUT_REFUSED';

function lastEvents(events: readonly RunEvent[]): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const { step, item, attempt, seq } of events)
    if (step !== null && attempt !== null) last.set(attemptKey({ step, item: item ?? -1, attempt }), seq);
  return last;
}
