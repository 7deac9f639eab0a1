import { z } from 'zod';
import type { IntentRow } from '#authorise/intents/records.js';
import { approvalsOf } from '#authorise/intents/store.js';
import { readsOf } from '#execute/scope.js';
import { isOver } from '#ir/intent-state.js';
import type { Plan, Step } from '#ir/plan.js';
import { differencesOf, diffPlans } from '#ir/plan-diff.js';
import { undoingOf } from '#ir/undoing.js';
import { OpsroomError } from '#kit/errors.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { agentUse } from '../runs/cost-store.js';
import { shortId } from '../runs/reference.js';
import { boundPlan, changeOf, standingOf } from './bindings.js';
import { rulesOf } from './decide.js';
import { earlierRuns, lastSuccess } from './history-store.js';
import { intentReference, readIntent } from './reference.js';
import { shownArgs } from './shown-args.js';
import { intentView, shownIntent } from './view.js';
import { lacksRollback, planWarnings, stepWarnings } from './warnings.js';

const difference = z.object({ path: z.string(), before: z.json().optional(), after: z.json().optional() });

export const intentDetail = intentView.extend({
  /** Every step with its arguments as they will be, secrets masked, those that depend on the run marked. */
  steps: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      tool: z.string().nullable(),
      args: z.json(),
      verifiers: z.array(z.object({ id: z.string(), kind: z.string(), required: z.boolean() })),
      isolation: z.string(),
      warnings: z.array(z.string()),
    }),
  ),
  /** Steps beyond those that are shown. */
  moreSteps: z.int(),
  /** How many of all steps change something and have no rollback. */
  withoutRollback: z.int(),
  /** What it does differently from the last run of this title that succeeded on this target; null: there was none. */
  diff: z
    .object({
      runId: z.string(),
      shortId: z.string(),
      endedAt: z.string(),
      plan: z.array(difference),
      inputs: z.array(difference),
      steps: z.array(
        z.object({
          id: z.string(),
          title: z.string(),
          change: z.enum(['added', 'removed', 'changed']),
          differences: z.array(difference),
        }),
      ),
      same: z.int(),
    })
    .nullable(),
  /** The policies that decided, with their words. */
  policies: z.array(z.object({ id: z.string(), reason: z.string(), text: z.string() })),
  /** What an approver fills in, by policy: JSON Schema. */
  forms: z.array(z.object({ policy: z.string(), schema: z.json() })),
  /** How runs of this title ended on this target before, the newest first. */
  history: z.array(
    z.object({
      runId: z.string(),
      shortId: z.string(),
      status: z.string(),
      word: z.string().nullable(),
      requestedBy: z.string(),
      endedAt: z.string(),
      durationMs: z.int(),
      /** What its agents used, in US dollars as far as they told; null: none was at work, or told. */
      costUsd: z.number().nullable(),
    }),
  ),
  /** The median of those that succeeded. */
  usuallyMs: z.int().nullable(),
  warnings: z.array(z.string()),
  /** Whether what would be agreed to is still what was asked for; false makes the intent void as soon as somebody decides. */
  holds: z.object({
    now: z.boolean(),
    why: z.string().nullable(),
    /** What makes it hold again; null: nothing is in the way, or it has become void for good. */
    mend: z.string().nullable(),
  }),
});
export type IntentDetail = z.infer<typeof intentDetail>;

export const getIntent = operation({
  name: 'intents.get',
  summary:
    'Show one intent with all that whoever decides needs: every argument, what differs from the last run, which policy asks and why, and how it went before.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ intent: intentReference }),
  output: intentDetail,
  run: async ({ intent: reference }, room): Promise<IntentDetail> => {
    const intent = await readIntent(room, reference);
    const plan = await boundPlan(room, intent);
    const words = await room.database.door(room.org, (tx) => approvalsOf(tx, room.org, [intent.id]));
    const [steps, past, policies, holds] = [
      await shownSteps(room, intent, plan),
      await shownPast(room, intent, plan),
      await shownPolicies(room, intent),
      await holdsNow(room, intent),
    ];
    return { ...shownIntent(intent, words.get(intent.id) ?? [], room), ...steps, ...past, ...policies, holds };
  },
});

/** A plan may have twenty thousand; nobody reads on. */
const MOST_STEPS = 500;

