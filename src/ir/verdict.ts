import type { JsonValue } from './json.js';

/** The exact words that every view uses. */
export const VERDICT_WORDS = ['proven', 'holds, not proven by this step', 'exit code only', 'failed'] as const;
export type VerdictWord = (typeof VERDICT_WORDS)[number];

/** Why a passing verifier counts as proof, or does not. */
export type ProofBasis = 'failed-before' | 'names-effect' | 'none';

/** The look before the tool ran, kept in the write-ahead record. `unknown`: it could not be made before. */
export interface Baseline {
  readonly verifierId: string;
  readonly state: 'failed' | 'passed' | 'unknown';
  readonly summary: string;
  /** SHA-256 of the evidence, hex. */
  readonly evidence?: string;
}

export interface Verdict {
  readonly verifierId: string;
  readonly kind: string;
  readonly required: boolean;
  readonly passed: boolean;
  readonly proven: boolean;
  readonly basis: ProofBasis;
  readonly word: Exclude<VerdictWord, 'exit code only'>;
  readonly summary: string;
  readonly evidence: JsonValue;
}

/**
 * Whether a passing verifier proves the step: it was recorded failing before the tool ran, or what it expects names
 * this run's effect. A check that passed before as well only holds, whatever the step did.
 */
export function proofBasis(passed: boolean, baseline: Baseline['state'], namesEffect: boolean): ProofBasis {
  if (!passed) return 'none';
  if (baseline === 'failed') return 'failed-before';
  return namesEffect ? 'names-effect' : 'none';
}

export function verdictWord(passed: boolean, basis: ProofBasis): Verdict['word'] {
  if (!passed) return 'failed';
  return basis === 'none' ? 'holds, not proven by this step' : 'proven';
}

/** The word for a whole step. One required proof suffices when every required verifier passes; without verifiers an exit code is all there is. */
export function stepWord(verdicts: readonly Pick<Verdict, 'required' | 'passed' | 'proven'>[]): VerdictWord {
  const required = verdicts.filter((v) => v.required);
  if (required.some((v) => !v.passed)) return 'failed';
  if (required.some((v) => v.proven)) return 'proven';
  return required.length > 0 ? 'holds, not proven by this step' : 'exit code only';
}
