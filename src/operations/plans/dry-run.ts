import { join } from 'node:path';
import { z } from 'zod';
import { resolveInputs } from '#compile/inputs.js';
import { admitted } from '#execute/attempts/sending.js';
import type { RunSecrets } from '#execute/ports.js';
import { readsOf, secretMark } from '#execute/scope.js';
import type { CallContext } from '#ir/calls.js';
import type { Scope } from '#ir/expressions.js';
import { render } from '#ir/expressions.js';
import type { JsonObject } from '#ir/json.js';
import type { Plan, Precondition, Step, Target } from '#ir/plan.js';
import { knownBefore } from '#ir/preview.js';
import { asOpsroomError } from '#kit/errors.js';
import { askerOf } from '../authority/asker.js';
import type { Requested } from '../authority/facts.js';
import { decideRun } from '../authority/gate.js';
import { contractsOf } from '../mcp/contracts.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { renderedNames } from '../runs/prepare.js';
import { sendingProblem } from '../runs/sending.js';
import { workspaceOf } from '../runs/workspace.js';
import { planAsked } from '../templates/find.js';
import { unseenProblem } from './gate.js';
import { compileGiven, folderOf, jsonObject, planInput } from './input.js';
import { previewedStep, previewStep } from './step-preview.js';

const previewed = z.object({
  ...previewedStep,
  preconditions: z.array(
    z.object({ id: z.string(), ok: z.boolean().nullable(), missing: z.string(), mend: z.string() }),
  ),
});

export const dryRunView = z.object({
  title: z.string(),
  planDigest: z.string(),
  inputs: jsonObject,
  target: z.json(),
  workspace: z.string(),
  ready: z.boolean(),
  warnings: z.array(z.string()),
  steps: z.array(previewed),
});
export type DryRunView = z.infer<typeof dryRunView>;
type Previewed = z.infer<typeof previewed>;

export const dryRun = operation({
  name: 'plans.dryRun',
  summary:
    'Show what a run would do and touch nothing: every argument rendered with secrets masked, every precondition checked as far as it is known before the run and the asker might run the plan.',
  // Preconditions are checked by verifiers, commands among them, and with secrets: more than reading.
  permission: 'run:start',
  changes: false,
  consequential: false,
  input: z.strictObject({ plan: planInput, inputs: jsonObject.default({}), folder: z.string().optional() }),
  output: dryRunView,
  run: async ({ plan: wanted, inputs, folder }, room): Promise<DryRunView> => {
    const given = await planAsked(wanted, room.project);
    const compiled = await compileGiven(given, await contractsOf(room, given));
    const { plan, digest, warnings, needs } = compiled;
    const resolved = resolveInputs(plan, inputs);
    const from = folder ?? folderOf(given);
    const ground = { home: room.home, planEnv: room.ports.planEnv, inputs: resolved, folder: from };
    const { kind, path } = await workspaceOf(plan, ground);
    const workspace = kind === 'inplace' ? path : (from ?? room.home);
    const named = renderedNames(plan, resolved);
    const { target } = named;
    const secrets = await room.ports.secrets(room.org, target);
    const asked = { plan, planDigest: digest, inputs: resolved, ...named, queue: {}, secrets: needs.secrets };
    const untried = unseenProblem(compiled, given) ? UNSEEN : await whyUntried(room, asked);
    const look = openLook(room, plan, { inputs: resolved, target, workspace, secrets, untried });
    const steps: Previewed[] = [];
    for (const step of plan.steps) steps.push(await lookAt(step, look));
    const unsent = await sendingProblem(plan, target, room);
    const ready = steps.every(({ preconditions }) => preconditions.every(({ ok }) => ok !== false)) && !unsent;
    return {
      title: named.title,
      planDigest: digest,
      inputs: resolved,
      target,
      workspace,
      ready,
      warnings: [...warnings, ...(unsent ? [`${unsent.message} ${unsent.mend}`] : [])],
      steps,
    };
  },
});

const UNSEEN = 'Nobody has looked at this document yet, so nothing that it says is tried.';

/**
 * Why what runs programs or reaches out is not tried; undefined: it may be. A check is as good as a step for whoever wants to run
 * something here, or to send a secret elsewhere: it takes the same word of policy.
 */
async function whyUntried(room: Room, asked: Requested): Promise<string | undefined> {
  const { effect } = await decideRun(room, asked, await askerOf(room, asked.planDigest));
  if (effect === 'allow') return undefined;
  return effect === 'deny' ? 'Policy does not let you run this plan.' : 'The plan waits for an approval first.';
}

