import type { JsonObject, JsonValue } from '#ir/json.js';
import type { ProofBody } from '#ir/proof.js';
import type { EventRow, Turn } from '../records.js';
import type { RunEvent } from '../views/store.js';
import { Differs, type Line, lineWords, plain, type Subject, unlike } from './difference.js';
import type { DecidedRow } from './ledger.js';
import type { RecordedAttempt, RecordedRun } from './recorded.js';
import { whyDecided } from './why.js';

/** Times are facts, and so is what a tool that nobody reads put out: no decision rests on them. */
const UNDECIDED: Readonly<Record<string, readonly string[]>> = {
  event: ['at'],
  proof: ['startedAt', 'endedAt'],
};

/** How a run tells people what it waits for: each version has words of its own for the same code, step and item. */
const WORDS: readonly string[] = ['what', 'mend'];

/** What of an event follows from no rule, or not from those of the version that wrote it. */
function notOfRules({ type, data }: RunEvent): readonly string[] {
  if (type === 'run.waiting' || type === 'run.paused') return WORDS;
  // An older version did not write down why a run rolls back.
  return type === 'run.rollback' && Object(data)['error'] === undefined ? ['error'] : [];
}

/** Holds what the rules write against what is recorded, line by line. */
export class Comparison {
  /** How many decisions were found the same, by what they are about. */
  readonly counts = new Map<string, number>();
  private readonly expected: EventRow[] = [];
  /** The genesis was not decided by the run's own rules. */
  private chainAt = 1;

  constructor(private readonly recorded: RecordedRun) {}

  /** More follows from what was decided before. */
  get awaits(): boolean {
    return this.expected.length > 0;
  }

