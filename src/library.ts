import { resolveInputs } from '#compile/inputs.js';
import type { JsonObject } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';
import { readPlan } from '#operations/plans/file.js';

export type { JsonObject, JsonSchema, JsonValue } from '#ir/json.js';
export { planDigest } from '#ir/normalise.js';
export type { Plan, PlanSource, Step, Verifier } from '#ir/plan.js';
export { OpsroomError } from '#kit/errors.js';

/** What `compilePlan` takes. */
export interface CompilerInput {
  /** `plan`: a file in YAML or JSON. */
  readonly kind: 'plan';
  /** The file's path, relative to the current folder. */
  readonly source: string;
  /** Values for the plan's inputs; they override those of the file, and are checked against its `inputSchema`. */
  readonly context?: JsonObject;
}

/**
 * Compiles a plan as `opsroom compile` does, without a server, a database or a data directory: form, graph, expressions and the
 * arguments of the built-in tools and verifiers are checked. With a `context` the plan comes back with all its inputs filled in.
 *
 * @throws OpsroomError PLAN_UNREADABLE, PLAN_TOO_LARGE; PLAN_INVALID and its like with every problem and its place;
 *   INPUT_INVALID when the context does not fit the plan or leaves a required input out
 */
export async function compilePlan({ source, context }: CompilerInput): Promise<Plan> {
  const { plan } = await readPlan(source);
  return context === undefined ? plan : { ...plan, inputs: resolveInputs(plan, context) };
}
