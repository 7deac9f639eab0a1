import type { CheckResult, VerifierContract } from '#ir/calls.js';
import { namesEffect } from '#ir/expressions.js';
import type { Verifier } from '#ir/plan.js';
import { type Baseline, proofBasis, type Verdict, verdictWord } from '#ir/verdict.js';

/** What a check was held against: what was seen before the tool ran, and in which attempt. */
export interface Against {
  readonly baseline: readonly Baseline[];
  readonly attempt: number;
}

/** What a look after the tool ran proves, held against the look before it. */
export function judged(
  verifier: Verifier,
  contract: Pick<VerifierContract, 'subject' | 'expectation'>,
  { passed, summary, evidence }: Pick<CheckResult, 'passed' | 'summary' | 'evidence'>,
  { baseline, attempt }: Against,
): Verdict {
  const state = baseline.find((b) => b.verifierId === verifier.id)?.state ?? 'unknown';
  // What passed before the first attempt says what it was told to, whatever the step did.
  const echo = state === 'passed' && attempt === 1;
  const outside = contract.subject(verifier.config) === 'outside';
  const basis = proofBasis(passed, state, outside && !echo && namesEffect(verifier, contract));
  // In the order in which the server keeps them.
  return {
    kind: verifier.kind,
    word: verdictWord(passed, basis),
    basis,
    passed,
    proven: basis !== 'none',
    summary,
    evidence,
    required: verifier.required,
    verifierId: verifier.id,
  };
}
