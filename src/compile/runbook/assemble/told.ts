import type { Decision } from '../blocks/decision.js';
import { type ExplainedStep, type Explanation, explainGap, explainStep, type Question } from './explain.js';
import { placeText } from './step.js';

/** What people are told of a plan: of each block what became of it, what is asked of them, and warnings. */
export class Told {
  readonly warnings: string[] = [];
  readonly #file: string;
  readonly #steps = new Map<Decision, readonly string[]>();
  readonly #unused = new Map<Decision, string>();
  readonly #why = new Map<Decision, string>();
  readonly #questions: Question[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  /** A block stands in the explanation once, at the last step that it belongs to; the reason names the others. */
  belongsTo(decision: Decision, ...steps: readonly string[]): void {
    this.#steps.set(decision, steps);
  }

  /** Nothing became of it, though it is meant to be done. */
  unused(decision: Decision, why: string): void {
    this.#unused.set(decision, why);
  }

  /** Of rollbacks: what they are for, where that is not all that was done. Of checks: what they stand behind that may not be done. */
  because(decision: Decision, why: string): void {
    this.#why.set(decision, why);
  }

  question({ block: { lines } }: Decision, text: string): void {
    this.#questions.push({ lines, text });
  }

  warn({ block: { lines } }: Decision, text: string): void {
    this.warnings.push(`${placeText(this.#file, lines)}: ${text}.`);
  }

  /** @param decisions one per block, in document order */
  explanation(decisions: readonly Decision[]): Explanation {
    const steps: ExplainedStep[] = [];
    const gaps = decisions.flatMap((decision) => {
      const ids = this.#steps.get(decision);
      const told = { ...decision, why: this.#why.get(decision) ?? decision.why };
      const step = ids === undefined ? undefined : explainStep(told, ids.at(-1) ?? '', ids.slice(0, -1));
      if (step !== undefined) {
        steps.push(step);
        return [];
      }
      const unused = this.#unused.get(decision);
      return [explainGap(unused === undefined ? decision : { ...decision, rule: 'nothing-to-attach-to', why: unused })];
    });
    return { steps, leftOut: gaps, questions: this.#questions, warnings: this.warnings };
  }
}