  /** Verdicts and the word for an attempt, as they come next in the chain. */
  nextProofs(): ProofBody[] {
    this.skipEnds();
    const rest = this.recorded.chain.slice(this.chainAt, this.chainAt + MOST_OF_ATTEMPT).map(({ body }) => body);
    const end = rest.findIndex(({ type }) => type !== 'verdict');
    return rest.slice(0, end + 1);
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** What the rules wrote. */
  take({ events }: Pick<Turn, 'events'>): void {
    this.expected.push(...events);
  }

  /** The next line that follows by the rules must be this one. */
  event(recorded: RunEvent, { rendersEnv }: { readonly rendersEnv: boolean }): void {
    const decided = this.expected.shift();
    if (!decided) throw differs(recorded, recorded, { type: 'nothing' }, 'Nothing in the records leads to it.');
    const why = () => whyDecided(decided, this.recorded.plan, rendersEnv);
    const sameSubject =
      decided.type === recorded.type && decided.step === (recorded.step ?? undefined) && sameUnit(decided, recorded);
    if (!sameSubject) throw differs(recorded, recorded, decided, why());
    const left = notOfRules(recorded);
    const found = unlike(without(recorded.data, 'event', left), without(decided.data, 'event', left));
    if (found) {
      const words = {
        recorded: `${lineWords(recorded)} (${found.recorded})`,
        decided: `${lineWords(decided)} (${found.decided})`,
      };
      throw new Differs({ ...subject(recorded), seq: recorded.seq, ...words, why: why() });
    }
    this.count(kindOf(recorded));
  }

  /** The chain must say what the rules say, in the same order. @param isKnown whether the output is at hand */
  proofs(proofs: Turn['proofs'], event: RunEvent, isKnown: boolean): void {
    for (const { body } of proofs) {
      this.skipEnds();
      const recorded = this.recorded.chain[this.chainAt]?.body;
      this.chainAt += 1;
      const ignored = isKnown ? [] : ['outputDigest'];
      const found = unlike(without(recorded ?? {}, 'proof', ignored), without(body, 'proof', ignored));
      if (found) {
        const at = 'step' in body ? { step: body.step, item: 'item' in body ? body.item : null } : event;
        const why = `Record ${this.chainAt - 1} of the proof chain does not say what follows from the records before it.`;
        throw new Differs({ ...subject({ ...event, ...at }), seq: event.seq, ...found, why });
      }
      if (body.type === 'verdict') this.count('verdicts');
    }
  }

  /** A signal that changed the run while nobody owned it stands in the chain as well. */
  unowned(event: RunEvent, { kind, by, reason }: { kind: string; by: string; reason: string }): void {
    this.skipEnds();
    const recorded = this.recorded.chain[this.chainAt]?.body;
    this.chainAt += 1;
    const said = recorded?.type === 'signal' ? { kind: recorded.kind, by: recorded.by, reason: recorded.reason } : {};
    const found = unlike(said, { kind, by, reason });
    if (found) throw new Differs({ ...subject(event), seq: event.seq, ...found, why: 'The chain tells it otherwise.' });
  }

  /** A row that changes no more must be the one that the rules wrote; of one that is open, what it was begun with. */
  row(recorded: RecordedAttempt, decided: DecidedRow, event: RunEvent | undefined, isKnown: boolean): void {
    const isOpen = decided.status === 'running' || decided.status === 'waiting';
    const ends = (digest: string | null | undefined) => (isOpen ? undefined : isKnown ? (digest ?? null) : null);
    const found = unlike(
      rowOf(recorded, recorded.wakeAt?.toISOString(), ends(recorded.outputDigest)),
      rowOf(decided, decided.wake_at, ends(decided.output_digest)),
    );
    if (!found) return;
    const why = 'The row of the attempt does not say what follows from the records before it.';
    throw new Differs({ ...subject(recorded), seq: event?.seq ?? null, ...found, why });
  }

  /** @throws Differs when the chain goes on after all that follows by the rules */
  end(): void {
    this.skipEnds();
    const body = this.recorded.chain[this.chainAt]?.body;
    const [missing] = this.expected;
    const why = 'The records end before what follows from them.';
    if (missing)
      throw new Differs({ ...subject(missing), seq: null, recorded: 'nothing', decided: lineWords(missing), why });
    if (!body) return;
    const at = 'step' in body ? { step: body.step ?? null } : {};
    const recorded = `record ${this.chainAt} of the proof chain, ${body.type}`;
    throw new Differs({
      ...subject(at),
      seq: null,
      recorded,
      decided: 'nothing',
      why: 'Nothing in the records leads to it.',
    });
  }

  /** Whoever seals a run closes its chain; the run's own rules have no part in that. */
  private skipEnds(): void {
    while (this.recorded.chain[this.chainAt]?.body.type === 'end') this.chainAt += 1;
  }
}

/** A step has at most so many verifiers, and its own record after them. */
const MOST_OF_ATTEMPT = 1001;

function differs(at: RunEvent, recorded: Line, decided: Line, why: string): Differs {
  const words = { recorded: namedWords(recorded), decided: namedWords(decided) };
  return new Differs({ ...subject(at), seq: at.seq, ...words, why });
}

/** The same kind of line of another unit is told apart by its name. */
function namedWords(line: Line): string {
  const unit = line.step ? ` of ${line.step}${(line.item ?? -1) >= 0 ? `#${line.item}` : ''}` : '';
  return `${lineWords(line)}${unit}`;
}

export const subject = ({
  step,
  item,
  attempt,
}: Subject): { step: string | null; item: number | null; attempt: number | null } => ({
  step: step ?? null,
  item: item === undefined || item === null || item < 0 ? null : item,
  attempt: attempt ?? null,
});

const sameUnit = (one: Subject, other: Subject): boolean =>
  (one.item ?? -1) === (other.item ?? -1) && (one.attempt ?? 0) === (other.attempt ?? 0);

function without(value: unknown, kind: string, more: readonly string[] = []): JsonObject {
  const copy = plain(value);
  if (copy === null || typeof copy !== 'object' || Array.isArray(copy)) return { value: copy };
  for (const name of [...(UNDECIDED[kind] ?? []), ...more]) delete copy[name];
  return copy;
}

type Compared = Pick<DecidedRow, 'status'> & {
  readonly word?: unknown;
  readonly error?: unknown;
  readonly person?: unknown;
  readonly verdicts?: readonly unknown[] | null;
  readonly args?: unknown;
  readonly baseline?: unknown;
};

/** @param outputDigest undefined: the row is open */
function rowOf(row: Compared, wakeAt: string | undefined, outputDigest: string | null | undefined): JsonObject {
  const { status, word, error, person, args, baseline } = row;
  const begun = { args: plain(args), baseline: plain(baseline) };
  if (outputDigest === undefined) return begun;
  // No verdicts are recorded in two ways.
  const verdicts = row.verdicts?.length ? row.verdicts : null;
  const ended = { status, word, error, person, verdicts, outputDigest };
  // Of a wait that is over its time is not kept; what a person has answered goes on at once.
  const all = { ...begun, ...ended, wakeAt: status === 'failed' && !person ? wakeAt : null };
  return Object.fromEntries(Object.entries(all).map(([name, value]): [string, JsonValue] => [name, plain(value)]));
}

function kindOf({ type, data }: RunEvent): string {
  const told = data !== null && typeof data === 'object' && !Array.isArray(data) ? data : {};
  if (type === 'step.done' && told['afterCrash'] === true) return 'recoveries';
  return KINDS[type] ?? 'endings';
}

const KINDS: Readonly<Record<string, string>> = {
  'step.started': 'starts',
  'step.waiting': 'starts',
  'step.skipped': 'conditions',
  'step.expanded': 'expansions',
  'step.retrying': 'retries',
  'step.unknown': 'recoveries',
  'step.done': 'outcomes',
  'step.failed': 'outcomes',
  'step.interrupted': 'outcomes',
  'step.cancelled': 'outcomes',
  'run.signal': 'signals',
};
