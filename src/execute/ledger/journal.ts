import { jsonDigest } from '#ir/digest.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Step } from '#ir/plan.js';
import type { ProofBody } from '#ir/proof.js';
import type { Answer } from '#ir/question.js';
import type { Baseline, Verdict, VerdictWord } from '#ir/verdict.js';
import type { Clock } from '#kit/clock.js';
import type { Called } from '../attempts/called.js';
import type { Prepared } from '../attempts/calls.js';
import { askFault, asOutput, type OpenQuestion } from '../decide/asking.js';
import { type Unit, WITHDRAWN } from '../decide/units.js';
import type { Held } from '../ports.js';
import type { Fault, Person, SignalRow, StoredVerdict } from '../records.js';
import { type Closing, finishedRow, NULL_DIGEST, type Opening, startedRow } from './rows.js';
import type { TurnBuilder } from './turn.js';

const withDigest = (output: JsonValue) => ({ output, output_digest: jsonDigest(output) });

type StepProof = Extract<ProofBody, { type: 'step' }>;

/** What a failed attempt was, or was not, tried again from: beside the step's own policy, all that decided. */
export interface RetryFacts {
  readonly random: number;
  /** Undefined: it is not tried again. */
  readonly waitMs: number | undefined;
  readonly retryable: boolean | undefined;
  readonly retryAfterMs: number | undefined;
}

