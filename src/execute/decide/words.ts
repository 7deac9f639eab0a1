import type { Plan } from '#ir/plan.js';
import type { VerdictWord } from '#ir/verdict.js';
import type { RunRow } from '../records.js';

const STRENGTH: readonly VerdictWord[] = ['failed', 'exit code only', 'holds, not proven by this step', 'proven'];

/** The weakest of some words; "exit code only" of none. */
export function weakest(words: readonly VerdictWord[]): VerdictWord {
  if (words.length === 0) return 'exit code only';
  return STRENGTH[Math.min(...words.map((w) => STRENGTH.indexOf(w)))] ?? 'failed';
}

/**
 * The word for a whole run: the weakest among the steps that change something, since a chain holds as its weakest link;
 * of a run that changes nothing, the weakest of all. System steps (waits, manual ones) claim nothing.
 *
 * @param words by unit key: `step`, `step#item` or `step/compensation`
 */
export function runWord(status: RunRow['status'], plan: Plan, words: ReadonlyMap<string, VerdictWord>): VerdictWord {
  if (status === 'failed' || status === 'cancelled') return 'failed';
  const steps = new Map(plan.steps.map((s) => [s.id, s]));
  const judged = [...words].map(([key, word]) => ({ word, step: steps.get(key.split(/[#/]/)[0] ?? '') }));
  const tools = judged.filter(({ step }) => step?.kind !== 'system');
  const changing = tools.filter(({ step }) => !step?.readOnly);
  return weakest((changing.length > 0 ? changing : tools).map(({ word }) => word));
}
