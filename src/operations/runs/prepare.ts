import { basename } from 'node:path';
import type { IntentQueue, IntentSource } from '#authorise/intents/records.js';
import { resolveInputs } from '#compile/inputs.js';
import type { WorkspaceRef } from '#execute/records.js';
import { type Fork, renderedTarget, submitRun } from '#execute/submit.js';
import { render } from '#ir/expressions.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';
import { contractsOf } from '../mcp/contracts.js';
import type { AnyCompiled } from '../plans/compiled.js';
import { unseenProblem } from '../plans/gate.js';
import { compileGiven, folderOf, type PlanGiven } from '../plans/input.js';
import { sourceOf } from '../plans/source.js';
import { keepSource, type PlanSource } from '../plans/source-store.js';
import type { Room } from '../room.js';
import { placeRun } from '../sessions/write.js';
import { sendingProblem } from './sending.js';
import type { StartedRun } from './started.js';
import { workspaceOf } from './workspace.js';

/** A run as it would be submitted: all that can be wrong with the request was looked at, and nothing is written. */
export interface Prepared {
  readonly plan: Plan;
  readonly planDigest: string;
  /** Resolved by the plan's schema. */
  readonly inputs: JsonObject;
  /** Both rendered. */
  readonly title: string;
  readonly target: JsonObject;
  readonly workspace: WorkspaceRef;
  readonly host: string | null;
  readonly queue: IntentQueue;
  /** What it goes on from. */
  readonly fork?: Fork | undefined;
  /** Whose session it shares when it names none. */
  readonly parent?: string | undefined;
  readonly source: IntentSource;
  /** Names of those that it reads; undefined: not known here. */
  readonly secrets?: readonly string[] | undefined;
  readonly warnings: readonly string[];
  /** The text that the plan was compiled from. */
  readonly text?: PlanSource | undefined;
}

export interface PreparedFrom {
  readonly given: PlanGiven;
  readonly inputs: JsonObject;
  readonly queue: IntentQueue;
  /** A person has seen the plan of this runbook and wants it run, although the file was never reviewed. */
  readonly seen: boolean;
  /** Where it comes from, when it is known better than by what was given. */
  readonly source?: IntentSource;
}

/**
 * Compiles what was given and resolves what a run of it needs.
 * @throws PlanProblems; OpsroomError PLAN_*, RUNBOOK_*, INPUT_INVALID, USAGE
 */
export async function prepareGiven(from: PreparedFrom, room: Room): Promise<Prepared> {
  return prepareCompiled(await compileSeen(from, room), from, room);
}

/** Compiles what was given, unless it is a runbook that somebody must look at first. @throws as `prepareGiven` */
export async function compileSeen(
  { given, seen }: Pick<PreparedFrom, 'given' | 'seen'>,
  room: Room,
): Promise<AnyCompiled> {
  const compiled = await compileGiven(given, await contractsOf(room, given));
  const unseen = seen ? undefined : unseenProblem(compiled, given);
  if (unseen) throw unseen;
  return compiled;
}

/** What was compiled, with what a run of it needs. @throws as `preparePlan` */
export async function prepareCompiled(
  compiled: AnyCompiled,
  { given, inputs, queue, source }: PreparedFrom,
  room: Room,
): Promise<Prepared> {
  const { plan, digest, warnings, needs } = compiled;
  const folder = queue.folder ?? folderOf(given);
  const name = 'file' in given ? basename(given.file) : plan.title;
  return {
    ...(await preparePlan(plan, { inputs, folder }, room)),
    planDigest: digest,
    queue: { ...queue, ...(folder === undefined ? {} : { folder }) },
    source: source ?? { kind: 'inline', name },
    secrets: needs.secrets,
    warnings,
    text: sourceOf(compiled, given),
  };
}

/** What a plan and its inputs decide about its run. @throws OpsroomError INPUT_INVALID, PLAN_EXPRESSION, SECRET_DESTINATION, USAGE */
export async function preparePlan(
  plan: Plan,
  { inputs: given, folder }: { readonly inputs: JsonObject; readonly folder: string | undefined },
  room: Room,
): Promise<Pick<Prepared, 'plan' | 'inputs' | 'title' | 'target' | 'workspace' | 'host'>> {
  const { home, host, ports } = room;
  const inputs = resolveInputs(plan, given);
  const workspace = await workspaceOf(plan, { home, planEnv: ports.planEnv, inputs, folder });
  const names = renderedNames(plan, inputs);
  const problem = await sendingProblem(plan, names.target, room);
  if (problem) throw problem;
  return { plan, inputs, ...names, workspace, host };
}

/** The title and the target of a run, as submitting it will render them. */
export function renderedNames(plan: Plan, inputs: JsonObject): Pick<Prepared, 'title' | 'target'> {
  const title: JsonValue = render(plan.title, { inputs }, 'title');
  return { title: typeof title === 'string' ? title : JSON.stringify(title), target: renderedTarget(plan, inputs) };
}

export interface Admission {
  /** Chosen for the run already. */
  readonly id?: string | undefined;
  readonly requestedBy: string;
  /** Who agreed, as the run's proof names them. */
  readonly approvals?: readonly JsonValue[];
}

/** Puts a prepared run into the queue; whoever calls has asked whether it may. */
export async function submitPrepared(room: Room, prepared: Prepared, admitted: Admission): Promise<StartedRun> {
  const { plan, planDigest, queue, parent } = prepared;
  const placed = await placeRun(room, { id: admitted.id, session: queue.session, parent });
  const runId = await submitRun(room.database, room.ports, {
    org: room.org,
    id: placed.id,
    allowedTools: [...(queue.tools === undefined ? [] : [{ of: 'run', tools: queue.tools } as const]), ...placed.lists],
    plan,
    planDigest,
    inputs: prepared.inputs,
    requestedBy: admitted.requestedBy,
    host: prepared.host,
    workspace: prepared.workspace,
    lane: queue.lane,
    priority: queue.priority,
    fork: prepared.fork,
    approvals: admitted.approvals,
  });
  await keepText(room, prepared);
  return { runId, planDigest, title: plan.title, steps: plan.steps.length };
}

/** After the run or the intent, whose plan it belongs to: lost in a crash between the two, it is only not shown. */
export async function keepText(room: Room, { planDigest, text }: Pick<Prepared, 'planDigest' | 'text'>): Promise<void> {
  if (text) await room.database.door(room.org, (tx) => keepSource(tx, room.org, planDigest, text));
}