interface Look {
  readonly room: Room;
  /** Rendered. */
  readonly target: Target;
  readonly workspace: string;
  /** With marks in place of secrets: for eyes. */
  readonly shown: Scope;
  /** With the secrets themselves: for checks. */
  readonly real: Scope;
  readonly secrets: RunSecrets;
  /** Why what runs programs or reaches out is not tried. */
  readonly untried: string | undefined;
}

function openLook(
  room: Room,
  plan: Plan,
  { inputs, ...given }: Pick<Look, 'target' | 'workspace' | 'secrets' | 'untried'> & { readonly inputs: JsonObject },
): Look {
  const marks = Object.fromEntries([...readsOf(plan).secrets].map((name) => [name, secretMark(name)]));
  const known = { inputs, env: room.ports.planEnv };
  return {
    ...given,
    room,
    shown: { ...known, secrets: marks },
    real: { ...known, secrets: given.secrets.values },
  };
}

async function lookAt(step: Step, look: Look): Promise<Previewed> {
  const preconditions: Previewed['preconditions'] = [];
  for (const precondition of step.preconditions) preconditions.push(await checked(step, precondition, look));
  return { ...previewStep(step, look.shown), preconditions };
}

const CHECK_MS = 30_000;

/** One look at what the step needs. What depends on earlier steps cannot be told yet. */
async function checked(
  step: Step,
  precondition: Precondition,
  { room, target, workspace, real, untried, secrets }: Look,
): Promise<Previewed['preconditions'][number]> {
  const { values, mask } = secrets;
  const id = typeof precondition === 'string' ? precondition : precondition.id;
  if (untried !== undefined && reachesOut(precondition)) return { id, ok: null, missing: untried, mend: '' };
  if (typeof precondition !== 'string' && !knownBefore(precondition.config, real))
    return { id, ok: null, missing: 'It reads what is known only when the run comes to it.', mend: '' };
  const given = await lookInto(step, precondition, { room, target, workspace, real, secrets });
  if ('refused' in given) return { id, ok: false, missing: given.refused, mend: given.mend };
  const { ok, missing, mend } = await room.ports.checkPrecondition(
    given.precondition,
    given.context,
    new Set(Object.keys(values)),
  );
  return { id, ok, missing: mask.text(missing), mend: mask.text(mend) };
}

/** A precondition as it is looked at, once its secrets may go where it sends them. */
async function lookInto(
  step: Step,
  precondition: Precondition,
  { room, target, workspace, real, secrets }: Omit<Look, 'shown' | 'untried'>,
): Promise<
  | { readonly precondition: Precondition; readonly context: CallContext }
  | { readonly refused: string; readonly mend: string }
> {
  const context = contextOf(step, room, target, workspace);
  if (typeof precondition === 'string') return { precondition, context };
  const { config: written, kind } = precondition;
  const config = render(written, real) as JsonObject;
  const sends = room.ports.verifiers.get(kind)?.contract.sends;
  try {
    return {
      precondition: { ...precondition, config },
      context: await admitted({ written, rendered: config, sends }, context, secrets),
    };
  } catch (error) {
    const { message, mend } = asOpsroomError(error);
    return { refused: secrets.mask.text(message), mend };
  }
}

/** Whether looking does more than to see what this machine has: a program runs, or somebody else is asked. */
const reachesOut = (precondition: Precondition): boolean =>
  typeof precondition !== 'string' || /^(url|file):|_running$/.test(precondition);

/** What a check is given; like that of the first attempt, but read-only and short. */
function contextOf(step: Step, room: Room, target: Target, workspace: string): CallContext {
  const { sandbox } = step;
  return {
    id: { org: room.org, runId: 'dry-run', stepId: step.id, item: -1, revision: 0, attempt: 1 },
    idempotencyKey: `dry-run:${step.id}`,
    workspace,
    runFolder: join(room.home, 'runs', 'dry-run'),
    env: room.ports.stepEnv,
    signal: AbortSignal.timeout(CHECK_MS),
    timeoutMs: CHECK_MS,
    isolation: { level: sandbox?.level ?? 'none', network: sandbox ? sandbox.network : true },
    allowAddresses: target.allowAddresses ?? [],
    readOnly: true,
    holdsSecret: () => false,
    log: () => undefined,
  };
}
