import { resolveInputs } from '#compile/inputs.js';
import type { JsonObject } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';
import { OpsroomError } from '#kit/errors.js';
import { readPlan, splitName } from '#operations/plans/file.js';
import { isRunbook } from '#operations/plans/input.js';

export type { JsonObject, JsonSchema, JsonValue } from '#ir/json.js';
export { planDigest } from '#ir/normalise.js';
export type { Plan, PlanSource, Step, Verifier } from '#ir/plan.js';
export { OpsroomError } from '#kit/errors.js';
export { type McpAnswer, McpClient, type McpClientOptions, type McpServer, type McpTool } from '#tools/mcp/client.js';

/** What `compilePlan` takes. */
export interface CompilerInput {
  /** `plan`: a file in YAML or JSON. `runbook`: one in Markdown, with the lock of its review when that lies beside it. */
  readonly kind: 'plan' | 'runbook';
  /** The file's path, relative to the current folder; of a runbook also `FILE.md#section`. */
  readonly source: string;
  /** Values for the plan's inputs; they override those of the file, and are checked against its `inputSchema`. */
  readonly context?: JsonObject;
}

/**
 * Compiles a plan as `opsroom compile` does, without a server, a database or a data directory: form, graph, expressions and the
 * arguments of the built-in tools and verifiers are checked. With a `context` the plan comes back with all its inputs filled in.
 *
 * @throws OpsroomError PLAN_UNREADABLE, PLAN_TOO_LARGE; PLAN_INVALID and its like with every problem and its place;
 *   of runbooks RUNBOOK_*; USAGE when the file is not of the kind; INPUT_INVALID when the context does not fit the plan or leaves a required input out
 */
export async function compilePlan({ kind, source, context }: CompilerInput): Promise<Plan> {
  if ((kind === 'runbook') !== isRunbook(splitName(source).path)) {
    throw new OpsroomError('USAGE', {
      what: kind === 'runbook' ? 'A runbook is a file in Markdown.' : 'A plan is a file in YAML or JSON.',
      where: source,
      mend: 'Name the other `kind`, or another file.',
    });
  }
  const { plan } = await readPlan(source);
  return context === undefined ? plan : { ...plan, inputs: resolveInputs(plan, context) };
}
