import type { CallContext, CheckResult, ToolResult, VerifierKind } from '#ir/calls.js';
import { cleanJson } from '#ir/clean.js';
import { jsonDigest } from '#ir/digest.js';
import { namesEffect, needsOutput, render } from '#ir/expressions.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Plan, RollbackStep, Step, Verifier } from '#ir/plan.js';
import type { ArtefactRef } from '#ir/proof.js';
import { type Baseline, proofBasis, stepWord, type Verdict, type VerdictWord, verdictWord } from '#ir/verdict.js';
import { asOpsroomError, OpsroomError } from '#kit/errors.js';
import type { LogStore, StepLogWriter } from './logs/logs.js';
import type { Ports } from './ports.js';
import type { Fault, RunRow } from './records.js';
import { idempotencyKey, type RunScope } from './scope.js';
import type { Unit } from './units.js';

/** What is known of a unit before its tool is called. */
export type Prepared =
  | { readonly kind: 'skip' }
  | { readonly kind: 'wait'; readonly args: JsonValue; readonly wakeAt: Date | undefined }
  | { readonly kind: 'refuse'; readonly fault: Fault }
  | {
      readonly kind: 'call';
      readonly args: JsonValue;
      readonly baseline: readonly (Baseline & { readonly body?: JsonValue })[];
    };

/** What a call came to. `interrupted`: ended from outside, nobody knows how far it came. */
export interface Called {
  readonly ok: boolean;
  readonly interrupted: boolean;
  readonly fault: Fault | null;
  readonly retryable: boolean | undefined;
  readonly retryAfterMs: number | undefined;
  readonly output: JsonValue;
  readonly verdicts: readonly Verdict[];
  readonly word: VerdictWord;
  readonly isolation: string;
  readonly logDigest: string | null;
  readonly artefacts: readonly ArtefactRef[];
}

const DEFAULT_TIMEOUT_MS = 600_000;
const OUTPUT_CAP = 1_048_576;

export const faultOf = (thrown: unknown, fallback: 'STEP_FAILED' | 'INTERNAL' = 'STEP_FAILED'): Fault =>
  asOpsroomError(thrown, fallback).toJSON();

/** Runs attempts of one run: looks before, calls the tool, judges after. Knows nothing of the ledger. */
export class Attempts {
  constructor(
    private readonly plan: Plan,
    private readonly run: RunRow,
    private readonly scope: RunScope,
    private readonly ports: Ports,
    private readonly logs: LogStore,
    /** The element of a forEach's list that an item stands for. */
    private readonly element: (unit: Unit) => JsonValue,
  ) {}

  /** Condition, arguments, preconditions and baseline, in that order; stops at the first that says no. */
  async prepare(unit: Unit, signal: AbortSignal): Promise<Prepared> {
    try {
      const step = unit.step;
      const scope = this.scope.at(unit, { revision: this.run.revision, element: this.element(unit) });
      if ('if' in step && step.if !== undefined && !truth(render(bare(step.if), scope), unit)) return { kind: 'skip' };
      const args = render(step.args, scope) as JsonObject;
      if (step.kind === 'system') return { kind: 'wait', args, wakeAt: this.wakeAt(step.action, args) };
      const missing = step.preconditions.length > 0 ? await this.firstMissing(unit, signal) : undefined;
      if (missing) return { kind: 'refuse', fault: missing };
      return { kind: 'call', args, baseline: await this.baseline(unit, signal) };
    } catch (error) {
      return { kind: 'refuse', fault: faultOf(error) };
    }
  }

  private wakeAt(action: string, args: JsonObject): Date | undefined {
    if (action !== 'wait') return undefined;
    if (typeof args['durationMs'] === 'number') return new Date(this.ports.clock.now().getTime() + args['durationMs']);
    return new Date(String(args['until']));
  }

  private async firstMissing(unit: Unit, signal: AbortSignal): Promise<Fault | undefined> {
    const { values } = await this.ports.secrets();
    const context = this.context(unit, signal, () => undefined);
    const scope = this.scope.at(unit, { secrets: values, revision: this.run.revision, element: this.element(unit) });
    for (const precondition of unit.step.preconditions) {
      const rendered =
        typeof precondition === 'string'
          ? precondition
          : { ...precondition, config: render(precondition.config, scope) as JsonObject };
      const verdict = await this.ports.checkPrecondition(rendered, context, new Set(Object.keys(values)));
      if (!verdict.ok) {
        return new OpsroomError('PRECONDITION_FAILED', {
          what: verdict.missing,
          where: `step ${unit.key}`,
          mend: verdict.mend,
        }).toJSON();
      }
    }
    return undefined;
  }