async function shownSteps(room: Room, intent: IntentRow, plan: Plan) {
  const { mask } = await room.ports.secrets(intent.org, intent.target);
  const known = { inputs: intent.inputs, env: room.ports.planEnv };
  const look = { known, secrets: readsOf(plan).secrets, mask, fence: intent.id };
  const shown = plan.steps.slice(0, MOST_STEPS);
  const warnings = new Map<string, string[]>();
  const undoing = undoingOf(plan);
  const undoingStep = ({ id }: Step) => undoing.get(id) ?? [];
  for (const step of shown) warnings.set(step.id, await stepWarnings(step, undoingStep(step)));
  return {
    steps: shown.map((step) => ({
      id: step.id,
      title: step.title,
      tool: step.tool ?? null,
      args: shownArgs(step.args, look),
      verifiers: step.verifiers.map(({ id, kind, required }) => ({ id, kind, required })),
      isolation: step.sandbox?.level ?? 'none',
      warnings: warnings.get(step.id) ?? [],
    })),
    moreSteps: plan.steps.length - shown.length,
    withoutRollback: plan.steps.filter((step) => lacksRollback(step, undoingStep(step))).length,
    warnings: planWarnings({ steps: shown }, warnings),
  };
}

const MOST_HISTORY = 10;

async function shownPast(room: Room, intent: IntentRow, plan: Plan) {
  const { history, use, last } = await room.database.door(room.org, async (tx) => {
    const earlier = await earlierRuns(tx, room.org, intent, MOST_HISTORY);
    const ids = earlier.map(({ id }) => id);
    const used = await agentUse(tx, room.org, ids);
    return { history: earlier, use: used, last: await lastSuccess(tx, room.org, intent) };
  });
  const costOf = (run: string) => {
    const told = use.filter(({ runId, attempts, unpriced }) => runId === run && unpriced < attempts);
    return told.length === 0 ? null : told.reduce((sum, { usd }) => sum + usd, 0);
  };
  const runs = history.map((run) => ({
    runId: run.id,
    shortId: shortId(run.id),
    status: run.status,
    word: run.word,
    requestedBy: run.requestedBy,
    endedAt: run.endedAt.toISOString(),
    durationMs: Math.max(0, Math.round(run.endedAt.getTime() - (run.startedAt ?? run.endedAt).getTime())),
    costUsd: costOf(run.id),
  }));
  const took = runs.filter(({ status }) => status === 'succeeded').map(({ durationMs }) => durationMs);
  return {
    history: runs,
    usuallyMs: took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)] ?? null,
    diff: last ? shownDiff(last, plan, intent) : null,
  };
}

function shownDiff(last: NonNullable<Awaited<ReturnType<typeof lastSuccess>>>, plan: Plan, intent: IntentRow) {
  const { plan: members, steps, same } = diffPlans(last.plan, plan);
  return {
    runId: last.id,
    shortId: shortId(last.id),
    endedAt: last.endedAt.toISOString(),
    plan: [...members],
    inputs: differencesOf(last.inputs, intent.inputs),
    steps: steps.map((step) => ({ ...step, differences: [...step.differences] })),
    same,
  };
}

async function shownPolicies(room: Room, intent: IntentRow) {
  const { policies, forms } = await room.policies.describe();
  const deciding = new Set(intent.decision.policies);
  return {
    policies: policies.filter(({ id }) => deciding.has(id)).map(({ id, reason, text }) => ({ id, reason, text })),
    forms: rulesOf(intent).flatMap(({ policy, form }) => {
      const schema = form === null ? undefined : forms.get(form);
      return schema === undefined ? [] : [{ policy, schema }];
    }),
  };
}

async function holdsNow(room: Room, intent: IntentRow): Promise<IntentDetail['holds']> {
  if (isOver(intent.status) || intent.status === 'running') return { now: true, why: null, mend: null };
  const standing = await standingOf(room, intent, intent.form);
  try {
    const why = await changeOf(room, intent, standing);
    return { now: why === undefined, why: why ?? null, mend: null };
  } catch (error) {
    if (!(error instanceof OpsroomError) || error.code !== 'POLICY_INVALID') throw error;
    return { now: false, why: error.message, mend: error.mend };
  }
}
