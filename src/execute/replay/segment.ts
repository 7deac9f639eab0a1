import type { JsonValue } from '#ir/json.js';
import { overtime } from '../drive/closing.js';
import { Flow } from '../drive/flow.js';
import { Journal, type RetryFacts } from '../ledger/journal.js';
import { TurnBuilder } from '../ledger/turn.js';
import type { Turn } from '../records.js';
import type { Reads } from '../scope.js';
import type { RunEvent } from '../views/store.js';
import { type Fact, RecordedCalls } from './facts.js';
import { Offers } from './offers.js';
import type { RecordedRun, ReplayPorts } from './recorded.js';

export interface SegmentParts {
  readonly recorded: RecordedRun;
  readonly ports: ReplayPorts;
  readonly reads: Reads;
  /** Number of the event with which it begins. */
  readonly from: number;
}

/** What one worker had of the run in its memory: the engine's own flow and journal, whose calls are answered from the records. */
export class Segment {
  readonly flow: Flow;
  readonly journal: Journal;
  readonly offers: Offers;
  /** What the clock showed. */
  now: Date;
  private random = 0;
  private calls: RecordedCalls | undefined;

  constructor(private readonly parts: SegmentParts) {
    const { recorded, ports, reads } = parts;
    const { plan, run } = recorded;
    this.now = run.created_at;
    const clock = { now: () => this.now, monotonicMs: () => 0 };
    this.journal = new Journal(new UnlinkedTurn(clock), run.revision, clock);
    this.flow = new Flow({
      ports: { ...ports, clock, random: () => this.random },
      calls: (known) => {
        this.calls = new RecordedCalls({ plan, run }, ports, known, () => this.now);
        return this.calls;
      },
      run,
      plan,
      reads,
      // How many a worker runs at once is its own affair: the plan's limits hold all the same.
      parallel: Number.POSITIVE_INFINITY,
      journal: this.journal,
      signal: () => NEVER,
      wake: () => undefined,
      keepResult: () => undefined,
    });
    this.offers = new Offers(this.flow.state);
    this.flow.state.hold = this.heldBy();
  }

  set fact(fact: Fact) {
    if (this.calls) this.calls.fact = fact;
  }

  take(): Turn {
    this.flow.begun = [];
    return this.journal.turn.take();
  }

  /** The chance and the moment of a retry, so that its time comes out as it was. */
  retry({ at, data }: RunEvent, facts: RetryFacts | undefined, startedAt: Date | undefined): void {
    this.random = facts?.random ?? 0;
    const wakeAt = Date.parse(String(Object(data)['at']));
    if (facts?.waitMs === undefined || Number.isNaN(wakeAt)) return;
    const decidedAt = wakeAt - facts.waitMs;
    // Between the two ends of the attempt; a worker's clock that is held to the database's may have been set back in between.
    const latest = Math.min(decidedAt, at.getTime() + CLOCKS_APART_MS);
    this.now = new Date(Math.max(latest, (startedAt?.getTime() ?? latest) - CLOCKS_APART_MS));
  }

  /** A call was ended because the run took too long: from then on the run has failed. */
  noteOvertime({ at, data }: RunEvent): void {
    if (Object(Object(data)['error'])['code'] === OVERTIME) this.failOvertime(at);
  }

  /** @returns whether the run had its time behind it */
  failOvertime(at: Date): boolean {
    const { plan, run } = this.parts.recorded;
    const { state } = this.flow;
    if (!plan.timeoutMs || !run.started_at || state.mode === 'rollback' || state.failure) return false;
    // The worker's timer is not the database's clock.
    if (at.getTime() + CLOCKS_APART_MS < run.started_at.getTime() + plan.timeoutMs) return false;
    state.failRun(overtime(plan.timeoutMs).toJSON());
    return true;
  }

  /** A worker that found the folder of the run gone held it: that is what the machine was like. */
  private heldBy() {
    const { recorded, from } = this.parts;
    const next = recorded.events.find(({ seq, type }) => seq > from && HOLDS.has(type));
    const data = Object(next?.data ?? {});
    return next?.type === 'run.waiting' && data['code'] === 'WORKSPACE_LOST' ? data : undefined;
  }
}

export const beginSegment = (parts: SegmentParts): Segment => new Segment(parts);

const OVERTIME = 'RUN_TIMEOUT';
const CLOCKS_APART_MS = 1000;
const NEVER = new AbortController().signal;
/** With these a worker's part of a run begins or ends. */
const HOLDS: ReadonlySet<string> = new Set(['run.waiting', 'run.paused', 'run.taken', 'run.succeeded', 'run.failed']);

/** Collects what the rules write. Nothing is linked or hashed, and evidence stays where it is: its digest stands for it. */
class UnlinkedTurn extends TurnBuilder {
  constructor(clock: ConstructorParameters<typeof TurnBuilder>[3]['clock']) {
    super({ org: '', run: '', epoch: 0, owner: '' }, undefined, 0, { clock, link: unlinked });
  }

  override evidence(body: JsonValue): string {
    return typeof body === 'string' ? body : '';
  }
}

const unlinked = (prev: { seq: number } | undefined) => ({ seq: (prev?.seq ?? 0) + 1, hash: '', text: '' });
