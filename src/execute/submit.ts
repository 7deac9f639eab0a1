import type { Database } from '#db/database.js';
import type { Allowlist } from '#ir/allowlist.js';
import { jsonDigest } from '#ir/digest.js';
import { render } from '#ir/expressions.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Plan, Step } from '#ir/plan.js';
import type { ProofBody } from '#ir/proof.js';
import { REUSE_RULE, reusableSteps } from '#ir/reusable-steps.js';
import { OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import type { Ports } from './ports.js';
import type { WorkspaceRef } from './records.js';
import { insertRun } from './runs/insert.js';
import { findRun, reusable } from './runs/store.js';
import { fillLanes } from './workers/release.js';

export interface Submission {
  readonly org: string;
  /** Chosen beforehand by whoever must be able to submit it twice: the second time fails. Default: a new one. */
  readonly id?: string | undefined;
  readonly plan: Plan;
  readonly planDigest: string;
  /** Validated against the plan's inputSchema. */
  readonly inputs: JsonObject;
  readonly requestedBy: string;
  /** The host that may run it; null: any. */
  readonly host: string | null;
  /** Of a `temp` one, the folder in which the run makes its own; of a re-run, the parent's as it is. */
  readonly workspace: WorkspaceRef;
  readonly lane?: string | undefined;
  readonly priority?: number | undefined;
  /** Stays queued for so long, by the database's clock. */
  readonly delayMs?: number | undefined;
  /** Which restart of the plan this is (see `retry` in the plan); the first is 1. */
  readonly restart?: number;
  readonly fork?: Fork | undefined;
  /** Who agreed to it, as its first proof names them. */
  readonly approvals?: readonly JsonValue[] | undefined;
  /** What the run may call, beside what its plan says. */
  readonly allowedTools?: readonly Allowlist[] | undefined;
}

/** A re-run: a new run that takes over what the parent has settled. */
export interface Fork {
  readonly parent: string;
  /** Everything from this step on runs again; undefined: all that was not settled. */
  readonly from?: string | undefined;
  /** Further steps that run again, and what comes after them: they read what has changed. */
  readonly again?: readonly string[] | undefined;
}

/** The target of a run. An input that nobody filled in allows no address: what it leaves empty is left out. Two may name the same. */
export function renderedTarget(plan: Plan, inputs: JsonObject): JsonObject {
  const target = render((plan.target ?? {}) as JsonObject, { inputs }, 'target') as JsonObject;
  const { allowAddresses } = target;
  if (!Array.isArray(allowAddresses)) return target;
  return { ...target, allowAddresses: [...new Set(allowAddresses)].filter((address) => address !== '') };
}

/**
 * Puts a run into the queue. Once this resolves, the run is acknowledged: it will end, or be parked with a reason.
 *
 * @returns the run's id
 */
export async function submitRun(
  database: Database,
  ports: Pick<Ports, 'link' | 'clock' | 'failpoint' | 'forkRunFolder'>,
  submission: Submission,
): Promise<string> {
  const { org, plan, planDigest, inputs } = submission;
  const now = ports.clock.now();
  const id = submission.id ?? uuidv7(now.getTime());
  const taken = submission.fork ? await takenOver(database, org, plan, planDigest, submission.fork) : undefined;
  const target = renderedTarget(plan, inputs);
  const body: ProofBody = {
    type: 'genesis',
    planDigest,
    inputsDigest: jsonDigest(inputs),
    targetDigest: jsonDigest(target),
    requestedBy: submission.requestedBy,
    approvals: [...(submission.approvals ?? [])],
    ...(taken ? { parent: taken.proof } : {}),
  };
  const genesis = ports.link(undefined, id, now, body);
  if (taken) await ports.forkRunFolder(taken.proof.run, id, stepsOf(plan, taken.steps));
  ports.failpoint?.('submit:before');
  await insertRun(database.engine, {
    org,
    id,
    title: asText(render(plan.title, { inputs }, 'title')),
    plan,
    planDigest,
    inputs,
    inputsDigest: body.inputsDigest,
    target,
    lane: submission.lane ?? plan.lane ?? 'A',
    priority: submission.priority ?? plan.priority ?? 0,
    requestedBy: submission.requestedBy,
    concurrencyKey: plan.concurrencyKey === undefined ? null : asText(render(plan.concurrencyKey, { inputs })),
    host: submission.host,
    workspace: workspaceFor(id, submission),
    delayMs: submission.delayMs ?? null,
    parent: submission.fork?.parent ?? null,
    fork: (submission.fork ?? null) as JsonValue,
    restart: submission.restart ?? 1,
    genesis,
    reuse: taken?.steps ?? [],
    allowedTools: submission.allowedTools?.length ? submission.allowedTools : null,
  });
  ports.failpoint?.('submit:after');
  await fillLanes(database.engine);
  return id;
}

const stepsOf = (plan: Plan, ids: readonly string[]): Step[] => {
  const wanted = new Set(ids);
  return plan.steps.filter(({ id }) => wanted.has(id));
};

const asText = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A re-run goes on where its parent worked: what it takes over may have left files there. */
function workspaceFor(id: string, { workspace, fork }: Submission): WorkspaceRef & JsonObject {
  const fresh = workspace.kind === 'temp' && fork === undefined;
  return { ...workspace, path: fresh ? `${workspace.path}/${id}` : workspace.path };
}

async function takenOver(database: Database, org: string, plan: Plan, planDigest: string, fork: Fork) {
  const parent = await findRun(database.engine, org, fork.parent);
  if (!parent) throw new OpsroomError('NOT_FOUND', { what: 'There is no such run.', where: fork.parent });
  if (fork.from !== undefined && !plan.steps.some((s) => s.id === fork.from)) {
    throw new OpsroomError('NOT_FOUND', {
      what: `The plan has no step "${fork.from}".`,
      where: `--from ${fork.from}`,
      mend: `Its steps: ${plan.steps.map((s) => s.id).join(', ')}.`,
    });
  }
  const { head, rows } = await reusable(database.engine, org, fork.parent);
  const sameGround = parent.plan_digest === planDigest;
  const starts = [...(fork.from === undefined ? [] : [fork.from]), ...(fork.again ?? [])];
  const steps = sameGround ? reusableSteps(plan, rows, starts) : [];
  const kept = new Set(steps);
  const reused = rows
    .filter((row) => kept.has(row.step) && (row.status === 'done' || row.status === 'skipped'))
    .map(({ step, item, revision, attempt, outputDigest }) => ({
      step,
      item,
      revision,
      attempt,
      outputDigest: outputDigest ?? jsonDigest(null),
    }));
  return { steps, proof: { run: fork.parent, head: head?.hash ?? '0'.repeat(64), rule: REUSE_RULE, reused } };
}
