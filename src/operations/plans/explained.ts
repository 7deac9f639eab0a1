import { z } from 'zod';
import type { Explanation } from '#compile/runbook/assemble/explain.js';
import { LABELS } from '#compile/runbook/blocks/decision.js';

const lines = z.object({ from: z.int(), to: z.int() });
const entry = {
  /** Of a bundle of files: the one that the lines are of, when it is not the task list. */
  file: z.string().optional(),
  lines,
  rule: z.string(),
  why: z.string(),
  firstLine: z.string(),
};

/** What became of each block of a runbook, or of each task of a task list, as doors show it. */
export const explanationView = z.object({
  steps: z.array(
    z.object({
      id: z.string(),
      label: z.enum(LABELS),
      ...entry,
      background: z.boolean(),
      weak: z.boolean(),
      /** Why a person is asked before it runs. */
      ask: z.string().nullable(),
    }),
  ),
  leftOut: z.array(z.object(entry)),
  questions: z.array(z.object({ lines, text: z.string() })),
  warnings: z.array(z.string()),
});
export type ExplanationView = z.infer<typeof explanationView>;

export function showExplanation({ steps, leftOut, questions, warnings }: Explanation): ExplanationView {
  return {
    steps: steps.map((step) => ({ ...step, lines: { ...step.lines }, ask: step.ask ?? null })),
    leftOut: leftOut.map((gap) => ({ ...gap, lines: { ...gap.lines } })),
    questions: questions.map((question) => ({ text: question.text, lines: { ...question.lines } })),
    warnings: [...warnings],
  };
}
