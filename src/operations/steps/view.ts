import { z } from 'zod';
import { openQuestionSchema } from '#ir/question.js';

const at = z.string().nullable();
export const faultView = z.object({ code: z.string(), message: z.string(), mend: z.string() });

/** What a look at the world found: a sentence, and the evidence itself unless it is too large for a page. */
const look = z.object({ summary: z.string(), evidence: z.json(), evidenceDigest: z.string().nullable() });

export const verdictView = z.object({
  id: z.string(),
  kind: z.string(),
  required: z.boolean(),
  passed: z.boolean(),
  proven: z.boolean(),
  basis: z.enum(['failed-before', 'names-effect', 'none']),
  /** `proven`, `holds, not proven by this step`, or `failed`. */
  word: z.string(),
  /** Null when there was no look before. */
  before: look.extend({ state: z.enum(['failed', 'passed', 'unknown']) }).nullable(),
  after: look,
});

export const attemptView = z.object({
  revision: z.int(),
  attempt: z.int(),
  status: z.enum(['running', 'waiting', 'done', 'failed', 'skipped', 'unknown', 'cancelled']),
  startedAt: z.string(),
  endedAt: at,
  /** As the tool was given them, secrets masked; null when the tool was not called, or for values that are too large. */
  args: z.json(),
  output: z.json(),
  /** The arguments or the output are too large for a page. */
  large: z.boolean(),
  outputDigest: z.string().nullable(),
  word: z.string().nullable(),
  error: faultView.nullable(),
  isolation: z.string().nullable(),
  /** The worker, and in which epoch of the run it was its owner. */
  worker: z.object({ id: z.string(), epoch: z.int() }).nullable(),
  person: z.object({ by: z.string(), reason: z.string() }).nullable(),
  /** When the next attempt comes, or a wait ends. */
  wakeAt: at,
  reusedFrom: z.string().nullable(),
  logLines: z.int(),
  verdicts: z.array(verdictView),
  /** What was seen before the tool ran, of verifiers that have not judged since. */
  baseline: z.array(look.extend({ id: z.string(), state: z.enum(['failed', 'passed', 'unknown']) })),
  artefacts: z.array(z.object({ name: z.string(), sha256: z.string(), size: z.int(), present: z.boolean() })),
});

export const itemView = z.object({
  item: z.int(),
  status: attemptView.shape.status,
  word: z.string().nullable(),
  attempt: z.int(),
  startedAt: z.string(),
  endedAt: at,
  error: faultView.nullable(),
  wakeAt: at,
});

export const sourceLines = z.object({
  file: z.string(),
  from: z.int(),
  to: z.int(),
  /** What the lines became (`run`, `verify`, `rollback`, …); null for the step of a plan file. */
  label: z.string().nullable(),
  text: z.string(),
});

export const stepView = z.object({
  runId: z.string(),
  step: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  kind: z.string(),
  tool: z.string().nullable(),
  action: z.string(),
  dependsOn: z.array(z.string()),
  /** As the plan has them, with their expressions. */
  written: z.json(),
  condition: z.string().nullable(),
  preconditions: z.array(z.string()),
  verifiers: z.array(z.object({ id: z.string(), kind: z.string(), required: z.boolean(), config: z.json() })),
  rollback: z.array(z.object({ id: z.string(), title: z.string() })),
  timeoutMs: z.int().nullable(),
  maxAttempts: z.int(),
  /** Whether a crash of the worker repeats it. */
  idempotent: z.boolean(),
  readOnly: z.boolean(),
  /** Of the step, or of the item that was asked for. The latest, in their order. */
  attempts: z.array(attemptView),
  /** What the tool of the step, or of the item that was asked for, asks of a person now. */
  question: openQuestionSchema.nullable(),
  /** Of a forEach; null for any other step. `next`: from where the next page begins, null on the last. */
  items: z.object({ page: z.array(itemView), next: z.int().nullable() }).nullable(),
  source: z.array(sourceLines),
});
export type StepView = z.infer<typeof stepView>;
