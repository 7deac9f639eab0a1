import type { CallContext, CheckResult, VerifierKind } from '#ir/calls.js';
import { cleanJson } from '#ir/clean.js';
import { jsonDigest } from '#ir/digest.js';
import { needsOutput, needsStart, render, type Scope } from '#ir/expressions.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { RollbackStep, Step, Verifier } from '#ir/plan.js';
import { type Baseline, stepWord, type Verdict } from '#ir/verdict.js';
import { asOpsroomError, OpsroomError } from '#kit/errors.js';
import type { Mask } from '#observe/redact.js';
import type { Ports, RunSecrets } from '../ports.js';
import { judged } from './judged.js';
import { admitted } from './sending.js';
import { told } from './told.js';

/** A baseline with the evidence it was taken from. */
export type Look = Baseline & { readonly body?: JsonValue };

export interface Judging {
  readonly step: Step | RollbackStep;
  /** Expressions of the verifiers' configs, with the real secrets. */
  readonly scope: Scope;
  readonly context: CallContext;
  readonly mask: Mask;
  /** Left out where the plan names none. */
  readonly secrets?: Pick<RunSecrets, 'admit' | 'isBound'>;
}

/** What was seen before, and when the attempt began. */
export interface Before {
  readonly baseline: readonly Baseline[];
  readonly startedAt: Date;
  /** The same by the clock that stamps this machine's files. */
  readonly stampedFrom?: Date;
}

const EVIDENCE_CAP = 1_048_576;

/** The verifiers of a step, its outputSchema among them. */
export function verifiersOf(step: Step | RollbackStep): Verifier[] {
  if (step.outputSchema === undefined) return step.verifiers;
  const output: Verifier = {
    id: 'outputSchema',
    kind: 'json_schema',
    config: { schema: step.outputSchema },
    required: true,
  };
  return [...step.verifiers, output];
}

/** Lets verifiers look before and after a step. What they see is masked before anybody else does. */
export class Judge {
  constructor(private readonly kinds: Ports['verifiers']) {}

  /** One look by every verifier before the tool runs: a check that passes already proves nothing afterwards. */
  baseline(judging: Judging): Promise<Look[]> {
    const { step, mask } = judging;
    return Promise.all(
      verifiersOf(step).map(async (verifier) => {
        const kind = this.kind(verifier);
        const known = withoutLooking(verifier, kind, step);
        if (known) return { verifierId: verifier.id, ...known };
        const { config, context } = await this.admittedConfig(verifier, judging);
        const found = await look(kind, { config, output: undefined, startedAt: undefined, phase: 'baseline' }, context);
        const body = mask.json(found.evidence);
        // A look that could not be made shows nothing: counted as failed, it would make a proof out of a timeout.
        const state = found.inconclusive ? 'unknown' : found.passed ? 'passed' : 'failed';
        return { state, summary: mask.text(found.summary), evidence: jsonDigest(body), verifierId: verifier.id, body };
      }),
    );
  }

  /** Asks the verifiers after the tool ran. `output` is undefined after a crash: it went with the worker. */
  verdicts(judging: Judging, output: JsonValue | undefined, before: Before): Promise<Verdict[]> {
    const { step, mask } = judging;
    const startedAt = before.stampedFrom ?? before.startedAt;
    return Promise.all(
      verifiersOf(step).map(async (verifier) => {
        const kind = this.kind(verifier);
        const { config, context } = await this.admittedConfig(verifier, judging);
        const found = await look(kind, { config, output, startedAt, phase: 'verdict' }, context);
        const seen = { ...found, summary: mask.text(found.summary), evidence: mask.json(found.evidence) };
        const verdict = judged(verifier, kind.contract, seen, { ...before, attempt: context.id.attempt });
        const looked = before.baseline.find(({ verifierId }) => verifierId === verifier.id);
        return { ...verdict, summary: told(verdict, looked) };
      }),
    );
  }

  /** After a crash: do the verifiers prove the attempt that was cut short? What they need of its output is gone. */
  async proveCut(judging: Judging, before: Before): Promise<{ proven: boolean; verdicts: Verdict[] }> {
    const blind = (v: Verifier) => needsOutput(v) || this.kind(v).contract.subject(v.config) === 'output';
    try {
      if (verifiersOf(judging.step).some((v) => v.required && blind(v))) return { proven: false, verdicts: [] };
      const verdicts = await this.verdicts(judging, undefined, before);
      return { proven: stepWord(verdicts) === 'proven', verdicts };
    } catch {
      return { proven: false, verdicts: [] };
    }
  }

  /** The rendered config of a check and the context that it is given, once its secrets may go where it sends them. */
  async admittedConfig(check: Pick<Verifier, 'id' | 'kind' | 'config'>, { scope, context, secrets }: Judging) {
    const config = render(check.config, scope) as JsonObject;
    const { sends } = this.kind(check).contract;
    return { config, context: await admitted({ written: check.config, rendered: config, sends }, context, secrets) };
  }

  private kind(verifier: Pick<Verifier, 'id' | 'kind'>): VerifierKind {
    const kind = this.kinds.get(verifier.kind);
    if (kind) return kind;
    const what = `There is no verifier of kind "${verifier.kind}" in this room.`;
    throw new OpsroomError('VERIFIER_FAILED', { what, where: verifier.id });
  }
}

/**
 * The baseline of checks that need no look. A check of the tool's own output proves a step that changes nothing (the
 * output is its effect, and there was none before); of a step that changes something it is only the tool's word.
 */
function withoutLooking(
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
  if (needsStart(verifier)) return { state: 'unknown', summary: 'names when the step started' };
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
    // A verifier may come from outside and leave it out.
    const evidence: JsonValue | undefined = found.evidence;
    return { ...found, evidence: cleanJson(evidence ?? null, { maxSize: EVIDENCE_CAP }) };
  } catch (error) {
    const { message } = asOpsroomError(error, 'VERIFIER_FAILED');
    return { passed: false, inconclusive: true, summary: message, evidence: { error: message } };
  }
}