  /** One look by every verifier before the tool runs: a check that passes already proves nothing afterwards. */
  private async baseline(unit: Unit, signal: AbortSignal): Promise<(Baseline & { body?: JsonValue })[]> {
    const verifiers = verifiersOf(unit.step);
    if (verifiers.length === 0) return [];
    const { values, mask } = await this.ports.secrets();
    const context = this.context(unit, signal, () => undefined);
    return Promise.all(
      verifiers.map(async (verifier) => {
        const kind = this.kind(verifier);
        const known = baselineWithoutLooking(verifier, kind, unit.step);
        if (known) return { verifierId: verifier.id, ...known };
        const scope = this.scope.at(unit, {
          secrets: values,
          revision: this.run.revision,
          element: this.element(unit),
        });
        const config = render(verifier.config, scope) as JsonObject;
        const found = await look(kind, { config, output: undefined, startedAt: undefined, phase: 'baseline' }, context);
        const body = mask.json(found.evidence);
        const state = found.passed ? ('passed' as const) : ('failed' as const);
        return { verifierId: verifier.id, state, summary: mask.text(found.summary), evidence: jsonDigest(body), body };
      }),
    );
  }

  /** Calls the tool and lets the verifiers judge. Never rejects. */
  async call(unit: Unit, baseline: readonly Baseline[], startedAt: Date, signal: AbortSignal): Promise<Called> {
    const { values, mask } = await this.ports.secrets();
    const log = this.logs.writer(this.attemptId(unit), mask);
    const timeoutMs = unit.step.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const limit = withTimeout(signal, timeoutMs, unit.key);
    try {
      const context = this.context(unit, limit.signal, (stream, chunk) => log.write(stream, chunk));
      const result = await this.callTool(unit, values, context);
      const judged = await this.judge(unit, result, baseline, startedAt, context, values);
      const logged = await log.close();
      return this.sum(judged, signal, mask, logged?.digest ?? null);
    } catch (error) {
      return this.broken(error, signal, log);
    } finally {
      limit.clear();
    }
  }

  private async callTool(
    unit: Unit,
    secrets: Readonly<Record<string, string>>,
    context: CallContext,
  ): Promise<ToolResult> {
    const tool = this.ports.tools.get(unit.step.tool ?? '');
    if (!tool)
      throw new OpsroomError('STEP_FAILED', {
        what: `There is no tool "${unit.step.tool}" in this room.`,
        where: `step ${unit.key}`,
      });
    const scope = this.scope.at(unit, { secrets, revision: this.run.revision, element: this.element(unit) });
    const result = await tool.run(unit.step.action, render(unit.step.args, scope) as JsonObject, context);
    return { ...result, output: cleanJson(result.output, { maxSize: OUTPUT_CAP }) };
  }

  private async judge(
    unit: Unit,
    result: ToolResult,
    baseline: readonly Baseline[],
    startedAt: Date,
    context: CallContext,
    secrets: Readonly<Record<string, string>>,
  ) {
    const output = result.ok ? this.outputs(unit, result.output) : result.output;
    const verdicts = result.ok ? await this.verdicts(unit, output, baseline, startedAt, context, secrets) : [];
    const files = [...(result.artefacts ?? []), ...(result.ok ? (unit.step.artefacts ?? []) : [])];
    const artefacts = files.length > 0 ? await this.ports.keepArtefacts(context.id, context.workspace, files) : [];
    return { result, output, verdicts, artefacts };
  }

  /** The step's output: what its `outputs` name, or all that the tool said. */
  private outputs(unit: Unit, output: JsonValue): JsonValue {
    if (!unit.step.outputs) return output;
    const scope = this.scope.at(unit, { output, revision: this.run.revision, element: this.element(unit) });
    return cleanJson(render(unit.step.outputs, scope), { maxSize: OUTPUT_CAP });
  }

