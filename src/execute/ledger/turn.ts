import { jsonDigest } from '#ir/digest.js';
import type { JsonValue } from '#ir/json.js';
import type { ProofBody } from '#ir/proof.js';
import type { Ports } from '../ports.js';
import type { EventRow, EvidenceRow, Finished, Proof, RunChange, Started, Turn } from '../records.js';

/** Where a chain ends: the number and hash of its last record. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

interface Parts {
  finished: Finished[];
  started: Started[];
  proofs: Proof[];
  /** By digest: many checks see the same. */
  evidence: Map<string, EvidenceRow>;
  events: EventRow[];
  signals: { id: number; outcome: string }[];
  change: RunChange | null;
}

const nothing = (): Parts => ({
  finished: [],
  started: [],
  proofs: [],
  evidence: new Map(),
  events: [],
  signals: [],
  change: null,
});

/**
 * Collects what happens in one run until it is committed. The fenced owner keeps the chain's head in memory and hashes
 * in the order of arrival, while an earlier turn is being committed; (run, seq) as primary key is the backstop.
 */
export class TurnBuilder {
  private parts = nothing();
  /** Places in `started` of the waits that are open. */
  private readonly waits = new Map<string, number>();

  constructor(
    private readonly identity: Pick<Turn, 'org' | 'run' | 'epoch' | 'owner'>,
    private head: Head | undefined,
    private eventSeq: number,
    private readonly ports: Pick<Ports, 'link' | 'clock'>,
  ) {}

  get dirty(): boolean {
    const p = this.parts;
    return (
      p.change !== null ||
      p.finished.length + p.started.length + p.proofs.length + p.events.length + p.signals.length > 0
    );
  }

  start(row: Started): void {
    if (row.status === 'waiting') this.waits.set(attemptKey(row), this.parts.started.length);
    this.parts.started.push(row);
  }

  /** A wait that began in this very turn is not in the ledger yet: its row is written closed. */
  finish(row: Finished): void {
    const place = this.waits.size === 0 ? undefined : this.waits.get(attemptKey(row));
    const wait = place === undefined ? undefined : this.parts.started[place];
    if (place === undefined || !wait) return void this.parts.finished.push(row);
    const { status, ended_at, output, output_digest, word, error, person } = row;
    this.parts.started[place] = {
      ...wait,
      status,
      ended_at: ended_at ?? undefined,
      output,
      output_digest,
      word,
      error,
      person,
    };
  }

  prove(body: ProofBody): void {
    const { seq, hash, text } = this.ports.link(this.head, this.identity.run, this.ports.clock.now(), body);
    this.head = { seq, hash };
    this.parts.proofs.push({ seq, hash, text, body });
  }

  /** Keeps evidence under its digest (given where it is known already), and returns the digest. */
  evidence(body: JsonValue, digest = jsonDigest(body)): string {
    if (!this.parts.evidence.has(digest)) this.parts.evidence.set(digest, { n: 1, digest, body });
    return digest;
  }

  event(type: string, at: { step?: string; item?: number; attempt?: number } = {}, data?: JsonValue): void {
    const { step, item, attempt } = at;
    const time = this.ports.clock.now().toISOString();
    this.eventSeq += 1;
    // In the order of `startedRow`.
    this.parts.events.push({
      n: 1,
      at: time,
      seq: this.eventSeq,
      data: data ?? undefined,
      item,
      step,
      type,
      attempt,
    });
  }

  consume(id: number, outcome: string): void {
    this.parts.signals.push({ id, outcome });
  }

  change(change: RunChange): void {
    this.parts.change = { ...this.parts.change, ...change };
  }

  /** Hands over what was collected, and starts anew. */
  take(): Turn {
    const { evidence, ...rest } = this.parts;
    this.parts = nothing();
    this.waits.clear();
    return { ...this.identity, ...rest, evidence: [...evidence.values()] };
  }
}

const attemptKey = ({ step, item, attempt }: Pick<Started, 'step' | 'item' | 'attempt'>): string =>
  `${step}#${item}.${attempt}`;
