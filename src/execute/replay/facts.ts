import type { Asked, CheckResult } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import { stepWord, type Verdict } from '#ir/verdict.js';
import { createMask } from '#observe/redact.js';
import { answered, type Called, faultOf } from '../attempts/called.js';
import type { Calls, Known, Prepared } from '../attempts/calls.js';
import { verifiersOf } from '../attempts/judge.js';
import { judged } from '../attempts/judged.js';
import { listsOf, type Readied, readied } from '../attempts/readied.js';
import type { Unit } from '../decide/units.js';
import type { RetryFacts } from '../ledger/journal.js';
import type { Fault, RollbackBegun, RollbackCause, RunRow } from '../records.js';
import type { RunEvent } from '../views/store.js';
import type { Proof, RecordedAttempt, RecordedRun, ReplayPorts } from './recorded.js';

/** What came from outside at one moment of a run: what a tool said, what a verifier saw, what a machine lacked. */
export interface Fact {
  readonly event: RunEvent;
  /** As it ended up; undefined: there is none. */
  readonly row: RecordedAttempt | undefined;
  readonly verdicts: readonly Proof<'verdict'>[];
  readonly proof: Proof<'step'> | undefined;
}

type FactPorts = Pick<ReplayPorts, 'tools' | 'verifiers'>;

/** Of refusals, the one that nothing but the rules comes to; any other may be what a machine or a server said. */
const DECIDED = 'TOOL_NOT_ALLOWED';
const CLOCKS_APART_MS = 1000;

/** Answers a run's flow from the records. Nothing is called, and nothing is looked at. */
export class RecordedCalls implements Calls {
  fact: Fact | undefined;

  constructor(
    private readonly recorded: Pick<RecordedRun, 'plan'> & { readonly run: RunRow },
    private readonly ports: FactPorts,
    private readonly known: Known,
    private readonly now: () => Date,
  ) {}

  load(): void {
    // What steps have left running is no matter here.
  }

  async prepare(unit: Unit): Promise<Prepared> {
    try {
      return this.withFacts(this.readied(unit));
    } catch (error) {
      return { kind: 'refuse', fault: faultOf(error) };
    }
  }

  private readied(unit: Unit): Readied {
    const { run, plan } = this.recorded;
    const output = this.known.undone(unit);
    const shown = this.known.scope.at(unit, {
      ...(output === undefined ? {} : { output }),
      revision: run.revision,
      element: this.known.element(unit),
    });
    return readied(unit, { shown, lists: listsOf(plan, run), tools: this.ports.tools, now: this.now() });
  }

  private withFacts(ready: Readied): Prepared {
    const { event, row } = this.fact ?? {};
    if (ready.kind === 'skip') return ready;
    if (ready.kind === 'wait') return { ...ready, wakeAt: asBegun(ready.wakeAt, event, ready.args) };
    const refusal = event?.type === 'step.failed' ? (event.data as unknown as Fault) : undefined;
    if (refusal && refusal.code !== DECIDED) return { kind: 'refuse', fault: refusal };
    return { ...ready, baseline: row?.baseline ?? [] };
  }

  async call(): Promise<never> {
    throw new Error('a replay calls nothing');
  }

  async proveCut(unit: Unit): Promise<{ proven: boolean; verdicts: Verdict[] }> {
    if (!this.fact || this.fact.event.type !== 'step.done') return { proven: false, verdicts: [] };
    const verdicts = judgedAnew(unit, this.fact, this.ports);
    return { proven: stepWord(verdicts) === 'proven', verdicts };
  }
}

/**
 * A wait for some time counts from when it was decided, which was a moment before it was written down; a worker's clock
 * that is held to the database's may have been set back in between. The row keeps its time no longer once it is over.
 */
function asBegun(decided: Date | undefined, event: RunEvent | undefined, args: JsonObject): Date | undefined {
  const until = Date.parse(String(Object(event?.data)['until']));
  if (typeof args['durationMs'] !== 'number' || !decided || Number.isNaN(until)) return decided;
  return until <= decided.getTime() + CLOCKS_APART_MS ? new Date(until) : decided;
}