  /** Asks the verifiers after the tool ran, or, with no output, after a crash. */
  async verdicts(
    unit: Unit,
    output: JsonValue | undefined,
    baseline: readonly Baseline[],
    startedAt: Date,
    context: CallContext,
    secrets: Readonly<Record<string, string>>,
  ): Promise<Verdict[]> {
    return Promise.all(
      verifiersOf(unit.step).map(async (verifier) => {
        const kind = this.kind(verifier);
        const scope = this.scope.at(unit, {
          secrets,
          output: output ?? null,
          revision: this.run.revision,
          element: this.element(unit),
        });
        const config = render(verifier.config, scope) as JsonObject;
        const found = await look(kind, { config, output, startedAt, phase: 'verdict' }, context);
        const before = baseline.find((b) => b.verifierId === verifier.id)?.state ?? 'unknown';
        const effect = kind.contract.subject(verifier.config) === 'outside' && namesEffect(verifier, kind.contract);
        const basis = proofBasis(found.passed, before, effect);
        const word = verdictWord(found.passed, basis);
        const { id: verifierId, required } = verifier;
        return {
          verifierId,
          kind: verifier.kind,
          required,
          passed: found.passed,
          proven: basis !== 'none',
          basis,
          word,
          summary: found.summary,
          evidence: found.evidence,
        };
      }),
    );
  }

  /** After a crash: do the verifiers prove the attempt that was cut short? */
  async proveCut(
    unit: Unit,
    baseline: readonly Baseline[],
    startedAt: Date,
    signal: AbortSignal,
  ): Promise<{ proven: boolean; verdicts: Verdict[] }> {
    const { values, mask } = await this.ports.secrets();
    if (
      verifiersOf(unit.step).some(
        (v) => v.required && (needsOutput(v) || this.kind(v).contract.subject(v.config) === 'output'),
      )
    ) {
      return { proven: false, verdicts: [] };
    }
    try {
      const found = await this.verdicts(
        unit,
        undefined,
        baseline,
        startedAt,
        this.context(unit, signal, () => undefined),
        values,
      );
      const verdicts = found.map((v) => maskVerdict(v, mask));
      return { proven: stepWord(verdicts) === 'proven', verdicts };
    } catch {
      return { proven: false, verdicts: [] };
    }
  }

  private sum(
    judged: { result: ToolResult; output: JsonValue; verdicts: readonly Verdict[]; artefacts: readonly ArtefactRef[] },
    signal: AbortSignal,
    mask: { text(t: string): string; json<T>(v: T): T },
    logDigest: string | null,
  ): Called {
    const { result } = judged;
    const verdicts = judged.verdicts.map((v) => maskVerdict(v, mask));
    const failed = verdicts.find((v) => v.required && !v.passed);
    const ok = result.ok && !failed;
    const interrupted = !ok && signal.aborted;
    const fault = ok
      ? null
      : interrupted
        ? faultOf(signal.reason)
        : failed
          ? verifierFault(failed)
          : toolFault(result, mask);
    return {
      ok,
      interrupted,
      fault,
      retryable: failed ? undefined : result.error?.retryable,
      retryAfterMs: result.retryAfterMs,
      output: mask.json(judged.output),
      verdicts,
      word: ok ? stepWord(verdicts) : 'failed',
      isolation: result.isolation,
      logDigest,
      artefacts: judged.artefacts,
    };
  }

  private async broken(error: unknown, signal: AbortSignal, log: StepLogWriter): Promise<Called> {
    const { mask } = await this.ports.secrets();
    const logged = await log.close().catch(() => undefined);
    const fault = mask.json(faultOf(signal.aborted ? signal.reason : error));
    return {
      ok: false,
      interrupted: signal.aborted,
      fault,
      retryable: undefined,
      retryAfterMs: undefined,
      output: null,
      verdicts: [],
      word: 'failed',
      isolation: 'none',
      logDigest: logged?.digest ?? null,
      artefacts: [],
    };
  }

  private kind(verifier: Verifier): VerifierKind {
    const kind = this.ports.verifiers.get(verifier.kind);
    if (!kind)
      throw new OpsroomError('VERIFIER_FAILED', {
        what: `There is no verifier of kind "${verifier.kind}" in this room.`,
        where: verifier.id,
      });
    return kind;
  }

  private attemptId(unit: Unit) {
    return {
      org: this.run.org_id,
      runId: this.run.id,
      stepId: unit.stepId,
      item: unit.item,
      revision: this.run.revision,
      attempt: unit.attempt,
    };
  }

