import { keptMembers } from '#authorise/approvals/form.js';
import type { IntentRow } from '#authorise/intents/records.js';
import { unusable } from '#authorise/policy/policies.js';
import { resolveInputs } from '#compile/inputs.js';
import { loadPlan } from '#execute/ledger/store.js';
import { jsonDigest } from '#ir/digest.js';
import { inputNames } from '#ir/input-types.js';
import type { JsonObject } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';
import { diffPlans, diffWords } from '#ir/plan-diff.js';
import { mayPass, OpsroomError } from '#kit/errors.js';
import type { Requested } from '../authority/facts.js';
import { changedPolicies, policySet } from '../authority/policy-set.js';
import { compileGiven } from '../plans/input.js';
import type { Room } from '../room.js';
import { type Prepared, preparePlan, renderedNames } from '../runs/prepare.js';
import { prepareRerun } from '../runs/rerun.js';
import { readNamed } from './named-plan.js';

/** What an intent asks for, as it stands now, with what was filled in since; or why that is no longer what was agreed to. */
export type Standing = { readonly prepared: Requested } | { readonly changed: string };

/** Whether its file and its folder lie on this machine. Where they do not, they are looked at when it begins there. */
export const beginsHere = ({ host }: Pick<Room, 'host'>, { queue }: Pick<IntentRow, 'queue'>): boolean =>
  (queue.host ?? host) === host;

/** Looks again at everything that an approval is bound to, but for the policies. */
export async function standingOf(room: Room, intent: IntentRow, form: JsonObject): Promise<Standing> {
  const plan = await boundPlan(room, intent);
  const changed = await planChange(room, intent, plan);
  if (changed !== undefined) return { changed };
  try {
    const asked = beginsHere(room, intent) ? preparedOf : requestedOf;
    const prepared = await asked(room, intent, plan, {});
    if (jsonDigest(prepared.inputs) !== intent.inputsDigest) return { changed: 'the inputs are others' };
    if (jsonDigest(prepared.target) !== intent.targetDigest) return { changed: 'the target is another' };
    return { prepared: Object.keys(form).length === 0 ? prepared : await asked(room, intent, plan, form) };
  } catch (error) {
    if (!(error instanceof OpsroomError) || mayPass(error)) throw error;
    return { changed: `it cannot run any more: ${error.message}` };
  }
}

/** The plan that an intent is bound to, as it was stored with it. */
export async function boundPlan(room: Room, { org, planDigest }: IntentRow): Promise<Plan> {
  const plan = await loadPlan(room.database.engine, org, planDigest);
  if (plan) return plan;
  throw new OpsroomError('INTERNAL', { what: 'The plan of an intent is gone.', where: planDigest });
}

/** The run of an intent with the given form filled in: from the stored plan, so that no file can change it any more. */
export async function preparedOf(room: Room, intent: IntentRow, plan: Plan, form: JsonObject): Promise<Prepared> {
  const { source, queue } = intent;
  const inputs = filled(intent, plan, form);
  if (source.kind === 'run') {
    const { run, from, fresh } = source;
    const { lane, priority, session } = queue;
    const isFilled = jsonDigest(inputs) !== intent.inputsDigest;
    const more = fresh || from !== undefined || isFilled ? { inputs } : {};
    return prepareRerun({ run, from, fresh, ...more, lane, priority, session }, room, !fresh);
  }
  const place = { ...room, host: queue.host ?? room.host };
  const prepared = await preparePlan(plan, { inputs, folder: queue.folder }, place);
  return { ...prepared, planDigest: intent.planDigest, queue, source, warnings: [] };
}

const filled = ({ inputs }: IntentRow, plan: Plan, form: JsonObject): JsonObject => ({
  ...inputs,
  ...keptMembers(form, inputNames(plan)),
});

/** The same where nothing of the machine is looked at, on which it will begin. */
function requestedOf(_room: Room, intent: IntentRow, plan: Plan, form: JsonObject): Promise<Requested> {
  const { planDigest, queue } = intent;
  const inputs = resolveInputs(plan, filled(intent, plan, form));
  return Promise.resolve({ plan, planDigest, inputs, queue, ...renderedNames(plan, inputs) });
}

/** What the file of an intent says differently from the plan that it is bound to. */
async function planChange(room: Room, intent: IntentRow, plan: Plan): Promise<string | undefined> {
  const { source, planDigest, queue } = intent;
  const { contracts } = room;
  if (source.kind !== 'file' || !beginsHere(room, intent)) return undefined;
  try {
    const found = await readNamed(queue.project ?? room.project, { name: source.file, section: source.section });
    if (!found) return `the plan is gone: ${source.file}`;
    const now = await compileGiven(found.given, contracts);
    if (now.digest === planDigest) return undefined;
    return `the plan changed: ${diffWords(diffPlans(plan, now.plan)) || source.file}`;
  } catch (error) {
    if (!(error instanceof OpsroomError) || mayPass(error)) throw error;
    return `the plan changed, and cannot be used: ${error.message}`;
  }
}

/**
 * What of an intent is no longer as it was agreed to, its policies last; undefined: nothing.
 * @throws OpsroomError POLICY_INVALID while the policies cannot be used: mended, they may be those of before
 */
export async function changeOf(room: Room, intent: IntentRow, standing: Standing): Promise<string | undefined> {
  return 'changed' in standing ? standing.changed : policyChange(room, intent);
}

/** Which policies are not those by which an intent was judged; undefined: all are. */
async function policyChange({ policies }: Pick<Room, 'policies'>, intent: IntentRow): Promise<string | undefined> {
  const seen = await policies.describe();
  if (seen.problems.length > 0) throw new OpsroomError('POLICY_INVALID', unusable(seen.folder, seen.problems));
  if (seen.digest === intent.policyDigest) return undefined;
  return changedPolicies(intent.decision.set, policySet(seen)) || 'the policies were changed';
}
