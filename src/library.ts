import { resolve } from 'node:path';
import { resolveInputs } from '#compile/inputs.js';
import type { JsonObject } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';
import type { OrchestratorAtWork } from '#operations/orchestrate/orchestrator.js';
import { type OrchestratorState, stateOf } from '#operations/orchestrate/state.js';
import type { SourceKind } from '#operations/plans/by-kind.js';

export type { JsonObject, JsonSchema, JsonValue } from '#ir/json.js';
export { planDigest } from '#ir/normalise.js';
export type { Plan, PlanSource, Step, Verifier } from '#ir/plan.js';
export { OpsroomError } from '#kit/errors.js';
export type { OrchestratorState } from '#operations/orchestrate/state.js';
export { type McpAnswer, McpClient, type McpClientOptions, type McpServer, type McpTool } from '#tools/mcp/client.js';

/** What `compilePlan` takes. */
export interface CompilerInput {
  /**
   * `plan`: a file in YAML or JSON. `runbook`: one in Markdown, with the lock of its review when that lies beside it. `template`: one
   * that comes with the package or lies in `templates/`, by its name. `spec`: Spec Kit, a folder, a `tasks.md` or a `workflow.yml`.
   * `doc`: a PDF, a Word file, a page or a picture, whose commands are read as a runbook.
   */
  readonly kind: SourceKind;
  /** Its path, relative to the current folder; of a runbook also `FILE.md#section`; of a template its name. */
  readonly source: string;
  /** Values for the plan's inputs; they override those of the file, and are checked against its `inputSchema`. */
  readonly context?: JsonObject;
}

/**
 * Compiles a plan as `opsroom compile` does, without a server, a database or a data directory: form, graph, expressions and the
 * arguments of the built-in tools and verifiers are checked. With a `context` the plan comes back with all its inputs filled in.
 *
 * @throws OpsroomError PLAN_UNREADABLE, PLAN_TOO_LARGE; PLAN_INVALID and its like with every problem and its place;
 *   of runbooks RUNBOOK_*, of Spec Kit SPECKIT_*, of documents DOCUMENT_REFUSED; NOT_FOUND for a template; USAGE when the source is not of
 *   the kind; INPUT_INVALID when the context does not fit the plan or leaves a required input out
 */
export async function compilePlan({ kind, source, context }: CompilerInput): Promise<Plan> {
  const { readByKind } = await import('#operations/plans/by-kind.js');
  const { plan } = await readByKind({ kind, source });
  return context === undefined ? plan : { ...plan, inputs: resolveInputs(plan, context) };
}

/** What an orchestrator works through: a plan, and where. */
export interface OrchestratorOptions extends CompilerInput {
  /** The folder whose room it works in. Default: the current one. Sources are named relative to the current folder all the same. */
  readonly folder?: string;
  /** You have seen what a task list, a document or a runbook that nobody has reviewed becomes; without it these do not start. */
  readonly seen?: boolean;
}

/** Works through one plan by this process, within the policies of the room. */
export interface Orchestrator {
  /** Compiles the plan and opens the room of the folder, with its embedded database unless another one is named. */
  initialize(): Promise<OrchestratorState>;
  /** Begins; resolves once the run is acknowledged. */
  start(): Promise<OrchestratorState>;
  /** Where it stands now; asks nobody. */
  getState(): OrchestratorState;
  /** Lets running steps finish, and starts no more. */
  pause(): Promise<OrchestratorState>;
  resume(): Promise<OrchestratorState>;
  /** Cancels what has not ended, and leaves the room. */
  stop(): Promise<OrchestratorState>;
  /** Resolves once the run has ended, and leaves the room. A process that does neither this nor `stop` does not end. */
  finished(): Promise<OrchestratorState>;
}

/**
 * An orchestrator of one plan. Its methods reject with an OpsroomError: APPROVAL_NEEDED where a person must agree first, DENIED,
 * NOT_ALLOWED_NOW out of turn, and as `compilePlan`.
 */
export function createOrchestrator({ kind, source, context, folder, seen = false }: OrchestratorOptions): Orchestrator {
  let made: Promise<OrchestratorAtWork> | undefined;
  let known: OrchestratorAtWork | undefined;
  // The engine is loaded when it is needed: a program that compiles alone does without.
  const atWork = async (): Promise<OrchestratorAtWork> => {
    made ??= import('#operations/orchestrate/orchestrator.js').then(
      (engine) => new engine.OrchestratorAtWork({ kind, source, context, folder: resolve(folder ?? '.'), seen }),
    );
    known = await made;
    return known;
  };
  return {
    initialize: async () => (await atWork()).initialize(),
    start: async () => (await atWork()).start(),
    getState: () => known?.state() ?? stateOf(undefined, undefined, { logs: [], at: new Date() }),
    pause: async () => (await atWork()).pause(),
    resume: async () => (await atWork()).resume(),
    stop: async () => (await atWork()).stop(),
    finished: async () => (await atWork()).finished(),
  };
}