  private context(unit: Unit, signal: AbortSignal, log: CallContext['log']): CallContext {
    const key = idempotencyKey(this.run.id, unit, this.run.revision);
    const own = {
      OPSROOM_RUN_ID: this.run.id,
      OPSROOM_STEP_ID: unit.stepId,
      OPSROOM_IDEMPOTENCY_KEY: key,
      OPSROOM_ATTEMPT: String(unit.attempt),
    };
    const sandbox = unit.step.sandbox;
    return {
      id: this.attemptId(unit),
      idempotencyKey: key,
      workspace: this.run.workspace.path,
      env: { ...this.ports.stepEnv, ...own },
      signal,
      timeoutMs: unit.step.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      isolation: { level: sandbox?.level ?? 'none', network: sandbox ? sandbox.network : true },
      allowAddresses: this.plan.target?.allowAddresses ?? [],
      readOnly: unit.step.readOnly ?? false,
      log,
    };
  }
}

/** The verifiers of a step, its outputSchema among them. */
export function verifiersOf(step: Step | RollbackStep): Verifier[] {
  if (step.outputSchema === undefined) return step.verifiers;
  return [
    ...step.verifiers,
    { id: 'outputSchema', kind: 'json_schema', config: { schema: step.outputSchema }, required: true },
  ];
}

/**
 * The baseline of checks that need no look. A check of the tool's own output proves a step that changes nothing (the
 * output is its effect, and there was none before); of a step that changes something it is only the tool's word.
 */
function baselineWithoutLooking(
  verifier: Verifier,
  kind: VerifierKind,
  step: Step | RollbackStep,
): Pick<Baseline, 'state' | 'summary'> | undefined {
  if (kind.contract.subject(verifier.config) === 'output') {
    return step.readOnly
      ? { state: 'failed', summary: 'no output before the step' }
      : { state: 'unknown', summary: 'judges what the tool says' };
  }
  if (needsOutput(verifier)) return { state: 'unknown', summary: 'names the output of the step' };
  return step.readOnly ? { state: 'unknown', summary: 'the step changes nothing' } : undefined;
}

/** A check that breaks has not passed, and says so as its evidence. */
async function look(
  kind: VerifierKind,
  input: Parameters<VerifierKind['check']>[0],
  context: CallContext,
): Promise<CheckResult> {
  try {
    const config = kind.contract.config.parse(input.config);
    const found = await kind.check({ ...input, config }, context);
    return { ...found, evidence: cleanJson(found.evidence, { maxSize: OUTPUT_CAP }) };
  } catch (error) {
    const fault = faultOf(error);
    return { passed: false, summary: fault.message, evidence: { error: fault.message } };
  }
}

function withTimeout(outer: AbortSignal, ms: number, key: string): { signal: AbortSignal; clear(): void } {
  const own = new AbortController();
  const timer = setTimeout(() => own.abort(new OpsroomError('STEP_TIMEOUT', { where: `step ${key}, ${ms} ms` })), ms);
  return { signal: AbortSignal.any([outer, own.signal]), clear: () => clearTimeout(timer) };
}

function maskVerdict(verdict: Verdict, mask: { text(t: string): string; json<T>(v: T): T }): Verdict {
  return { ...verdict, summary: mask.text(verdict.summary), evidence: mask.json(verdict.evidence) };
}

function verifierFault(verdict: Verdict): Fault {
  return new OpsroomError('VERIFIER_FAILED', {
    what: `Verifier "${verdict.verifierId}" did not pass: ${verdict.summary}`,
  }).toJSON();
}

function toolFault(result: ToolResult, mask: { text(t: string): string }): Fault {
  const fault = new OpsroomError('STEP_FAILED', {
    what: mask.text(result.error?.message ?? 'The tool failed.'),
  }).toJSON();
  return { ...fault, code: result.error?.code ?? fault.code };
}

const bare = (condition: string): string => (condition.includes('{{') ? condition : `{{ ${condition} }}`);

function truth(value: JsonValue, unit: Unit): boolean {
  if (typeof value === 'boolean') return value;
  throw new OpsroomError('PLAN_EXPRESSION', {
    what: `The condition gives ${JSON.stringify(value)}, not true or false.`,
    where: `step ${unit.key}, if`,
  });
}