/** What the recorded looks prove by the rules: the looks are facts, what they prove is not. */
export function judgedAnew(
  unit: Unit,
  { verdicts, row }: Fact,
  { verifiers }: Pick<FactPorts, 'verifiers'>,
): Verdict[] {
  const baseline = row?.baseline ?? [];
  return verifiersOf(unit.step).flatMap((verifier) => {
    const seen = verdicts.find(({ verifier: id }) => id === verifier.id);
    if (!seen) return [];
    const summary = row?.verdicts?.find(({ verifierId }) => verifierId === verifier.id)?.summary ?? '';
    const found: Pick<CheckResult, 'passed' | 'summary' | 'evidence'> = {
      passed: seen.passed,
      summary,
      evidence: seen.evidence,
    };
    // A kind that this room no longer has cannot say what it compares: what it said then is taken at its word.
    const contract = verifiers.get(verifier.kind)?.contract ?? {
      subject: () => 'outside' as const,
      expectation: seen.basis === 'names-effect' ? Object.keys(verifier.config) : [],
    };
    return [judged(verifier, contract, found, { baseline, attempt: unit.attempt })];
  });
}

/** A call as it came back, judged anew. */
export function calledAnew(unit: Unit, fact: Fact, ports: FactPorts): Called {
  const { event, row, proof } = fact;
  if (event.type === 'step.waiting') return askedAnew(fact);
  const verdicts = judgedAnew(unit, fact, ports);
  const interrupted = event.type === 'step.interrupted';
  const isolation = (proof?.isolation ?? 'none') as never;
  const came = {
    output: row?.output ?? null,
    logDigest: proof?.logDigest ?? null,
    artefacts: [...(row?.artefacts ?? [])],
  };
  const { retryable, retryAfterMs } = retryFacts(event) ?? {};
  const outer = interrupted ? AbortSignal.abort() : new AbortController().signal;
  if (verdicts.length > 0 || proof?.outcome === 'done') {
    const result = { ok: true, output: null, isolation };
    const judgment = answered(result, verdicts, outer, NO_MASK);
    return { ...judgment, ...came, ...(judgment.interrupted ? { fault: faultIn(event) } : {}) };
  }
  const fault = faultIn(event);
  const failed = { ok: false, asks: undefined, verdicts, word: 'failed' } as const;
  return { ...failed, interrupted, fault, retryable, retryAfterMs, isolation, ...came };
}

/** A call that came back with a question for a person. */
function askedAnew({ row }: Fact): Called {
  const output = row?.output ?? null;
  return {
    ok: false,
    interrupted: false,
    fault: row?.error ?? null,
    retryable: undefined,
    retryAfterMs: undefined,
    asks: output as unknown as Asked,
    output,
    verdicts: [],
    word: 'failed',
    isolation: row?.isolation ?? 'none',
    logDigest: row?.logDigest ?? null,
    artefacts: [],
  };
}

/** What is recorded was masked then. */
const NO_MASK = createMask([]);

function faultIn({ data }: RunEvent): Fault | null {
  if (data === null || typeof data !== 'object' || Array.isArray(data)) return null;
  return (data['error'] ?? null) as unknown as Fault | null;
}

/** How a rollback began, as its event tells whoever takes the run over. */
export function rollbackIn(event: RunEvent): RollbackBegun {
  const { cause } = Object(event.data) as { readonly cause?: RollbackCause };
  return { cause: cause ?? 'request', fault: faultIn(event) ?? undefined };
}

/** What decided whether a failed attempt was tried again; undefined: its step has no such policy, or an older version wrote it. */
export function retryFacts({ data }: RunEvent): RetryFacts | undefined {
  if (data === null || typeof data !== 'object' || Array.isArray(data)) return undefined;
  const { retry } = data;
  if (retry === undefined || retry === null || typeof retry !== 'object' || Array.isArray(retry)) return undefined;
  const { random, waitMs, retryable, retryAfterMs } = retry;
  return {
    random: typeof random === 'number' ? random : 0,
    waitMs: typeof waitMs === 'number' ? waitMs : undefined,
    retryable: typeof retryable === 'boolean' ? retryable : undefined,
    retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : undefined,
  };
}