const retryRecord = ({ random, waitMs, retryable, retryAfterMs }: RetryFacts): JsonObject => ({
  random,
  waitMs: waitMs ?? null,
  ...(retryable === undefined ? {} : { retryable }),
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

/** Writes what happened to units as rows, proofs and events of the turn. Says nothing about what follows from it. */
export class Journal {
  private readonly hearing: SignalRow[] = [];

  constructor(
    readonly turn: TurnBuilder,
    private readonly revision: number,
    private readonly clock: Clock,
  ) {}

  /** The write-ahead record of a tool call. */
  started(unit: Unit, prepared: Extract<Prepared, { kind: 'call' }>, at: Date): void {
    const baseline = prepared.baseline.map(({ body, ...entry }) =>
      body === undefined ? entry : { ...entry, evidence: this.turn.evidence(body, entry.evidence) },
    );
    this.open(unit.stepId, unit.item, unit.attempt, { status: 'running', args: prepared.args, baseline }, at);
    const { permitted } = prepared;
    this.turn.event(
      'step.started',
      this.at(unit),
      permitted ? { call: permitted.call, permitted: permitted.by.map((one) => ({ ...one })) } : undefined,
    );
  }

  /** A rate holds its call back, or does so no more. */
  held(unit: Unit, by: Held | null): void {
    if (by) this.turn.event('step.held', this.at(unit), { ...by });
    else this.turn.event('step.going', this.at(unit));
  }

  /** A wait for a person or for a time begins. */
  waiting(unit: Unit, args: JsonValue, wakeAt: Date | undefined): void {
    this.open(unit.stepId, unit.item, unit.attempt, { status: 'waiting', args, wakeAt });
    this.turn.event('step.waiting', this.at(unit), { until: wakeAt?.toISOString() ?? null });
  }

  skipped(unit: Unit, reason: string): void {
    this.open(unit.stepId, unit.item, unit.attempt, { status: 'skipped' });
    this.proveStep(unit, { outcome: 'skipped', word: '' });
    this.turn.event('step.skipped', this.at(unit), { reason });
  }

  /** The tool was never called: a precondition, a condition or an argument stood against it. */
  refused(unit: Unit, fault: Fault): void {
    this.open(unit.stepId, unit.item, unit.attempt, { status: 'failed', word: 'failed', fault });
    this.proveStep(unit, { outcome: 'failed', word: 'failed', error: fault.code });
    this.turn.event('step.failed', this.at(unit), { ...fault });
  }

  /** All items of a forEach are settled. */
  summed(step: Step, output: JsonValue, word: VerdictWord): void {
    this.open(step.id, -1, 1, { status: 'done', output, word });
    const unit = { stepId: step.id, item: -1, attempt: 1 };
    this.proveStep(unit, { outcome: 'done', word, outputDigest: jsonDigest(output) });
    this.turn.event('step.done', this.at(unit), { word });
  }

  /** A tool call ended. `wakeAt`: it failed and will be tried again then; `retry`: why, or why not. */
  called(
    unit: Unit,
    called: Called,
    baseline: readonly Baseline[],
    startedAt: Date,
    wakeAt: Date | undefined,
    retry?: RetryFacts,
  ): void {
    const status = called.ok ? 'done' : called.interrupted ? 'unknown' : 'failed';
    const verdicts = called.verdicts.map((v) => this.verdict(unit, v, baseline));
    const outputDigest = jsonDigest(called.output);
    const row = {
      status,
      output: called.output,
      output_digest: outputDigest,
      word: called.interrupted ? undefined : called.word,
      verdicts,
      error: called.fault ?? undefined,
      isolation: called.isolation,
      log_digest: called.logDigest ?? undefined,
      artefacts: called.artefacts.length > 0 ? called.artefacts : undefined,
      wake_at: wakeAt?.toISOString(),
    } as const;
    this.close(unit, row);
    this.proveStep(unit, {
      outcome: status,
      word: called.interrupted ? '' : called.word,
      outputDigest,
      startedAt: startedAt.toISOString(),
      isolation: called.isolation,
      ...(called.logDigest ? { logDigest: called.logDigest } : {}),
      ...(called.fault ? { error: called.fault.code } : {}),
      ...(called.artefacts.length > 0 ? { artefacts: [...called.artefacts] } : {}),
    });
    const type = called.ok
      ? 'step.done'
      : called.interrupted
        ? 'step.interrupted'
        : wakeAt
          ? 'step.retrying'
          : 'step.failed';
    this.turn.event(type, this.at(unit), {
      at: wakeAt?.toISOString() ?? null,
      word: called.word,
      error: called.fault ? { ...called.fault } : null,
      ...(retry ? { retry: retryRecord(retry) } : {}),
    });
  }

  /** An attempt that was cut short is proven by its verifiers after all. */
  proven(unit: Unit, verdicts: readonly Verdict[], baseline: readonly Baseline[]): void {
    const stored = verdicts.map((v) => this.verdict(unit, v, baseline));
    this.close(unit, { status: 'done', word: 'proven', verdicts: stored });
    this.proveStep(unit, { outcome: 'done', word: 'proven' });
    this.turn.event('step.done', this.at(unit), { word: 'proven', afterCrash: true });
  }

  /** An attempt that was cut short stays unknown: it runs again, or a person is asked. */
  cut(unit: Unit, fault: Fault): void {
    this.close(unit, { status: 'unknown', error: fault });
    this.proveStep(unit, { outcome: 'unknown', word: '', error: fault.code });
    this.turn.event('step.unknown', this.at(unit), { ...fault });
  }

  /** A wait is over: its time has come, or a person confirmed it. */
  waited(unit: Unit, output: JsonValue, person?: Person): void {
    this.close(unit, {
      status: 'done',
      output,
      output_digest: jsonDigest(output),
      word: 'exit code only',
      person,
    });
    this.proveStep(unit, {
      outcome: 'done',
      word: 'exit code only',
      outputDigest: jsonDigest(output),
      ...(person ? { person } : {}),
    });
    this.turn.event('step.done', this.at(unit), person ? { by: person.by, reason: person.reason } : null);
  }

  /** A call is over, and its step waits for an answer. What came of it is proven once that is known. */
  asked(unit: Unit, { asked, isolation, logDigest }: OpenQuestion): void {
    this.close(unit, {
      status: 'waiting',
      ended_at: null,
      ...withDigest(asOutput(asked)),
      error: askFault(asked),
      isolation,
      log_digest: logDigest ?? undefined,
    });
    this.turn.event('step.waiting', this.at(unit), { until: null, asks: asked.question.message });
  }

  /** Somebody has answered what an attempt asked: the attempt is over, and the next begins. */
  answered(unit: Unit, answer: Answer, person: Person): void {
    const { asked } = unit;
    if (!asked) return;
    const outcome =
      answer.action === 'accept' ? `${person.by} has answered.` : `${person.by} did not say: ${answer.action}.`;
    this.endAsking(unit, asked, { status: 'failed', outcome, answer, person });
    this.turn.event('step.answered', this.at(unit), { by: person.by, action: answer.action });
  }

  private endAsking(
    unit: Unit,
    { asked, startedAt, isolation, logDigest }: OpenQuestion,
    end: { status: 'failed' | 'cancelled'; outcome: string; answer?: Answer; person?: Person },
  ): void {
    const error = askFault(asked, end.outcome);
    const output = withDigest(asOutput(asked, end.answer));
    this.close(unit, {
      status: end.status,
      ...output,
      error,
      isolation,
      log_digest: logDigest ?? undefined,
      person: end.person,
      ...(end.answer ? { wake_at: this.clock.now().toISOString() } : {}),
    });
    this.proveStep(unit, {
      outcome: 'failed',
      word: 'failed',
      outputDigest: output.output_digest,
      startedAt: startedAt.toISOString(),
      isolation,
      error: error.code,
      ...(logDigest === null ? {} : { logDigest }),
      ...(end.person ? { person: end.person } : {}),
    });
  }

  /** A wait is called off: the run ends, or rolls back, before it is over. Where nothing was done, there is nothing to prove. */
  withdrawn(unit: Unit): void {
    if (unit.asked) return this.calledOff(unit, unit.asked, 'The run came to its end before anybody answered.');
    this.close(unit, { status: 'cancelled', error: WITHDRAWN });
    this.turn.event('step.cancelled', this.at(unit), { ...WITHDRAWN });
  }

  /** A person settles a unit that asks, without an answer: the attempt that asked is over. */
  unanswered(unit: Unit, person: Person): void {
    if (unit.asked) this.calledOff(unit, unit.asked, `${person.by} has settled it without an answer.`, person);
  }

  private calledOff(unit: Unit, asked: OpenQuestion, outcome: string, person?: Person): void {
    this.endAsking(unit, asked, { status: 'cancelled', outcome, ...(person ? { person } : {}) });
    this.turn.event('step.cancelled', this.at(unit), { ...askFault(asked.asked, outcome) });
  }

  /**
   * A person's word settles a unit: a record of its own, the attempts before it stay as they were.
   *
   * @param endsWait its last attempt is a wait, which is over by that
   */
  resolved(unit: Unit, as: 'done' | 'failed' | 'skip', person: Person, endsWait: boolean): void {
    const status = as === 'skip' ? 'skipped' : as;
    const word: VerdictWord = as === 'done' ? 'exit code only' : 'failed';
    const row = { status, person, ...(as === 'skip' ? {} : { word }) } as const;
    if (endsWait) this.close(unit, row);
    else this.open(unit.stepId, unit.item, unit.attempt, row);
    this.proveStep(unit, { outcome: status, word: as === 'skip' ? '' : word, person });
    this.turn.event(`step.${status}`, this.at(unit), { by: person.by, reason: person.reason });
  }

  /** A signal that is done with at once. */
  signal(signal: SignalRow): void {
    this.told(signal);
    this.consumed(signal);
  }

  /**
   * A signal whose wish takes time. It stays open until `obeyed`: whoever takes the run over in the meantime must obey it
   * as well, and hears it anew.
   */
  heard(signal: SignalRow): void {
    this.told(signal);
    this.hearing.push(signal);
  }

  /** What the signals that were heard wished for has come about. */
  obeyed(): void {
    for (const signal of this.hearing.splice(0)) this.consumed(signal);
  }

  private told({ kind, sent_by: by, payload: { reason, step } }: SignalRow): void {
    this.turn.event('run.signal', step ? { step } : {}, { kind, by, reason, outcome: 'applied' });
  }

  private consumed({ id, kind, sent_by: by, payload: { reason, step } }: SignalRow): void {
    this.turn.consume(id, 'applied');
    this.turn.prove({ type: 'signal', kind, by, reason, ...(step ? { step } : {}) });
  }

  private at(unit: Pick<Unit, 'stepId' | 'item' | 'attempt'>) {
    return { step: unit.stepId, item: unit.item, attempt: unit.attempt };
  }

  private open(step: string, item: number, attempt: number, row: Opening, at = this.clock.now()): void {
    this.turn.start(startedRow({ step, item, attempt, revision: this.revision }, row, at));
  }

  private close(unit: Unit, row: Closing): void {
    const { stepId: step, item, attempt } = unit;
    this.turn.finish(finishedRow({ step, item, attempt, revision: this.revision }, row, this.clock.now()));
  }

  private verdict(unit: Unit, verdict: Verdict, baseline: readonly Baseline[]): StoredVerdict {
    const evidence = this.turn.evidence(verdict.evidence);
    const before = baseline.find((b) => b.verifierId === verdict.verifierId);
    // In the order of the canonical form, here and in `proveStep`: see `canonicalJson`.
    this.turn.prove({
      attempt: unit.attempt,
      baseline: { evidence: before?.evidence, state: before?.state ?? 'unknown' },
      basis: verdict.basis,
      evidence,
      item: unit.item,
      kind: verdict.kind,
      passed: verdict.passed,
      proven: verdict.proven,
      required: verdict.required,
      revision: this.revision,
      step: unit.stepId,
      type: 'verdict',
      verifier: verdict.verifierId,
    });
    return { ...verdict, evidence };
  }

  private proveStep(
    unit: Pick<Unit, 'stepId' | 'item' | 'attempt'>,
    proof: Partial<StepProof> & Pick<StepProof, 'outcome' | 'word'>,
  ): void {
    const now = this.clock.now().toISOString();
    this.turn.prove({
      artefacts: proof.artefacts,
      attempt: unit.attempt,
      endedAt: now,
      error: proof.error,
      isolation: proof.isolation ?? 'none',
      item: unit.item,
      logDigest: proof.logDigest,
      outcome: proof.outcome,
      outputDigest: proof.outputDigest ?? NULL_DIGEST,
      person: proof.person,
      revision: this.revision,
      startedAt: proof.startedAt ?? now,
      step: unit.stepId,
      type: 'step',
      word: proof.word,
    });
  }
}
